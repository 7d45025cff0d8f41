package io.dualpost.config;

import io.dualpost.address.Family;
import io.dualpost.gate.GateMode;

/** Whether the gate can do what is wanted of it. */
final class GateChecks {
    private static final int LEAST_MSS = 536;

    private GateChecks() {}

    static void check(Parts parts, Problems problems) {
        Section ipv6 = parts.main().section(Keys.GATE).section(Keys.GATE_IPV6);
        ipv6.at(Keys.MSS).filter(mss -> mss.value() > 0 && mss.value() < LEAST_MSS)
                .ifPresent(mss -> problems.add(mss.place(), mss.value().toString(), "0, or " + LEAST_MSS + " to 1440"));
        ipv6.list(Keys.REFUSE).stream().filter(prefix -> prefix.value().family() == Family.IPV4)
                .forEach(prefix -> problems.add(prefix.place(), prefix.value().toString(), "an IPv6 network",
                        "IPv4 is never refused here: it is what clients fall back to"));
        if (!ipv6.list(Keys.REFUSE).isEmpty() && ipv6.optional(Keys.MODE).orElse(GateMode.OFF) != GateMode.ENFORCE) {
            problems.warn(ipv6.place(Keys.REFUSE), "networks to refuse", "mode: enforce",
                    "in any other mode they are only counted");
        }
        Section admin = parts.main().section(Keys.ADMIN);
        if (admin.has(Keys.ADMIN_GROUP) && !admin.has(Keys.ADMIN_SOCKET)) {
            problems.add(admin.place(Keys.ADMIN_GROUP), "a group, and no socket", "socket: the path of a unix socket");
        }
    }
}
