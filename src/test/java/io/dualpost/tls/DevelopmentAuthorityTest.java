package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevelopmentAuthorityTest {
    private static final Instant NOW = Instant.parse("2026-11-24T08:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final List<String> HOSTS = List.of("pop.example.jp", "*.mail.example.jp", "192.0.2.10",
            "2001:db8::10");

    @TempDir
    private Path parent;

    private Path folder() {
        return parent.resolve("certs");
    }

    @Test
    void bothLeavesCarryWhatClientsCheck() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.create(CLOCK);

        List<Certificate> issued = authority.issue(HOSTS);

        assertThat(issued).extracting(certificate -> certificate.leaf().getPublicKey().getAlgorithm())
                .containsExactly("EC", "RSA");
        assertThat(issued).extracting(Certificate::names)
                .containsOnly(List.of("pop.example.jp", "*.mail.example.jp"));
        for (Certificate certificate : issued) {
            X509Certificate leaf = certificate.leaf();
            leaf.verify(authority.certificate().getPublicKey());
            assertThat(leaf.getSubjectAlternativeNames()).containsExactly(List.of(2, "pop.example.jp"),
                    List.of(2, "*.mail.example.jp"), List.of(7, "192.0.2.10"),
                    List.of(7, "2001:db8:0:0:0:0:0:10"));
            assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
            assertThat(leaf.getKeyUsage()[0]).as("digitalSignature").isTrue();
            assertThat(leaf.getKeyUsage()[5]).as("keyCertSign").isFalse();
            assertThat(leaf.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
            assertThat(Duration.between(leaf.getNotBefore().toInstant(), leaf.getNotAfter().toInstant()))
                    .isEqualTo(Duration.ofDays(397));
            assertThat(leaf.getNotBefore().toInstant()).isBefore(NOW);
            assertThat(certificate.chain()).containsExactly(leaf, authority.certificate());
        }
        assertThat(issued.get(0).leaf().getSerialNumber()).isNotEqualTo(issued.get(1).leaf().getSerialNumber());
    }

    @Test
    void theAuthorityMayOnlySign() {
        X509Certificate certificate = DevelopmentAuthority.create(CLOCK).certificate();

        assertThat(certificate.getBasicConstraints()).as("path length").isZero();
        assertThat(certificate.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false,
                false);
    }

    @Test
    void keysAreForTheOwnerOnly() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.open(folder(), CLOCK);
        List<Certificate> issued = authority.issue(HOSTS, folder(), Existing.KEEP);

        assertThat(mode(folder())).isEqualTo("rwx------");
        assertThat(issued).extracting(certificate -> certificate.file().getFileName().toString())
                .containsExactly("pop.example.jp-ecdsa.pem", "pop.example.jp-rsa.pem");
        assertThat(mode(folder().resolve(DevelopmentAuthority.KEY_FILE))).isEqualTo("rw-------");
        for (Certificate certificate : issued) {
            assertThat(mode(DevelopmentAuthority.keyFile(certificate))).isEqualTo("rw-------");
            assertThat(mode(certificate.file())).startsWith("rw-r");
        }
        try (Stream<Path> files = Files.list(folder())) {
            assertThat(files).hasSize(6);
        }
    }

    @Test
    void filesThatAreThereStayUnlessToldOtherwise() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.open(folder(), CLOCK);
        List<Certificate> first = authority.issue(HOSTS, folder(), Existing.KEEP);
        Path key = DevelopmentAuthority.keyFile(first.getLast());
        String before = Files.readString(key);
        Files.delete(first.getFirst().file());

        assertThatThrownBy(() -> authority.issue(HOSTS, folder(), Existing.KEEP))
                .isInstanceOf(FileAlreadyExistsException.class).hasMessageContaining("is there already");
        assertThat(first.getFirst().file()).as("none is written if one must stay").doesNotExist();
        assertThat(Files.readString(key)).isEqualTo(before);

        authority.issue(HOSTS, folder(), Existing.REPLACE);
        assertThat(Files.readString(key)).isNotEqualTo(before);
        assertThat(mode(key)).isEqualTo("rw-------");
    }

    @Test
    void anAuthorityThatIsOpenedAgainIsTheSame() throws Exception {
        DevelopmentAuthority made = DevelopmentAuthority.open(folder(), CLOCK);
        DevelopmentAuthority read = DevelopmentAuthority.open(folder(), CLOCK);

        assertThat(read.certificate()).isEqualTo(made.certificate());
        read.issue(HOSTS).getFirst().leaf().verify(made.certificate().getPublicKey());
    }

    @Test
    void aFolderWithHalfAnAuthorityOrTwoIsAProblem() throws Exception {
        DevelopmentAuthority.open(folder(), CLOCK);
        Path key = folder().resolve(DevelopmentAuthority.KEY_FILE);
        String own = Files.readString(key);

        Path other = parent.resolve("other");
        DevelopmentAuthority.open(other, CLOCK);
        Files.writeString(key, Files.readString(other.resolve(DevelopmentAuthority.KEY_FILE)));
        assertThatThrownBy(() -> DevelopmentAuthority.open(folder(), CLOCK)).isInstanceOf(TlsProblem.class)
                .hasMessageContaining("ca.key: another key (expected: the key of ");

        Files.writeString(key, own.substring(0, 60));
        assertThatThrownBy(() -> DevelopmentAuthority.open(folder(), CLOCK)).isInstanceOf(TlsProblem.class)
                .hasMessageContaining("ca.key: cannot be read");

        Files.delete(key);
        assertThatThrownBy(() -> DevelopmentAuthority.open(folder(), CLOCK)).isInstanceOf(TlsProblem.class)
                .hasMessageContaining("ca.key: missing");
    }

    @Test
    void whatIsNoHostIsRefused() {
        DevelopmentAuthority authority = DevelopmentAuthority.create(CLOCK);

        for (List<String> hosts : List.of(List.<String>of(), List.of("../evil"), List.of("a b"), List.of("*"),
                List.of("pop.example.jp", "x.*.jp"))) {
            assertThatThrownBy(() -> authority.issue(hosts)).isInstanceOf(TlsProblem.class)
                    .hasMessageStartingWith("hosts: ");
        }
    }

    @Test
    void opensslFindsTheChainGood() throws Exception {
        assumeTrue(runs("openssl", "version"), "openssl is not here");
        InstantSource now = InstantSource.system();
        DevelopmentAuthority authority = DevelopmentAuthority.open(folder(), now);

        for (Certificate certificate : authority.issue(HOSTS, folder(), Existing.KEEP)) {
            for (String name : List.of("-verify_hostname pop.example.jp", "-verify_ip 2001:db8::10")) {
                assertThat(runs(("openssl verify -x509_strict -purpose sslserver " + name + " -CAfile "
                        + folder().resolve("ca.pem") + " " + certificate.file()).split(" "))).isTrue();
            }
            assertThat(runs("openssl", "pkey", "-noout", "-in",
                    DevelopmentAuthority.keyFile(certificate).toString())).isTrue();
        }
    }

    static boolean runs(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command).inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException _) {
            return false; // There is no such program.
        }
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}
