package io.dualpost.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import io.dualpost.gate.GateMode;
import io.dualpost.gate.PathVerdict;
import io.dualpost.gate.RefusedNetworks;
import io.dualpost.gate.Withdrawal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is said of an address, from the real gate's knowledge. */
class AddressReportTest {
    private static final String JUDGED = "2001:db8::5 is judged by its network 2001:db8::/64.\n";
    private static final String ADMITTED = "A connection from it is admitted.\n";

    private final InetAddress address = address();
    private RefusedNetworks networks = new RefusedNetworks(List.of());
    private FamilyReport services = new FamilyReport(List.of());
    private GateMode mode = GateMode.ENFORCE;
    private boolean kernel;
    private Duration now = Duration.ZERO;

    @Test
    void nothingIsKnown() {
        assertThat(text()).isEqualTo(JUDGED + "Nothing is held against it.\n" + ADMITTED);
        mode = GateMode.OFF;
        assertThat(text()).isEqualTo(JUDGED + "The gate is off and learns nothing.\n" + ADMITTED);
        assertThat(json()).contains("\"outcome\":\"admitted\"", "\"mode\":\"off\"", "\"watched\":0")
                .doesNotContain("refused\":");
    }

    @Test
    void theConfigurationRefusesIt() {
        networks = new RefusedNetworks(List.of(Prefix.parse("2001:db8::/32").orElseThrow()));
        kernel = true;
        assertThat(text()).isEqualTo(JUDGED + "The configuration wants 2001:db8::/32 refused, for good.\n"
                + "A connection from it is refused by the kernel at its first packet; the client falls back to IPv4 at"
                + " once.\n");
        assertThat(json()).contains("\"outcome\":\"refused\"", "\"kernel\":true",
                "\"refused\":{\"network\":\"2001:db8::/32\",\"origin\":\"static\",\"broken\":0}");
    }

    @Test
    void theOperatorRefusesItAndTheKernelDoesNot() {
        networks.add(Prefix.parse("2001:db8::/48").orElseThrow(), Duration.ofHours(2), 0);
        now = Duration.ofMinutes(30);
        assertThat(text()).isEqualTo(JUDGED + "The operator wants 2001:db8::/48 refused, for another 1h 30m.\n"
                + "The kernel does not refuse it. A connection from it is accepted and reset at once; the client sees an"
                + " error and does not fall back.\n");
        assertThat(json()).contains("\"outcome\":\"reset\"", "\"left_seconds\":5400");
    }

    @Test
    void itWasLearnedAndTheGateObserves() {
        broken(PathVerdict.RETURN_PATH);
        broken(PathVerdict.PATH_MTU);
        mode = GateMode.OBSERVE;
        assertThat(text()).isEqualTo(JUDGED + "2 connections from it broke, the last one by path_mtu: large packets to"
                + " the client were lost and small ones arrived. So it is a network to refuse, for another 1h 0m; then one"
                + " connection is let in, to see whether it works again.\n"
                + "A connection from it is admitted, because the gate only observes; it is counted.\n");
        assertThat(json()).contains("\"outcome\":\"admitted\"", "\"evidence\":\"path_mtu\"");
    }

    @Test
    void itIsWatched() {
        broken(PathVerdict.CLIENT_LOSS);
        assertThat(text())
                .isEqualTo(JUDGED + "1 connection from it broke within ten minutes; one more, and it is learned"
                        + " as a network to refuse for an hour.\n" + ADMITTED);
        assertThat(json()).contains("\"watched\":1");
    }

    @Test
    void itIsOnTrial() {
        broken(PathVerdict.PATH_MTU);
        broken(PathVerdict.PATH_MTU);
        now = Duration.ofMinutes(61);
        assertThat(text()).isEqualTo(JUDGED + "It was refused and is on trial: one connection that works, and it is"
                + " forgotten; one that breaks, and it is refused again, for twice as long as before and at most for a"
                + " day.\n" + ADMITTED);
        assertThat(json()).contains("\"trial\":true");
    }

    @Test
    void itWentWell() {
        networks.succeeded(address, 0);
        now = Duration.ofSeconds(183);
        assertThat(text())
                .isEqualTo(JUDGED + "A session from it went well 3m 3s ago; within ten minutes of that nothing"
                        + " is held against it.\n" + ADMITTED);
        assertThat(json()).contains("\"good_seconds_ago\":183");
    }

    @Test
    void aServiceMayHaveNoIpv6AtAll() {
        Instant until = Instant.parse("2026-11-24T12:00:00Z");
        services = new FamilyReport(List.of(
                new FamilyReport.Line("pop", Optional.of(Withdrawal.Reason.OPERATOR), until, Optional.of(until), false,
                        List.of()),
                new FamilyReport.Line("submission", Optional.empty(), until, Optional.empty(), false, List.of())));
        assertThat(text())
                .endsWith(ADMITTED + "But IPv6 of pop is withdrawn (operator) until 2026-11-24T12:00:00Z: there,"
                        + " every IPv6 connection is refused at its first packet.\n");
        assertThat(json()).contains("\"withdrawn_services\":[\"pop\"]");
    }

    private void broken(PathVerdict verdict) {
        networks.failed(address, verdict, now.toNanos());
    }

    private AddressReport report() {
        return new AddressReport(address,
                new Operations.Known(networks.explain(address, now.toNanos()), mode, kernel), services);
    }

    private String text() {
        return report().text().collect(Collectors.joining());
    }

    private String json() {
        return report().json();
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByName("2001:db8::5");
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
