package io.dualpost.real;

import io.dualpost.address.Family;
import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Users who read and send mail by all ways, a few each second; keeps count of what it did. */
final class Traffic {
    private static final int AT_ONCE = 4;
    private static final long PERIOD_MILLIS = 600;

    private final World world;
    private final Dualpost dualpost;
    private final ScheduledExecutorService users = Executors.newScheduledThreadPool(AT_ONCE,
            Thread.ofVirtual().factory());
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<IOException> failures = new ConcurrentLinkedQueue<>();

    private Traffic(World world, Dualpost dualpost) {
        this.world = world;
        this.dualpost = dualpost;
    }

    /** By which host and address users come: two in five by IPv6, one in five by the rescue host. */
    private enum Way {
        DUAL_IPV4, DUAL_IPV6, RESCUE, AGAIN_IPV6, AGAIN_IPV4;

        private InetAddress address() {
            return this == DUAL_IPV6 || this == AGAIN_IPV6 ? World.IPV6 : World.IPV4;
        }

        private String role() {
            return this == RESCUE ? "rescue" : "dual";
        }
    }

    /** Lets them come. */
    static Traffic start(World world, Dualpost dualpost) {
        Traffic traffic = new Traffic(world, dualpost);
        for (int i = 0; i < AT_ONCE; i++) {
            traffic.users.scheduleAtFixedRate(traffic::come, i * PERIOD_MILLIS / AT_ONCE, PERIOD_MILLIS,
                    TimeUnit.MILLISECONDS);
        }
        return traffic;
    }

    /** Waits until so many have come, then until all have gone; says how many of each kind there were. */
    Map<String, Integer> finish(int sessions) throws IOException {
        Waiting.until(sessions + " users have come", 300, () -> number.get() >= sessions || !failures.isEmpty());
        users.shutdown();
        try {
            if (!users.awaitTermination(60, TimeUnit.SECONDS)) {
                throw new IOException("users: still there after 60 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("users: interrupted", e);
        }
        if (!failures.isEmpty()) {
            throw new IOException("users: " + failures.size() + " failed", failures.peek());
        }
        return new TreeMap<>(done);
    }

    private void come() {
        int turn = number.getAndIncrement();
        Way way = Way.values()[turn % Way.values().length];
        TlsMode tls = Matrix.MODES.get(turn / 2 % 2);
        boolean pop3 = turn % 2 == 0;
        try {
            if (pop3) {
                read(way, tls);
            } else {
                send(way, tls);
            }
        } catch (IOException e) {
            failures.add(e);
            // Ends this row of users.
            throw new UncheckedIOException(e);
        }
        Family family = Family.of(way.address());
        for (String kind : List.of(family.label(), family.label() + " " + way.role(),
                family.label() + " " + tls.label(), family.label() + (pop3 ? " pop3" : " submission"))) {
            done.merge(kind, 1, Integer::sum);
        }
    }

    private void read(Way way, TlsMode tls) throws IOException {
        String host = way == Way.RESCUE ? World.POP_RESCUE : World.POP;
        try (Talk talk = Talk.open(world, dualpost.setup().target("pop", tls, host, way.address()))) {
            talk.loginByPassword(Account.READER);
            talk.ask("RETR 1", "+OK");
            talk.multiline();
            talk.ask("QUIT", "+OK");
        }
    }

    private void send(Way way, TlsMode tls) throws IOException {
        String host = way == Way.RESCUE ? World.SMTP_RESCUE : World.SMTP;
        try (Talk talk = Talk.open(world, dualpost.setup().target("submission", tls, host, way.address()))) {
            talk.submit(Account.ANNA);
            talk.ask("MAIL FROM:<anna@example.test>", "250");
            talk.ask("RCPT TO:<" + Account.INBOX.address("boards") + ">", "250");
            talk.ask("DATA", "354");
            talk.ask("Subject: boards\r\n\r\n" + "A line of text.\r\n".repeat(100) + ".", "250");
            talk.ask("QUIT", "221");
        }
    }
}
