package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** OpenSSL's client verifies what the system's OpenSSL signs on BoringSSL's behalf. */
@Tag("real")
@ExtendWith(RealServers.class)
class RsaSignatureTest {
    private record Case(String version, String offered, String type, String digest) {}

    private static final List<Case> CASES = List.of(
            new Case("-tls1_3", "RSA-PSS+SHA256", "RSA-PSS", "SHA256"),
            new Case("-tls1_3", "RSA-PSS+SHA384", "RSA-PSS", "SHA384"),
            new Case("-tls1_3", "RSA-PSS+SHA512", "RSA-PSS", "SHA512"),
            new Case("-tls1_2", "RSA-PSS+SHA256", "RSA-PSS", "SHA256"),
            new Case("-tls1_2", "RSA+SHA256", "RSA", "SHA256"),
            new Case("-tls1_2", "RSA+SHA384", "RSA", "SHA384"),
            new Case("-tls1_2", "RSA+SHA512", "RSA", "SHA512"));

    @Test
    void everyKindOfSignatureIsGoodAndOtherClientsGetEcdsa(World world) throws IOException {
        try (Dualpost dualpost = new Setup(world)
                .pop3("pop", Setup.Backends.plain(world.dovecot().xclientPort(), "xclient")).start()) {
            assertThat(dualpost.output())
                    .containsPattern("tls: OpenSSL 3\\.\\S+ of this system makes the signatures of RSA");
            for (InetAddress address : List.of(World.IPV4, World.IPV6)) {
                Target target = dualpost.setup().target("pop", TlsMode.IMPLICIT, World.POP, address);
                for (Case one : CASES) {
                    assertThat(visit(world, target, one.version(), "-sigalgs", one.offered())).as("%s over %s", one,
                            address).contains("Peer signature type: " + one.type() + "\n",
                                    "Peer signing digest: " + one.digest() + "\n");
                }
                assertThat(visit(world, target, "-tls1_3")).contains("Peer signature type: ECDSA\n");
            }
        }
    }

    /** What it says of a session that ends with QUIT, and with a certificate that it trusts. */
    private static String visit(World world, Target target, String... options) throws IOException {
        Path directory = world.scratch("rsa");
        List<String> words = new ArrayList<>(List.of("openssl", "s_client", "-connect",
                target.literal() + ":" + target.port(), "-servername", target.host(), "-verify_hostname", target.host(),
                "-verify_return_error", "-CAfile", target.authority().toString(), "-ign_eof"));
        words.addAll(List.of(options));
        Command.Outcome outcome = Command.succeed(directory, "QUIT\r\n".getBytes(StandardCharsets.US_ASCII), words);
        assertThat(outcome.output()).contains("Verify return code: 0 (ok)", "+OK");
        return outcome.output();
    }
}
