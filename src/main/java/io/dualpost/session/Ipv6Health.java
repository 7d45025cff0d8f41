package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.address.Peer;
import io.dualpost.address.Prefix;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.Ipv6Policy;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.mail.Refusal;
import io.dualpost.telemetry.GateMeters;
import io.dualpost.telemetry.SessionRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions tell of IPv6, and what follows: networks whose IPv6 does not work are learned, refused and forgotten, and
 * accounts are seen falling back to IPv4. Any event loop may call it.
 */
public final class Ipv6Health {
    private static final Logger LOG = LoggerFactory.getLogger(Ipv6Health.class);

    private final Ipv6Policy policy;
    private final RefusedNetworks networks;
    private final Fallbacks fallbacks = new Fallbacks();
    private final GateMeters meters;
    private final Consumer<RefusedNetworks.Entry> refused;
    private final Consumer<Prefix> released;

    /**
     * @param refused  takes a network that is to be refused from now on
     * @param released takes one that is not any more
     */
    public Ipv6Health(Ipv6Policy policy, RefusedNetworks networks, GateMeters meters,
            Consumer<RefusedNetworks.Entry> refused, Consumer<Prefix> released) {
        this.policy = policy;
        this.networks = networks;
        this.meters = meters;
        this.refused = refused;
        this.released = released;
    }

    /** What is configured. */
    Ipv6Policy policy() {
        return policy;
    }

    /** Which accounts fell back, and which should move. */
    public Fallbacks fallbacks() {
        return fallbacks;
    }

    /** Whether a client is not let in because of where it comes from; a client behind somebody's PROXY header always is. */
    Optional<Refusal> enter(Peer peer) {
        if (policy.mode() == GateMode.OFF || !isJudged(peer)) {
            return Optional.empty();
        }
        Optional<RefusedNetworks.Attempt> attempt = networks.attempt(peer.address(), now());
        if (attempt.isEmpty()) {
            return Optional.empty();
        }
        boolean refuse = policy.mode() == GateMode.ENFORCE;
        RefusedNetworks.Entry entry = attempt.get().entry();
        if (attempt.get().canary()) {
            LOG.info("IPv6 of {} is tried again with one connection; others are {} until it is known whether it works",
                    entry.prefix(), refuse ? "refused" : "counted");
            if (refuse) {
                refused.accept(entry);
            }
            return Optional.empty();
        }
        meters.attempted(refuse);
        return refuse ? Optional.of(Refusal.NETWORK_REFUSED) : Optional.empty();
    }

    /** A connection over IPv6 stood still for a reason that lies in its path. */
    void broken(SessionRecord session, PathVerdict verdict, Optional<String> rescue) {
        if (policy.mode() == GateMode.OFF) {
            return;
        }
        networks.failed(session.peer().address(), verdict, now()).ifPresent(entry -> {
            meters.learned(verdict);
            boolean refuse = policy.mode() == GateMode.ENFORCE;
            LOG.warn("IPv6 of {} does not work ({}, {} connections): {} for {} min; who never falls back to IPv4 {}",
                    entry.prefix(), verdict.label(), entry.events(), refuse ? "refused" : "it would be refused",
                    entry.left().orElse(Duration.ZERO).toMinutes(),
                    rescue.map(name -> "needs the rescue host " + name)
                            .orElse("needs a rescue host, and there is none"));
            if (refuse) {
                refused.accept(entry);
            }
        });
    }

    /** An account's session over IPv6, or one that had not yet given a name, came to nothing because of its path. */
    void failed(SessionRecord session) {
        if (session.user().isEmpty()) {
            fallbacks.failedUnnamed(session.peer().address(), now());
        } else {
            fallbacks.failed(session.user(), session.peer().address(), now());
        }
    }

    /** Octets go both ways: the path of this client works. */
    void works(Peer peer) {
        if (isJudged(peer) && policy.mode() != GateMode.OFF) {
            networks.succeeded(peer.address(), now()).ifPresent(network -> {
                meters.forgotten();
                LOG.info("IPv6 of {} works again", network);
                released.accept(network);
            });
        }
    }

    /** An account logged in, over whichever family. */
    void loggedIn(SessionRecord session) {
        fallbacks.loggedIn(session.user(), session.peer().family(), session.role(), session.peer().address(), now())
                .ifPresent(fallback -> meters.fellBack(session.listener(), fallback));
        works(session.peer());
    }

    // What TCP knows of somebody who speaks for the client says nothing of the client's path.
    private static boolean isJudged(Peer peer) {
        return peer.family() == Family.IPV6 && peer.isDirect();
    }

    private static long now() {
        return System.nanoTime();
    }
}
