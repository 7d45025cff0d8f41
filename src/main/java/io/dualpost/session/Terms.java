package io.dualpost.session;

import io.dualpost.gate.Gate;
import io.dualpost.telemetry.ListenerMeters;
import io.dualpost.telemetry.Telemetry;
import io.dualpost.tls.ServerTls;

/** What a session is born with, and keeps for life. */
public record Terms(Service service, Listener listener, ServerTls tls, Backends backends, Gate gate, Ipv6Health ipv6,
        Telemetry telemetry, ListenerMeters meters) {}
