package io.dualpost.admin;

import io.dualpost.address.Prefix;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.RefusedNetworks;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What an operator may ask and order over the unix socket; called on that socket's own thread. What is asked for has been
 * checked by then: services exist, prefixes are IPv6, times are within bounds.
 *
 * @param status how the proxy is
 * @param ipv6   whether services listen over IPv6
 * @param gate   the networks that are refused
 * @param rescue who belongs on the rescue host, and who could come back
 */
public record Operations(Supplier<Status> status, Ipv6 ipv6, Gate gate, Supplier<Fallbacks.Report> rescue) {
    /**
     * IPv6 of the services.
     *
     * @param list    all services, in the order of the configuration
     * @param disable withdraws it
     * @param enable  takes that back, for one service or (empty) for all
     */
    public record Ipv6(Supplier<FamilyReport> list, Order<Disable> disable, Order<Optional<String>> enable) {}

    /**
     * The operator wants IPv6 withdrawn.
     *
     * @param service one; empty: all
     * @param time    for so long; empty: until it is enabled
     * @param persist also after a restart of the proxy
     */
    public record Disable(Optional<String> service, Optional<Duration> time, boolean persist) {}

    /**
     * The networks that are refused.
     *
     * @param list    all of them
     * @param add     refuses a network for a while; false: there is no room for one more
     * @param remove  no longer refuses a network that was added or learned; false: it was neither
     * @param explain what is known of an IPv6 address
     */
    public record Gate(Supplier<GateReport> list, BiPredicate<Prefix, Duration> add, Predicate<Prefix> remove,
            Function<InetAddress, Known> explain) {}

    /**
     * What is known of one IPv6 address.
     *
     * @param kernel whether the kernel refuses it now
     */
    public record Known(RefusedNetworks.Explanation explanation, GateMode mode, boolean kernel) {}

    /** Something that is ordered and may fail. */
    @FunctionalInterface
    public interface Order<T> {
        /**
         * Does it, before it returns.
         *
         * @throws IOException if that does not work; the operator reads the message
         */
        void carryOut(T what) throws IOException;
    }
}
