package io.dualpost.demo;

import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The mail of two users, {@code ann} (password {@code secret}) and {@code bob} ({@code geheim}), in memory. Shared by
 * the mailbox and the submission server, from any thread. Octets are kept as text in ISO-8859-1, one character each.
 */
public final class DemoMail {
    /** The largest message, in octets. */
    static final int MESSAGE_LIMIT = 25 << 20;
    private static final int BOX_LIMIT = 4 * MESSAGE_LIMIT;
    private static final Map<String, String> PASSWORDS = Map.of("ann", "secret", "bob", "geheim");

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, List<Message>> boxes = Map.of("ann", new ArrayList<>(), "bob", new ArrayList<>());
    private final Set<String> seen = new HashSet<>();
    private final String opened = now();
    private final boolean welcoming;
    private int delivered;

    private DemoMail(boolean welcoming) {
        this.welcoming = welcoming;
        if (welcoming) {
            Welcome.messages(opened).forEach(octets -> deliver(List.of("ann"), octets));
        }
    }

    /** Two empty boxes. */
    public static DemoMail empty() {
        return new DemoMail(false);
    }

    /** Five messages in the box of {@code ann}; the last tells how its reader came, and so is made at each login. */
    public static DemoMail welcoming() {
        return new DemoMail(true);
    }

    /** What lies in a user's box now, the last delivered last. */
    List<Message> box(String user, Origin origin) {
        lock.lock();
        try {
            List<Message> box = new ArrayList<>(of(user));
            Message arrival = Welcome.arrival(opened, origin);
            if (welcoming && user.equals("ann") && !seen.contains(arrival.uid())) {
                box.add(Math.min(4, box.size()), arrival);
            }
            return List.copyOf(box);
        } finally {
            lock.unlock();
        }
    }

    /** Takes messages out of a box; those that are not there any more are no trouble. */
    void delete(String user, Collection<String> uids) {
        lock.lock();
        try {
            uids.stream().filter(uid -> uid.startsWith(Welcome.ARRIVAL)).forEach(seen::add);
            of(user).removeIf(message -> uids.contains(message.uid()));
        } finally {
            lock.unlock();
        }
    }

    /** Puts a message into the boxes of known users, or into none if one of the boxes would grow over its limit. */
    boolean deliver(Collection<String> users, String octets) {
        String whole = octets.endsWith("\r\n") ? octets : octets + "\r\n";
        lock.lock();
        try {
            for (String user : users) {
                long size = of(user).stream().mapToLong(m -> m.octets().length()).sum();
                if (size + whole.length() > BOX_LIMIT) {
                    return false;
                }
            }
            delivered++;
            users.forEach(user -> of(user).add(new Message("demo-" + delivered, whole)));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private List<Message> of(String user) {
        return Objects.requireNonNull(boxes.get(user), "no box for an unknown user");
    }

    static boolean knows(String user) {
        return PASSWORDS.containsKey(user);
    }

    static boolean admits(String user, String password) {
        return password.equals(PASSWORDS.get(user));
    }

    /** The time in the form of RFC 5322 section 3.3. */
    static String now() {
        return DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
                .format(ZonedDateTime.now(ZoneId.systemDefault()));
    }

    /**
     * One message.
     *
     * @param uid    unique in its box for ever (RFC 1939 section 7, UIDL)
     * @param octets with CRLF, the last line too
     */
    record Message(String uid, String octets) {
        /** Names the message; its text stays out. */
        @Override
        public String toString() {
            return "message " + uid;
        }
    }
}
