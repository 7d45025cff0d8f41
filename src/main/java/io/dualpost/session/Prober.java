package io.dualpost.session;

import io.dualpost.mail.BackTerms;
import io.dualpost.mail.Event;
import io.dualpost.mail.Offer;
import io.dualpost.route.Backend;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks each backend from time to time what it offers, by the same dialogue that logs in, without credentials. So what is
 * green here can also log in as far as the proxy is concerned.
 */
public final class Prober {
    private static final Logger LOG = LoggerFactory.getLogger(Prober.class);
    private static final Duration EVERY = Duration.ofSeconds(30);
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

    /** Probes every backend of the pools now, and again every 30 s. */
    public void start(List<Backends> pools) {
        for (Backends pool : pools) {
            for (Backend backend : pool.pool().servers()) {
                unprobed.incrementAndGet();
                loop.execute(() -> new Probe(pool, backend, true).open());
            }
        }
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
        private final boolean first;
        private final BackendConnection connection;
        private boolean done;

        Probe(Backends pool, Backend backend, boolean first) {
            this.pool = pool;
            this.backend = backend;
            this.first = first;
            this.connection = new BackendConnection(pool, backend, name, this);
        }

        void open() {
            if (closed) {
                return;
            }
            connection.open(loop,
                    new BackTerms(pool.pool().tls(), pool.pool().identity(), Optional.empty(), Optional.empty()),
                    PATIENCE);
            loop.schedule(() -> failed("no answer within " + PATIENCE.toSeconds() + " s"), PATIENCE.toMillis(),
                    TimeUnit.MILLISECONDS);
        }

        @Override
        public void told(Event event) {
            switch (event) {
                case Event.Probed(Offer offer) -> {
                    pool.health().learned(backend, offer);
                    if (pool.health().served(backend) || first) {
                        LOG.info("backend {} of pool {} serves", backend.name(), backend.pool());
                    }
                    finish();
                }
                case Event.Troubled troubled -> failed(troubled.detail());
                default -> failed("answered a probe with " + event.getClass().getSimpleName());
            }
        }

        private void failed(String detail) {
            if (!done && !closed && pool.health().failed(backend, loop.ticker().nanoTime())) {
                LOG.warn("backend {} of pool {} is out of order: {}", backend.name(), backend.pool(), detail);
            }
            finish();
        }

        private void finish() {
            if (done) {
                return;
            }
            done = true;
            connection.close();
            if (first) {
                unprobed.decrementAndGet();
            }
            long jitter = ThreadLocalRandom.current().nextLong(EVERY.toMillis() / 10);
            loop.schedule(() -> new Probe(pool, backend, false).open(), EVERY.toMillis() + jitter,
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
