package io.dualpost.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CertificateChoiceTest {
    private static final ClientHello MODERN = hello("pop.example.jp", Curve.P256);
    private static final ClientHello OLD = hello("pop.example.jp");

    private static Certificate exactEcdsa;
    private static Certificate exactRsa;
    private static Certificate wildEcdsa;
    private static Certificate wildRsa;

    @BeforeAll
    static void issue() throws Exception {
        DevelopmentAuthority authority = DevelopmentAuthority.create(InstantSource.system());
        List<Certificate> exact = authority.issue(List.of("pop.example.jp"));
        List<Certificate> wild = authority.issue(List.of("*.example.jp"));
        exactEcdsa = exact.get(0);
        exactRsa = exact.get(1);
        wildEcdsa = wild.get(0);
        wildRsa = wild.get(1);
    }

    @Test
    void theKindComesFirstAndTheExactNameSecond() {
        List<Certificate> all = List.of(wildRsa, wildEcdsa, exactRsa, exactEcdsa);
        assertThat(picked(all, MODERN, "smtp.example.jp")).isSameAs(exactEcdsa);
        assertThat(picked(all, OLD, "smtp.example.jp")).isSameAs(exactRsa);

        List<Certificate> mixed = List.of(wildEcdsa, exactRsa);
        assertThat(picked(mixed, MODERN, "smtp.example.jp")).isSameAs(wildEcdsa);
        assertThat(picked(mixed, OLD, "smtp.example.jp")).isSameAs(exactRsa);
    }

    @Test
    void aCurveThatTheClientDoesNotTakeCountsAsNoEcdsa() {
        assertThat(picked(List.of(exactEcdsa, exactRsa), hello("pop.example.jp", Curve.P384), "pop.example.jp"))
                .isSameAs(exactRsa);
    }

    @Test
    void ecdsaIsShownWhereThereIsNothingElse() {
        assertThat(picked(List.of(exactEcdsa), OLD, "pop.example.jp")).isSameAs(exactEcdsa);
    }

    @Test
    void anUnknownNameGetsTheDefaultHostAndFailingThatAny() {
        List<Certificate> all = List.of(exactRsa, wildRsa);
        assertThat(picked(all, hello("mail.example.net"), "smtp.example.jp")).isSameAs(wildRsa);
        assertThat(picked(all, hello("mail.example.net"), "mail.example.org")).isSameAs(exactRsa);
    }

    @Test
    void amongEqualsTheFirstIsTaken() {
        assertThat(picked(List.of(exactRsa, exactRsa, wildRsa), OLD, "pop.example.jp")).isSameAs(exactRsa);
        assertThat(new CertificateChoice(List.of(exactRsa, exactRsa)).pick(OLD, "pop.example.jp")).isZero();
    }

    @Test
    void aWildcardStandsForOneLabel() {
        List<Certificate> all = List.of(wildEcdsa, exactEcdsa);
        assertThat(picked(all, hello("imap.example.jp", Curve.P256), "pop.example.jp")).isSameAs(wildEcdsa);
        assertThat(picked(all, hello("a.imap.example.jp", Curve.P256), "pop.example.jp")).isSameAs(exactEcdsa);
        assertThat(picked(all, hello("jp", Curve.P256), "pop.example.jp")).isSameAs(exactEcdsa);
        assertThat(picked(all, hello("", Curve.P256), "pop.example.jp")).isSameAs(exactEcdsa);
    }

    @Test
    void eachOfManyNamesGetsItsCertificate() {
        List<Certificate> many = IntStream.range(0, 5_000).mapToObj(i -> new Certificate(Path.of("h" + i + ".pem"),
                exactEcdsa.chain(), exactEcdsa.key(), List.of("h" + i + ".example.jp"))).toList();
        CertificateChoice choice = new CertificateChoice(many);
        for (int i = 0; i < many.size(); i++) {
            assertThat(choice.pick(hello("h" + i + ".example.jp", Curve.P256), "h0.example.jp")).isEqualTo(i);
        }
    }

    private static Certificate picked(List<Certificate> all, ClientHello hello, String defaultHost) {
        return all.get(new CertificateChoice(all).pick(hello, defaultHost));
    }

    private static ClientHello hello(String name, Curve... curves) {
        return new ClientHello(Optional.of(name), List.of(), true, Set.of(curves));
    }
}
