package io.dualpost.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Endpoint;
import io.dualpost.address.HostRole;
import io.dualpost.address.Prefix;
import io.dualpost.gate.Limits;
import io.dualpost.mail.Forwarding;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.TlsMode;
import io.dualpost.session.Listener;
import io.dualpost.session.Service;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationReaderTest {
    private static final Path SAMPLE = Path.of(System.getProperty("project.basedir", "."), "deploy", "dualpost.yaml");
    private static final String SMALL = """
            services:
              pop:
                dual: { name: Mail.example.jp, addresses: [0.0.0.0, "::"] }
                listeners: [{ protocol: pop3, port: 995, tls: implicit }]
                backends: mailbox
            backends:
              mailbox: { servers: ["[2001:DB8::5]:110"] }
            certificates: [{ chain: mail.pem, key: mail.key }]
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void certificates() throws Exception {
        SampleCertificates.fill(folder, "pop.example.jp", "pop-v4.example.jp", "smtp.example.jp", "smtp-v4.example.jp",
                "mail.example.jp");
    }

    @Test
    void theSampleReadsWithoutProblems() throws Exception {
        Configuration configuration = sound(Files.readString(SAMPLE));
        assertThat(configuration.services()).extracting(Service::name).containsExactly("pop", "submission");
        Service pop = configuration.services().getFirst();
        assertThat(pop.hosts()).extracting(host -> host.name() + " " + host.role()).containsExactly(
                "pop.example.jp DUAL",
                "pop-v4.example.jp RESCUE");
        assertThat(pop.dual().addresses()).containsExactly(InetAddress.ofLiteral("192.0.2.10"),
                InetAddress.ofLiteral("2001:db8::10"));
        assertThat(pop.listeners()).extracting(Listener::name).containsExactly("pop-995", "pop-110");
        assertThat(pop.listeners().get(1).proxySenders()).extracting(Prefix::toString)
                .containsExactly("192.0.2.250/32", "2001:db8:ff::/64");
        assertThat(pop.pool().identity()).isEqualTo(Forwarding.XCLIENT);
        assertThat(pop.pool().offer()).containsExactly("TOP", "UIDL", "PIPELINING", "RESP-CODES",
                "AUTH-RESP-CODE");
        assertThat(configuration.services().get(1).pool()).satisfies(pool -> {
            assertThat(pool.servers()).singleElement().extracting("endpoint")
                    .isEqualTo(new Endpoint("postfix.test", 587));
            assertThat(pool.protocol()).isEqualTo(Protocol.SUBMISSION);
            assertThat(pool.tls()).isEqualTo(TlsMode.STARTTLS);
            assertThat(pool.trust().authorities()).contains(folder.resolve("internal-ca.pem"));
            assertThat(pool.trust().name()).contains("postfix.internal");
        });
        assertThat(configuration.certificates()).singleElement().satisfies(
                certificate -> assertThat(certificate.covers("pop.example.jp")).isTrue());
    }

    @Test
    void whatIsNotWrittenHasItsDefault() throws Exception {
        Configuration configuration = sound(SMALL);
        Service pop = configuration.services().getFirst();
        assertThat(pop.dual().name()).isEqualTo("mail.example.jp");
        assertThat(pop.dual().role()).isEqualTo(HostRole.DUAL);
        assertThat(pop.rescue()).isEmpty();
        Listener listener = pop.listeners().getFirst();
        assertThat(listener.plaintextLogin()).isFalse();
        assertThat(listener.lineEndings()).isEqualTo(LineEndings.NORMALIZE);
        assertThat(listener.proxySenders()).isEmpty();
        assertThat(listener.patience().proxyHeader()).isEqualTo(Duration.ofSeconds(5));
        assertThat(listener.patience().auth()).isEqualTo(Duration.ofMinutes(3));
        assertThat(listener.patience().idle()).isEqualTo(Duration.ofMinutes(30));
        assertThat(listener.patience().finalDot()).isEqualTo(Duration.ofMinutes(15));
        assertThat(pop.pool().tls()).isEqualTo(TlsMode.NONE);
        assertThat(pop.pool().servers().getFirst().name()).isEqualTo("[2001:db8::5]:110");
        assertThat(configuration.limits()).isEqualTo(new Limits(10_000, 100));
        assertThat(configuration.admin()).contains(new Endpoint("127.0.0.1", 9143));
        assertThat(configuration.eventLoops()).isZero();
    }

    @Test
    void theAdminInterfaceCanBeSwitchedOff() throws Exception {
        assertThat(sound(SMALL + "admin: { listen: none }\n").admin()).isEmpty();
    }

    @Test
    void aHostInOneFamilySaysSo() throws Exception {
        Configuration configuration = sound(
                SMALL.replace("addresses: [0.0.0.0, \"::\"]", "only: ipv4, addresses: [127.0.0.1]").replace("995",
                        "0"));
        assertThat(configuration.services().getFirst().listeners().getFirst().name()).isEqualTo("pop-0");
    }

    @Test
    void twoServicesMayShareAHostOnOtherPorts() throws Exception {
        Configuration configuration = sound(SMALL.replace("backends:\n", """
                  out:
                    dual: { name: mail.example.jp, addresses: ["::", 0.0.0.0] }
                    listeners: [{ protocol: submission, port: 465, tls: implicit }]
                    backends: outgoing
                backends:
                  outgoing: { servers: ["postfix.test:25"] }
                """));
        assertThat(configuration.services()).hasSize(2);
        assertThat(configuration.services().get(1).listeners().getFirst().patience().idle())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void filesInConfdAddServicesPoolsAndCertificates() throws Exception {
        part("b.yaml", "backends: { mailbox: { servers: [\"dovecot.test:110\"] } }\n");
        part("a.yaml", "certificates: [{ chain: ../mail.pem, key: ../mail.key }]\n");
        part(".b.yaml", "not: ours\n");
        Configuration configuration = sound(SMALL.substring(0, SMALL.indexOf("backends:\n")));
        assertThat(configuration.services().getFirst().pool().servers().getFirst().name())
                .isEqualTo("dovecot.test:110");
        assertThat(configuration.certificates()).hasSize(1);
    }

    @Test
    void aNameDefinedTwiceNamesBothPlaces() throws Exception {
        Path part = part("more.yaml", "backends:\n  mailbox: { servers: [\"dovecot.test:110\"] }\n");
        assertThat(broken(SMALL)).singleElement().satisfies(problem -> {
            assertThat(problem.file()).isEqualTo(part);
            assertThat(problem.text()).startsWith(part + ":2:3: backends.mailbox: the pool \"mailbox\" again")
                    .contains("the first is at " + folder.resolve("dualpost.yaml") + ":7:3");
        });
    }

    @Test
    void aFileInConfdMayNotChangeTheRest() throws Exception {
        part("more.yaml", "limits: { sessions: 5 }\n");
        assertThat(broken(SMALL)).singleElement().extracting(Problem::text).asString()
                .contains("unknown key \"limits\" (expected: one of services, backends, certificates)");
    }

    @Test
    void anUnusedPoolAndACertificateNearItsEndAreWarnings() throws Exception {
        SampleCertificates.Made authority = SampleCertificates.authority();
        Instant now = Instant.now();
        SampleCertificates.Made server = SampleCertificates.server(authority, SampleCertificates.keys("2048"),
                now.minusSeconds(60), now.plus(Duration.ofDays(13)), List.of("*.example.jp"));
        SampleCertificates.write(folder.resolve("mail.pem"), server.certificate());
        SampleCertificates.write(folder.resolve("mail.key"), server.keys().getPrivate());
        ConfigurationReader.Read read = (ConfigurationReader.Read) read(
                SMALL.replace("certificates:", "  spare: { servers: [\"a.test:110\"] }\ncertificates:"));
        assertThat(read.warnings()).extracting(Problem::key).containsExactly("backends.spare", "certificates[0].chain");
        assertThat(read.warnings().get(1).text()).contains("expires at").contains("renew it");
    }

    private Path part(String name, String text) throws Exception {
        return Files.writeString(Files.createDirectories(folder.resolve("conf.d")).resolve(name), text);
    }

    private Configuration sound(String text) throws Exception {
        ConfigurationReader.Result result = read(text);
        assertThat(result).isInstanceOfSatisfying(ConfigurationReader.Read.class,
                read -> assertThat(read.warnings()).isEmpty());
        return ((ConfigurationReader.Read) result).configuration();
    }

    private List<Problem> broken(String text) throws Exception {
        ConfigurationReader.Result result = read(text);
        assertThat(result).isInstanceOf(ConfigurationReader.Broken.class);
        return ((ConfigurationReader.Broken) result).problems();
    }

    private ConfigurationReader.Result read(String text) throws Exception {
        return ConfigurationReader.read(Files.writeString(folder.resolve("dualpost.yaml"), text),
                Map.of("SUBMISSION_HOST", "postfix.test"), Instant.now());
    }
}
