package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.connect.Dialer;
import io.dualpost.route.Backend;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.telemetry.ConnectResult;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * Follows a try to reach a backend from SYN to greeting, address by address: what each came to is counted once, and known
 * to the pool's health.
 */
final class BackendTry implements Dialer.Watch {
    private final Backends backends;
    private final Backend backend;
    private final Optional<BackendMeters> meters;
    private final EventLoop loop;
    private Optional<Syn> syn = Optional.empty();
    private Optional<Family> family = Optional.empty();
    private boolean over;

    /** A SYN that is not yet a greeting. */
    private record Syn(Family family, long began) {}

    /**
     * @param meters take what comes of it, unless it is a probe
     */
    BackendTry(Backends backends, Backend backend, Optional<BackendMeters> meters, EventLoop loop) {
        this.backends = backends;
        this.backend = backend;
        this.meters = meters;
        this.loop = loop;
    }

    /** The family of the address that was last tried, if it came to that. */
    Optional<Family> family() {
        return family;
    }

    /** A TCP connection is there; it counts as open until it is closed. */
    void connected(Channel channel) {
        Family way = Family.of(((InetSocketAddress) channel.remoteAddress()).getAddress());
        meters.ifPresent(kept -> {
            kept.active(way, true);
            channel.closeFuture().addListener(_ -> kept.active(way, false));
        });
    }

    /** The try came to this; only the first result of a SYN counts. */
    void settle(ConnectResult result) {
        syn.ifPresent(now -> meters.ifPresent(
                kept -> kept.tried(now.family, result, loop.ticker().nanoTime() - now.began)));
        syn = Optional.empty();
    }

    /** Nobody waits for it any more. */
    void over(ConnectResult meanwhile) {
        over = true;
        settle(meanwhile);
    }

    @Override
    public void found(List<InetAddress> addresses) {
        backends.health().found(backend, addresses);
        if (backend.endpoint().literal().isEmpty()) {
            meters.ifPresent(kept -> kept.lookedUp(true));
        }
    }

    @Override
    public void notFound() {
        meters.ifPresent(kept -> kept.lookedUp(false));
    }

    @Override
    public void dialing(InetAddress address) {
        if (!over) {
            family = Optional.of(Family.of(address));
            syn = Optional.of(new Syn(Family.of(address), loop.ticker().nanoTime()));
        }
    }

    @Override
    public void failed(InetAddress address, Throwable cause) {
        settle(Breakage.result(cause));
        if (!over) {
            backends.failed(backend, Optional.of(Family.of(address)), loop.ticker().nanoTime(),
                    String.valueOf(cause.getMessage()));
        }
    }
}
