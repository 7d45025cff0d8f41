package io.dualpost;

import io.dualpost.address.Host;
import io.dualpost.config.Configuration;
import io.dualpost.connect.Dialer;
import io.dualpost.gate.Gate;
import io.dualpost.mail.TlsMode;
import io.dualpost.route.Backend;
import io.dualpost.route.Health;
import io.dualpost.route.Pool;
import io.dualpost.session.Backends;
import io.dualpost.session.Ipv6Health;
import io.dualpost.session.Listener;
import io.dualpost.session.Service;
import io.dualpost.session.Terms;
import io.dualpost.telemetry.BackendMeters;
import io.dualpost.telemetry.Telemetry;
import io.dualpost.tls.BackendTls;
import io.dualpost.tls.ServerTls;
import io.dualpost.tls.TicketKeys;
import io.dualpost.tls.TlsEngine;
import io.dualpost.tls.TlsProblem;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** From a configuration to what sessions are served by: backends with their meters, and the terms of each listener. */
record Wiring(Configuration configuration, EventLoopGroup loops, TlsEngine engine, Dialer dialer, Health health,
        Gate gate, Ipv6Health ipv6, Telemetry telemetry) {
    private static final Duration TICKET_KEY_AGE = Duration.ofHours(1);

    /** The pools in use, each with all that its backends need, by name. */
    Map<String, Backends> backends() throws TlsProblem {
        Map<String, Backends> backends = new LinkedHashMap<>();
        for (Service service : configuration.services()) {
            Pool pool = service.pool();
            if (!backends.containsKey(pool.name())) {
                backends.put(pool.name(), backends(pool));
            }
        }
        return backends;
    }

    private Backends backends(Pool pool) throws TlsProblem {
        Optional<BackendTls> tls = pool.tls() == TlsMode.NONE
                ? Optional.empty()
                : Optional.of(BackendTls.of(engine, pool));
        Map<Backend, BackendMeters> meters = new HashMap<>();
        for (Backend backend : pool.servers()) {
            BackendMeters one = telemetry.backend(pool.name(), backend.name());
            one.known(family -> health.isUp(backend, family), family -> health.addresses(backend, family));
            meters.put(backend, one);
        }
        return new Backends(pool, dialer, health, tls, meters);
    }

    /** The terms of a service's listeners. */
    List<Terms> terms(Service service, Backends behind) throws TlsProblem {
        TicketKeys tickets = new TicketKeys();
        ServerTls tls = ServerTls.of(engine, configuration.certificates(),
                service.hosts().stream().map(Host::name).toList(), service.pool().protocol().alpn(), tickets);
        loops.next().scheduleAtFixedRate(tickets::rotate, TICKET_KEY_AGE.toSeconds(), TICKET_KEY_AGE.toSeconds(),
                TimeUnit.SECONDS);
        telemetry.service(service.name(), service.pool().name(), service.dual().name(),
                service.rescue().map(Host::name).orElse(""));
        List<Terms> terms = new ArrayList<>();
        for (Listener listener : service.listeners()) {
            terms.add(new Terms(service, listener, tls, behind, gate, ipv6, telemetry,
                    telemetry.listener(service.name(), listener.name(), listener.protocol(), listener.tls())));
        }
        return terms;
    }
}
