package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.telemetry.ConnectResult;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes of reaching a backend, as its meters tell it: once, over the backend's own family. */
class BackendMetersTest {
    private record Case(ConnectResult result, TlsMode tls, FakeBackend.Talk talk) {
        @Override
        public String toString() {
            return result.label();
        }
    }

    private static Stream<Arguments> cases() {
        return Stream.of(
                new Case(ConnectResult.OK, TlsMode.NONE,
                        proxy -> proxy.say("+OK").hear("USER").ask("+OK", "PASS").say("-ERR [AUTH] no").end()),
                new Case(ConnectResult.CLOSED, TlsMode.NONE, _ -> {
                }),
                new Case(ConnectResult.CLOSED, TlsMode.NONE, Wire::reset),
                new Case(ConnectResult.GREETING_REFUSED, TlsMode.NONE, proxy -> proxy.say("-ERR not today").end()),
                new Case(ConnectResult.TLS_FAILED, TlsMode.STARTTLS, proxy -> {
                    proxy.say("+OK").hear("STLS").say("+OK");
                    proxy.octets(20);
                }),
                new Case(ConnectResult.OK, TlsMode.STARTTLS,
                        proxy -> proxy.say("+OK").hear("STLS").say("+OK").serveTls()
                                .hear("USER").ask("+OK", "PASS").say("-ERR [AUTH] no").end()))
                .flatMap(one -> Stream.of(Arguments.of(one, "127.0.0.1", Family.IPV4),
                        Arguments.of(one, "::1", Family.IPV6)));
    }

    private static String labels(Bed bed, Family family) {
        return "backend=\"" + bed.backends().getFirst().name() + "\",family=\"" + family.label() + "\",pool=\"pool\"";
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachTryIsCountedOnceByWhatCameOfIt(Case one, String address, Family family) throws Exception {
        try (FakeBackend backend = FakeBackend.open(address, one.talk);
                Bed bed = Bed.of(Protocol.POP3, backend).poolTls(one.tls).open();
                Wire client = bed.secure(Family.IPV4)) {
            client.hear("+OK ").ask("USER ann", "+OK").say("PASS secret").hear("-ERR ").ask("QUIT", "+OK");
            bed.record();

            assertThat(Arrays.stream(ConnectResult.values())
                    .filter(result -> connects(bed, family, result) != 0)).containsExactly(one.result);
            assertThat(connects(bed, family, one.result)).isEqualTo(1);
            Family other = family == Family.IPV4 ? Family.IPV6 : Family.IPV4;
            assertThat(Arrays.stream(ConnectResult.values()).filter(result -> connects(bed, other, result) != 0))
                    .isEmpty();
            assertThat(bed.metric("dualpost_backend_addresses{" + labels(bed, family) + "}")).isEqualTo(1);
            assertThat(bed.metric("dualpost_backend_addresses{" + labels(bed, other) + "}")).isZero();
            assertThat(bed.metric("dualpost_backend_up{" + labels(bed, family) + "}"))
                    .isEqualTo(one.result == ConnectResult.OK ? 1 : 0);
            assertThat(bed.metric("dualpost_backend_connect_duration_seconds_count{" + labels(bed, family) + "}"))
                    .isEqualTo(one.result == ConnectResult.OK ? 1 : 0);
        }
    }

    private static double connects(Bed bed, Family family, ConnectResult result) {
        return bed.metric(
                "dualpost_backend_connects_total{" + labels(bed, family) + ",result=\"" + result.label() + "\"}");
    }
}
