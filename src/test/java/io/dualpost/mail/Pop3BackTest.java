package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Peer;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Pop3BackTest {
    private static final Optional<Credentials> ANN = Credentials.of(Credentials.Mechanism.USER, "ann", "secret");
    private static final Optional<Identity> SIX = Optional.of(new Identity(
            Peer.direct(new InetSocketAddress("2001:db8::1", 40000), new InetSocketAddress("2001:db8::10", 995)), "s-1",
            HeloName.NONE));

    @Test
    void aPlainLoginTellsTheWordsOfTheBackend() {
        plain("""
                (opened)
                S: +OK Dovecot ready.
                C: USER ann
                S: +OK
                C: PASS secret
                S: +OK Logged in.
                ! tell joined +OK Logged in.
                """);
    }

    @Test
    void aBackendThatTakesCommandsTogetherGetsTheLoginTogether() {
        pipelined("""
                (opened)
                S: +OK Dovecot ready.
                C: USER ann
                C: PASS secret
                S: +OK
                S: +OK Logged in.
                ! tell joined +OK Logged in.
                """);
        pipelined("""
                (opened)
                S: +OK
                C: USER ann
                C: PASS secret
                S: -ERR [IN-USE] locked
                ! tell declined IN_USE
                """);
        pipelined("""
                (opened)
                S: +OK
                C: USER ann
                C: PASS secret
                S: +OK
                S: -ERR no
                ! tell declined BAD_CREDENTIALS
                """);
    }

    private static void pipelined(String text) {
        play(new BackTerms(TlsMode.NONE, Forwarding.NONE, Optional.empty(), ANN,
                Offer.of(List.of("TOP", "PIPELINING"))), text);
    }

    @Test
    void stlsComesBeforeEverythingElse() {
        play(new BackTerms(TlsMode.STARTTLS, Forwarding.NONE, Optional.empty(), ANN, Offer.NONE), """
                (opened)
                S: +OK
                C: STLS
                S: +OK Begin
                ! start tls
                (secured)
                C: USER ann
                S: +OK
                C: PASS secret
                """);
        play(new BackTerms(TlsMode.STARTTLS, Forwarding.NONE, Optional.empty(), ANN, Offer.NONE), """
                (opened)
                S: +OK
                C: STLS
                S: -ERR unknown
                ! tell troubled BACKEND_FAULT
                """);
    }

    @Test
    void implicitTlsNeedsNoStls() {
        play(new BackTerms(TlsMode.IMPLICIT, Forwarding.NONE, Optional.empty(), ANN, Offer.NONE), """
                (opened secure)
                S: +OK
                C: USER ann
                """);
    }

    @Test
    void aBackendIsNotHeardDuringTheHandshakeAndWhatItSaysIsAFault() {
        Transcript handshake = play(new BackTerms(TlsMode.STARTTLS, Forwarding.NONE, Optional.empty(), ANN, Offer.NONE),
                """
                        (opened)
                        S: +OK
                        C: STLS
                        S: +OK Begin
                        ! start tls
                        """);
        assertThat(handshake.dialogue().listens()).isFalse();
        assertThat(handshake.dialogue().on(new Event.Said(Line.of("+OK injected"))).actions())
                .first().isInstanceOfSatisfying(Action.Tell.class, tell -> assertThat(tell.event())
                        .isEqualTo(new Event.Troubled(Refusal.BACKEND_FAULT, "spoke during the TLS handshake")));
    }

    // Dovecot: "+OK [XCLIENT] " and then its login_greeting, which ends in an APOP challenge if there is one.
    @ParameterizedTest
    @ValueSource(strings = {"+OK [XCLIENT] Dovecot ready.", "+OK [XCLIENT]", "+OK [XCLIENT] ready <1.2@mail>"})
    void xclientIsSaidWhereTheGreetingBeginsWithIt(String greeting) {
        play(new BackTerms(TlsMode.NONE, Forwarding.XCLIENT, SIX, ANN, Offer.NONE), """
                (opened)
                S: %s
                C: XCLIENT ADDR=2001:db8::1 PORT=40000 DESTADDR=2001:db8::10 DESTPORT=995 SESSION=s-1
                S: +OK Updated
                C: USER ann
                S: +OK
                C: PASS secret
                """.formatted(greeting));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+OK Dovecot ready.", "+OK we have no [XCLIENT]", "+OK"})
    void aBackendThatDoesNotTrustTheProxyIsAFault(String greeting) {
        play(new BackTerms(TlsMode.NONE, Forwarding.XCLIENT, SIX, ANN, Offer.NONE),
                "(opened)\nS: " + greeting + "\n! tell troubled BACKEND_FAULT\n");
    }

    @Test
    void aRefusedXclientIsAFault() {
        play(new BackTerms(TlsMode.NONE, Forwarding.XCLIENT, SIX, ANN, Offer.NONE), """
                (opened)
                S: +OK [XCLIENT] ready
                C: XCLIENT ADDR=2001:db8::1 PORT=40000 DESTADDR=2001:db8::10 DESTPORT=995 SESSION=s-1
                S: -ERR Invalid parameters
                ! tell troubled BACKEND_FAULT
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-ERR [SYS/TEMP] later", "-ERR", "HTTP/1.1 400 Bad Request"})
    void aRefusedGreetingMeansThatTheBackendIsNotAvailable(String greeting) {
        plain("(opened)\nS: " + greeting + "\n! tell troubled BACKEND_UNAVAILABLE\n");
    }

    @ParameterizedTest
    @CsvSource({"-ERR no, declined BAD_CREDENTIALS", "-ERR [AUTH] no, declined BAD_CREDENTIALS",
            "-ERR [SYS/TEMP] later, postponed BACKEND_UNAVAILABLE",
            "-ERR [sys/temp] later, postponed BACKEND_UNAVAILABLE",
            "-ERR [SYS/PERM] broken, declined BACKEND_PERMANENT", "-ERR [IN-USE] locked, declined IN_USE",
            "-ERR [LOGIN-DELAY] soon, declined LOGIN_DELAY", "-ERR [UNHEARD-OF] x, declined BAD_CREDENTIALS",
            "-ERR see [IN-USE], declined BAD_CREDENTIALS", "nonsense, troubled BACKEND_FAULT",
            "+ more, troubled BACKEND_FAULT", "-ERROR, troubled BACKEND_FAULT"})
    void aRefusedLoginIsMappedByItsResponseCode(String answer, String told) {
        plain("(opened)\nS: +OK\nC: USER ann\nS: +OK\nC: PASS secret\nS: " + answer + "\n! tell " + told + "\n");
        plain("(opened)\nS: +OK\nC: USER ann\nS: " + answer + "\n! tell " + told + "\n");
    }

    @Test
    void credentialsThatDoNotFitACommandGoByPlain() {
        String filler = "x".repeat(249);
        String fits = filler.substring(1);
        play(new BackTerms(TlsMode.NONE, Forwarding.NONE, Optional.empty(),
                Credentials.of(Credentials.Mechanism.PLAIN, "ann", filler), Offer.NONE), """
                        (opened)
                        S: +OK
                        C: AUTH PLAIN
                        S: +\\s
                        C: {\\0ann\\0%s}
                        S: +OK
                        ! tell joined +OK
                        """.replace("\\s", " ").formatted(filler));
        play(new BackTerms(TlsMode.NONE, Forwarding.NONE, Optional.empty(),
                Credentials.of(Credentials.Mechanism.PLAIN, fits, fits), Offer.NONE), """
                        (opened)
                        S: +OK
                        C: USER %1$s
                        S: +OK
                        C: PASS %1$s
                        """.formatted(fits));
    }

    @Test
    void aProbeAsksForTheCapabilitiesAndTakesItsLeave() {
        probe("""
                S: +OK [XCLIENT] ready
                C: CAPA
                S: +OK
                S: TOP
                S: SASL PLAIN
                S: .
                C: QUIT
                ! tell probed; TOP; SASL PLAIN
                """);
        probe("S: +OK [XCLIENT]\nC: CAPA\nS: -ERR what\nC: QUIT\n! tell probed\n");
    }

    @Test
    void aProbeWantsTheTrustThatALoginWants() {
        probe("S: +OK ready\n! tell troubled BACKEND_FAULT\n");
    }

    @Test
    void capabilitiesWithoutEndAreAFault() {
        probe("S: +OK [XCLIENT]\nC: CAPA\nS: +OK\n" + "S: TOP\n".repeat(129) + "! tell troubled BACKEND_FAULT\n");
    }

    @Test
    void troubleIsToldInEveryState() {
        plain("(opened)\n(troubled TIMED_OUT)\n! tell troubled TIMED_OUT\n");
        plain("(opened)\nS: +OK\nC: USER ann\n(malformed LINE_TOO_LONG)\n! tell troubled BACKEND_FAULT\n");
        plain("(opened)\nS: +OK\nC: USER ann\n(streamed)\n! tell troubled BACKEND_FAULT\n");
        plain("""
                (opened)
                S: +OK
                C: USER ann
                S: +OK
                C: PASS secret
                (troubled BACKEND_LOST)
                ! tell troubled BACKEND_LOST
                """);
    }

    private static void plain(String text) {
        play(new BackTerms(TlsMode.NONE, Forwarding.NONE, Optional.empty(), ANN, Offer.NONE), text);
    }

    private static void probe(String text) {
        play(new BackTerms(TlsMode.NONE, Forwarding.XCLIENT, Optional.empty(), Optional.empty(), Offer.NONE),
                "(opened)\n" + text);
    }

    private static Transcript play(BackTerms terms, String text) {
        return Transcript.client(Pop3Back.open(terms), text);
    }
}
