package io.dualpost.session;

import io.dualpost.address.Family;
import io.dualpost.mail.BackTerms;
import io.dualpost.mail.Event;
import io.dualpost.mail.Offer;
import io.dualpost.route.Backend;
import io.dualpost.telemetry.ConnectResult;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each backend from time to time what it offers, by the same dialogue that logs in, without credentials. So what is
 * green here can also log in as far as the proxy is concerned.
 */
public final class Prober {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
    /** A backend that is out of order is missed by every session; it is asked again soon. */
    private static final Duration AGAIN = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final String name;
    private final AtomicInteger unprobed = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param loop carries the probes
     * @param name what the proxy calls itself
     */
    public Prober(EventLoop loop, String name) {
        this.loop = loop;
        this.name = name;
    }

    /** Probes every backend of the pools now, over each family that it may have, and again every 30 s, every 5 s while it fails. */
    public void start(List<Backends> pools) {
        for (Backends pool : pools) {
            for (Backend backend : pool.pool().servers()) {
                for (Family family : families(backend)) {
                    unprobed.incrementAndGet();
                    loop.execute(() -> new Probe(pool, backend, family, true).open());
                }
            }
        }
    }

    // Each way on its own: whoever goes by the first address that answers never learns that the other way is broken.
    private static List<Family> families(Backend backend) {
        return backend.endpoint().literal().map(address -> List.of(Family.of(address)))
                .orElse(List.of(Family.values()));
    }

    /** Whether every backend has been probed once, whatever came of it. */
    public boolean isDoneOnce() {
        return unprobed.get() == 0;
    }

    /** No further probes. */
    public void close() {
        closed = true;
    }

    private final class Probe implements BackendConnection.Owner {
        private final Backends pool;
        private final Backend backend;
        private final Family family;
        private final boolean first;
        private final BackendConnection connection;
        private boolean done;
        private Duration pause = EVERY;

        Probe(Backends pool, Backend backend, Family family, boolean first) {
            this.pool = pool;
            this.backend = backend;
            this.family = family;
            this.first = first;
            this.connection = new BackendConnection(pool, backend, name, this, Optional.empty(), loop);
        }

        void open() {
            if (closed) {
                return;
            }
            connection.open(
                    new BackTerms(pool.pool().tls(), pool.pool().identity(), Optional.empty(), Optional.empty(),
                            Offer.NONE),
                    Optional.of(family), PATIENCE);
            loop.schedule(() -> failed("no answer within " + PATIENCE.toSeconds() + " s"), PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void told(Event event) {
            switch (event) {
                case Event.Probed(Offer offer) -> {
                    pool.health().learned(backend, offer);
                    pool.served(backend, family);
                    pool.meters(backend).probed(family, true);
                    if (first) {
                        LOG.info("backend {} of pool {} serves over {}", backend.name(), backend.pool(), family);
                    }
                    finish();
                }
                case Event.Troubled troubled -> failed(troubled.detail());
                default -> failed("answered a probe with " + event.getClass().getSimpleName());
            }
        }

        private void failed(String detail) {
            if (!done && !closed && !isWithoutAddress()) {
                pause = AGAIN;
                pool.failed(backend, Optional.of(family), loop.ticker().nanoTime(), detail);
                pool.meters(backend).probed(family, false);
            }
            finish();
        }

        /** Whether the backend is to be reached by the other family only. */
        private boolean isWithoutAddress() {
            return pool.health().addresses(backend, family) == 0
                    && Stream.of(Family.values()).anyMatch(other -> pool.health().addresses(backend, other) > 0);
        }

        private void finish() {
            if (done) {
                return;
            }
            done = true;
            connection.close(ConnectResult.CANCELLED);
            if (first) {
                unprobed.decrementAndGet();
            }
            long jitter = ThreadLocalRandom.current().nextLong(pause.toMillis() / 10);
            loop.schedule(() -> new Probe(pool, backend, family, false).open(), pause.toMillis() + jitter,
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void reached(Backend which, InetSocketAddress address) {
            // To be reached is not yet to serve.
        }

        @Override
        public void greeted() {
            // To greet is not yet to serve.
        }

        @Override
        public void backendWritable() {
            // A probe has no content.
        }

        @Override
        public void touched() {
            // A probe has one patience for all.
        }

        @Override
        public void fault(Throwable cause) {
            LOG.error("probe of backend {} of pool {}", backend.name(), backend.pool(), cause);
            failed("fault of the proxy");
        }

        @Override
        public Channel client() {
            return connection.channel().orElseThrow();
        }
    }
}
