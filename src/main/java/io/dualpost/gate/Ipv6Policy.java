package io.dualpost.gate;

import io.dualpost.address.Prefix;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is done about IPv6 that does not work.
 *
 * @param mss      largest segment that IPv6 listeners announce and send, in octets; 0: what the interface has
 * @param guard    whether connections that stand still are ended early
 * @param mode     what becomes of networks that cannot succeed
 * @param refused  networks that cannot, by the operator's knowledge; IPv6 only
 * @param selfTest how the proxy finds out that its own IPv6 is gone
 * @param kernel   the socket of the process that lets the kernel refuse them
 * @param state    where orders are kept that hold over a restart
 */
public record Ipv6Policy(int mss, boolean guard, GateMode mode, List<Prefix> refused, SelfTest selfTest,
        Optional<Path> kernel, Optional<Path> state) {
    /** How the proxy finds out that its own IPv6 is gone. */
    public enum SelfTest {
        /** Not at all. */
        OFF,
        /** The addresses of the configuration are on this host, and there is a route from them. */
        LOCAL,
        /** Also, the name of the dual-stack host leads back here over IPv6. */
        NAME;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As the configuration spells it. */
        public String label() {
            return label;
        }
    }

    /** Copies the list. */
    public Ipv6Policy {
        refused = List.copyOf(refused);
    }
}
