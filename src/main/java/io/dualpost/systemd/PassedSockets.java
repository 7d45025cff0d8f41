package io.dualpost.systemd;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import io.dualpost.address.Addresses;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Listening sockets that are open already when the process starts, as sd_listen_fds(3) has it; each is taken once. */
public final class PassedSockets {
    private static final int FIRST = 3;
    private static final int MOST = 10_000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SOCK_STREAM = 1;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = 26;

    private final List<PassedSocket> sockets;
    private final boolean any;

    private PassedSockets(List<PassedSocket> sockets) {
        this.sockets = new ArrayList<>(sockets);
        this.any = !sockets.isEmpty();
    }

    /**
     * One of them.
     *
     * @param descriptor its number
     * @param name       of its unit; for messages only
     * @param local      where it listens
     */
    public record PassedSocket(int descriptor, String name, InetSocketAddress local) {
        @Override
        public String toString() {
            return "passed socket " + descriptor + " (" + name + ")";
        }
    }

    /** None at all. */
    public static PassedSockets none() {
        return new PassedSockets(List.of());
    }

    /**
     * Those that the environment speaks of, if it speaks to this process.
     *
     * @throws IOException if one of them cannot serve as a listener; nothing is repaired here, the socket unit is wrong
     */
    public static PassedSockets of(Map<String, String> environment, long pid) throws IOException {
        String count = environment.getOrDefault("LISTEN_FDS", "");
        if (count.isEmpty() || !environment.getOrDefault("LISTEN_PID", "").equals(Long.toString(pid))) {
            return none();
        }
        if (!count.matches("[0-9]{1,5}") || Integer.parseInt(count) > MOST) {
            throw new IOException("LISTEN_FDS: " + count + " (expected: a number from 0 to " + MOST + ")");
        }
        int sockets = Integer.parseInt(count);
        if (sockets > 0 && !Epoll.isAvailable()) {
            throw new IOException(
                    "LISTEN_FDS: passed sockets cannot be used without epoll: " + Epoll.unavailabilityCause());
        }
        String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
        List<PassedSocket> passed = new ArrayList<>();
        for (int i = 0; i < sockets; i++) {
            passed.add(passed(FIRST + i, i < names.length && !names[i].isEmpty() ? names[i] : "unnamed"));
        }
        return new PassedSockets(passed);
    }

    private static PassedSocket passed(int descriptor, String name) throws IOException {
        String which = "passed socket " + descriptor + " (" + name + "): ";
        boolean tcp;
        boolean mixed;
        InetSocketAddress local;
        try {
            Socket socket = new Socket(descriptor);
            int domain = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
            tcp = (domain == AF_INET || domain == AF_INET6) && socket.getIntOpt(SOL_SOCKET, SO_TYPE) == SOCK_STREAM
                    && socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) == 1;
            mixed = domain == AF_INET6 && socket.getIntOpt(IPPROTO_IPV6, IPV6_V6ONLY) == 0;
            local = socket.localAddress();
        } catch (IOException | ChannelException e) {
            throw new IOException(which + e.getMessage() + " (expected: a TCP socket that listens)", e);
        }
        if (!tcp) {
            throw new IOException(which + "not a TCP socket that listens (expected: ListenStream= with an address and"
                    + " Accept=no)");
        }
        if (mixed) {
            throw new IOException(which + Addresses.text(local.getAddress(), local.getPort())
                    + " would take IPv4 as well (expected: BindIPv6Only=ipv6-only)");
        }
        return new PassedSocket(descriptor, name, local);
    }

    /** Whether there were any to begin with. */
    public boolean any() {
        return any;
    }

    /** The one that listens there, which then is no longer here. */
    public Optional<PassedSocket> take(InetSocketAddress local) {
        Optional<PassedSocket> found = sockets.stream().filter(socket -> socket.local().equals(local)).findFirst();
        found.ifPresent(sockets::remove);
        return found;
    }

    /** Those that nobody took. */
    public List<PassedSocket> left() {
        return List.copyOf(sockets);
    }
}
