package io.dualpost;

import io.dualpost.address.Addresses;
import io.dualpost.address.Family;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether IPv6 leads to this host and from it, as far as the host itself can tell: whether the addresses of a service are
 * here, whether the default route is still there, and whether the service's name leads back.
 */
final class SelfTest {
    private static final int PATIENCE_MILLIS = 3_000;
    private static final int EVERY = 5;
    private static final int NAME_EVERY = 60;
    /** One failure may be the network's, two in a row are ours. */
    private static final int NAME_FAILURES = 2;
    private static final Path ROUTES = Path.of("/proc/net/ipv6_route");
    private static final String DEFAULT = "0".repeat(32) + " 00 ";

    private final List<InetAddress> addresses;
    private final String host;
    private final int port;
    private Optional<String> local = Optional.empty();
    private boolean hadDefaultRoute;
    private int looks;
    private volatile boolean following;
    private volatile int failures;
    private volatile String astray = "";

    /**
     * @param addresses that must be on this host; wildcards stand for any
     * @param host      name of the dual-stack host
     * @param port      where it is asked whether the name leads back
     */
    SelfTest(List<InetAddress> addresses, String host, int port) {
        this.addresses = List.copyOf(addresses);
        this.host = host;
        this.port = port;
    }

    /** What is wrong, as far as was looked; empty: nothing. */
    Optional<String> failure() {
        return local.or(() -> failures >= NAME_FAILURES ? Optional.of(astray) : Optional.empty());
    }

    /**
     * Is called once a second, and looks now and then.
     *
     * @param byName whether the name is followed, too, on a thread of its own
     */
    void look(boolean byName) {
        if (looks % EVERY == 0) {
            local = here();
        }
        if (byName && looks % NAME_EVERY == 0 && !following) {
            following = true;
            Thread.ofVirtual().start(this::follow);
        }
        looks++;
    }

    private Optional<String> here() {
        try {
            for (InetAddress address : addresses) {
                if (!isHere(address)) {
                    return Optional.of(address.isAnyLocalAddress()
                            ? "no IPv6 address is on this host"
                            : "address " + Addresses.text(address) + " is not on this host");
                }
            }
            return route();
        } catch (IOException e) {
            return Optional.of("addresses and routes of this host cannot be read: " + e.getMessage());
        }
    }

    // A host without a default route may serve its neighbours; one that has lost it does not serve the others any more.
    private Optional<String> route() throws IOException {
        if (!Files.isReadable(ROUTES)) {
            return Optional.empty();
        }
        try (Stream<String> routes = Files.lines(ROUTES)) {
            boolean here = routes.anyMatch(route -> route.startsWith(DEFAULT) && !route.endsWith(" lo"));
            hadDefaultRoute |= here;
            return hadDefaultRoute && !here ? Optional.of("the default route is gone") : Optional.empty();
        }
    }

    private static boolean isHere(InetAddress address) throws SocketException {
        if (address.isAnyLocalAddress()) {
            return NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .anyMatch(Inet6Address.class::isInstance);
        }
        NetworkInterface on = NetworkInterface.getByInetAddress(address);
        return on != null && on.isUp();
    }

    private void follow() {
        try {
            Optional<String> wrong = Optional.empty();
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (wrong.isEmpty() && Family.of(address) == Family.IPV6) {
                    wrong = reach(address);
                }
            }
            astray = host + " does not lead back here: " + wrong.orElse("");
            failures = wrong.isPresent() ? failures + 1 : 0;
        } catch (UnknownHostException unknown) {
            // A name that this host's resolver does not know says nothing about IPv6.
            failures = 0;
        } finally {
            following = false;
        }
    }

    private Optional<String> reach(InetAddress address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
            return Optional.empty();
        } catch (ConnectException e) {
            // Whoever refuses is there: so it is while IPv6 is withdrawn.
            return String.valueOf(e.getMessage()).contains("refused")
                    ? Optional.empty()
                    : Optional.of(Addresses.text(address, port) + ": " + e.getMessage());
        } catch (IOException e) {
            return Optional.of(Addresses.text(address, port) + ": " + e.getMessage());
        }
    }
}
