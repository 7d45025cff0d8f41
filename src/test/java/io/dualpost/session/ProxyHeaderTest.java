package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Forwarding;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String V2 = hex("0d0a0d0a000d0a515549540a");
    private static final String V2_TCP6 = V2 + hex("21210024") + hex("20010db8000000000000000000000001")
            + hex("20010db8000000000000000000000002") + hex("1f4003e3");

    private static String hex(String octets) {
        return new String(HexFormat.of().parseHex(octets), StandardCharsets.ISO_8859_1);
    }

    private static FakeBackend nobody() throws java.io.IOException {
        return FakeBackend.open(_ -> {
        });
    }

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 192.0.2.1 192.0.2.9 4000 995, 192.0.2.1, ipv4",
            "PROXY TCP6 2001:db8:0::1 2001:db8::2 4000 995, 2001:db8::1, ipv6",
            "PROXY TCP6 ::ffff:192.0.2.7 ::ffff:192.0.2.9 4000 995, 192.0.2.7, ipv4",
            "PROXY UNKNOWN, 127.0.0.1, ipv4"})
    void versionOneIsUnderstoodAlsoOctetByOctet(String header, String client, String family) throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("127.0.0.1").open(); Wire wire = bed.client()) {
            for (byte octet : (header + "\r\n").getBytes(StandardCharsets.ISO_8859_1)) {
                wire.raw(new byte[] {octet});
            }
            wire.hear("+OK ").ask("QUIT", "+OK");

            assertThat(bed.record()).contains("\"client\":\"" + client + "\"", "\"family\":\"" + family + "\"");
            bed.empty();
        }
    }

    @Test
    void versionTwoIsUnderstood() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("127.0.0.1").open(); Wire wire = bed.client()) {
            wire.raw(V2_TCP6 + "QUIT\r\n").hear("+OK ").hear("+OK");

            assertThat(bed.record()).contains("\"client\":\"2001:db8::1\"", "\"client_port\":8000",
                    "\"family\":\"ipv6\"", "\"via\":\"127.0.0.1:");
        }
    }

    @Test
    void aLocalConnectionIsTheSendersOwn() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("127.0.0.1").open(); Wire wire = bed.client()) {
            wire.raw(V2 + hex("20000000")).hear("+OK ").ask("QUIT", "+OK");

            assertThat(bed.record()).contains("\"client\":\"127.0.0.1\"");
        }
    }

    @Test
    void aClientHelloInTheSegmentOfTheHeaderIsNotLost() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).senders("127.0.0.1").open(); Wire wire = bed.client()) {
            wire.prefix(V2_TCP6).secure(Certificates.RESCUE).hear("+OK pop-v4.example.test ").ask("QUIT", "+OK");

            assertThat(bed.record()).contains("\"host_role\":\"rescue\"", "\"tls_version\":\"TLSv1.3");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CAPA\r\nUSER ann\r\n", "PROXY TCP4 x y 1 2\r\n",
            "PROXY TCP4 192.0.2.1 192.0.2.1 70000 1\r\n",
            "PROXY TCP4 2001:db8::1 192.0.2.1 1 1\r\n"})
    void whatIsNoHeaderEndsTheSession(String octets) throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("127.0.0.1").open(); Wire wire = bed.client()) {
            assertThat(wire.raw(octets).rest()).containsExactly("RESET");
            assertThat(bed.record()).contains("\"phase\":\"proxy_header\"", "\"cause\":\"protocol_error\"");
            bed.empty();
        }
    }

    @Test
    void aSenderThatOnlyLooksWhetherSomebodyListensIsNoTimeout() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("127.0.0.1").open(); Wire wire = bed.client()) {
            wire.drop();

            assertThat(bed.record()).contains("\"phase\":\"proxy_header\"", "\"cause\":\"client_close\"");
        }
    }

    @Test
    void aHeaderFromAnybodyElseIsABadCommand() throws Exception {
        try (Bed bed = Bed.of(Protocol.POP3, nobody()).plain().senders("192.0.2.1").open(); Wire wire = bed.client()) {
            wire.hear("+OK ").ask("PROXY TCP4 192.0.2.1 192.0.2.9 4000 995", "-ERR").ask("QUIT", "+OK");

            assertThat(bed.record()).contains("\"client\":\"127.0.0.1\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 192.0.2.1 192.0.2.9 4000 995, PROXY TCP4 192.0.2.1 192.0.2.9 4000 995",
            "PROXY TCP6 2001:db8::1 ::ffff:192.0.2.9 4000 995, PROXY TCP6 2001:db8::1 2001:db8::1 4000 995"})
    void aBackendHearsOfTheClient(String in, String out) throws Exception {
        AtomicReference<String> heard = new AtomicReference<>("");
        try (FakeBackend backend = FakeBackend.open(proxy -> {
            heard.set(proxy.line());
            FakeBackend.pop3(Wire::end).with(proxy);
        });
                Bed bed = Bed.of(Protocol.POP3, backend).plain().forwarding(Forwarding.PROXY_V1).senders("127.0.0.1")
                        .open();
                Wire wire = bed.client()) {
            bed.login(wire.say(in));

            assertThat(heard.get()).isEqualTo(out);
        }
    }

    @Test
    void versionTwoGoesBeforeTls() throws Exception {
        AtomicReference<byte[]> heard = new AtomicReference<>(new byte[0]);
        try (FakeBackend backend = FakeBackend.open(proxy -> {
            heard.set(proxy.octets(52));
            FakeBackend.pop3(Wire::end).with(proxy.serveTls());
        });
                Bed bed = Bed.of(Protocol.POP3, backend).plain().poolTls(TlsMode.IMPLICIT)
                        .forwarding(Forwarding.PROXY_V2).senders("127.0.0.1").open();
                Wire wire = bed.client()) {
            bed.login(wire.raw(V2_TCP6));

            assertThat(heard.get()).isEqualTo(V2_TCP6.getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
