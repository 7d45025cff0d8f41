package io.dualpost.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The ports of the demo: the well-known ones, moved up.
 *
 * @param base added to 995, 110, 465, 587 and, for the admin server, 143
 */
record DemoPorts(int base) {
    private static final int LOWEST = 1024;
    private static final int HIGHEST = 65535 - 995;

    int pop3s() {
        return base + 995;
    }

    int pop3() {
        return base + 110;
    }

    int submissions() {
        return base + 465;
    }

    int submission() {
        return base + 587;
    }

    int admin() {
        return base + 143;
    }

    /**
     * Makes sure that the proxy will be able to listen on all of them.
     *
     * @throws IOException naming every port that is taken, and the way out
     */
    void check(boolean ipv6) throws IOException {
        if (base < LOWEST || base > HIGHEST) {
            throw new IOException("demo: --port-base: " + base + " (expected: " + LOWEST + " to " + HIGHEST + ")");
        }
        List<String> taken = new ArrayList<>();
        for (int port : List.of(pop3s(), pop3(), submissions(), submission(), admin())) {
            if (!isFree(ipv4(), port) || (ipv6 && port != admin() && !isFree(ipv6(), port))) {
                taken.add(String.valueOf(port));
            }
        }
        if (!taken.isEmpty()) {
            throw new IOException(taken.stream().collect(Collectors.joining(", ", "demo: port ", ""))
                    + " on 127.0.0.1 or ::1: taken by another program (expected: free; try another place with"
                    + " --port-base, for example " + (base < 40000 ? base + 10000 : base - 10000) + ")");
        }
    }

    /** Whether this machine has ::1. */
    static boolean isIpv6Here() throws IOException {
        return isFree(ipv6(), 0);
    }

    private static boolean isFree(InetAddress address, int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, address)) {
            return socket.isBound();
        } catch (SocketException _) {
            return false;
        }
    }

    static InetAddress ipv4() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    static InetAddress ipv6() throws IOException {
        return InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    }
}
