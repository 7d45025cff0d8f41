package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Peer;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionBackTest {
    private static final Optional<Credentials> ANN = Credentials.of(Credentials.Mechanism.PLAIN, "ann", "secret");
    private static final Peer SIX = Peer.direct(new InetSocketAddress("2001:db8::1", 40000),
            new InetSocketAddress("2001:db8::10", 465));
    private static final Peer FOUR = Peer.direct(new InetSocketAddress("::ffff:192.0.2.1", 40000),
            new InetSocketAddress("192.0.2.10", 465));
    private static final String XCLIENT = """
            (opened)
            S: 220 backend ESMTP
            C: EHLO mail.example.jp
            S: 250-backend
            S: 250 XCLIENT NAME ADDR PORT PROTO HELO LOGIN DESTADDR DESTPORT
            """;

    @Test
    void aPlainLoginTellsWhatTheBackendOffers() {
        plain("""
                (opened)
                S: 220-backend
                S: 220 ESMTP
                C: EHLO pc.example
                S: 250-backend
                S: 250-SIZE 1000
                S: 250 AUTH PLAIN LOGIN
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 235 2.7.0 ok
                ! tell joined 235 2.7.0 ok; SIZE 1000; AUTH PLAIN LOGIN
                S: 250-2.0.0 one
                ! tell heard 250-2.0.0 one
                S: nonsense
                ! tell heard nonsense
                (troubled BACKEND_LOST)
                ! tell troubled BACKEND_LOST
                """);
    }

    @Test
    void starttlsComesBeforeTheLoginAndForgetsTheFirstOffer() {
        starttls("""
                (opened)
                S: 220 backend
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250-SIZE 1
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                ! start tls
                (secured)
                C: EHLO pc.example
                S: 250-backend
                S: 250 AUTH PLAIN
                C: AUTH PLAIN {\\0ann\\0secret}
                S: 235 ok
                ! tell joined 235 ok; AUTH PLAIN
                """);
    }

    @Test
    void aBackendWithoutStarttlsIsAFault() {
        starttls("""
                (opened)
                S: 220 backend
                C: EHLO mail.example.jp
                S: 250 backend
                ! tell troubled BACKEND_FAULT
                """);
        starttls("""
                (opened)
                S: 220 backend
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 STARTTLS
                C: STARTTLS
                S: 454 no
                ! tell troubled BACKEND_FAULT
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"250 injected", "250-injected", "nonsense"})
    void aBackendIsNotHeardDuringTheHandshakeAndWhatItSaysIsAFault(String line) {
        Transcript handshake = starttls("""
                (opened)
                S: 220 backend
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                ! start tls
                """);
        assertThat(handshake.dialogue().listens()).isFalse();
        assertThat(handshake.dialogue().on(new Event.Said(Line.of(line))).actions()).first()
                .isInstanceOfSatisfying(Action.Tell.class, tell -> assertThat(tell.event())
                        .isEqualTo(new Event.Troubled(Refusal.BACKEND_FAULT, "spoke during the TLS handshake")));
    }

    @Test
    void xclientNamesTheClientAndEhloFollows() {
        xclient(SIX,
                XCLIENT + """
                        C: XCLIENT NAME=[UNAVAILABLE] PROTO=ESMTP HELO=pc.example PORT=40000 DESTADDR=IPV6:2001:db8::10 DESTPORT=465 ADDR=IPV6:2001:db8::1
                        S: 220 backend ESMTP
                        C: EHLO pc.example
                        S: 250-backend
                        S: 250 AUTH PLAIN
                        C: AUTH PLAIN {\\0ann\\0secret}
                        S: 235 ok
                        ! tell joined 235 ok; AUTH PLAIN
                        """);
    }

    @Test
    void xclientHasOnlyWhatTheBackendListsAndMappedAddressesAreIpv4() {
        xclient(FOUR, """
                (opened)
                S: 220 backend ESMTP
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 xclient name addr
                C: XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.1
                S: 220 backend ESMTP
                C: EHLO pc.example
                """);
    }

    @ParameterizedTest
    @CsvSource({"250 ok, BACKEND_FAULT", "501 5.5.4 bad, BACKEND_FAULT", "550 5.7.1 denied, BACKEND_FAULT",
            "421 4.3.2 busy, BACKEND_UNAVAILABLE"})
    void aRefusedXclientIsTheBackendsTrouble(String reply, Refusal refusal) {
        xclient(SIX,
                XCLIENT + """
                        C: XCLIENT NAME=[UNAVAILABLE] PROTO=ESMTP HELO=pc.example PORT=40000 DESTADDR=IPV6:2001:db8::10 DESTPORT=465 ADDR=IPV6:2001:db8::1
                        S: %s
                        ! tell troubled %s
                        """
                        .formatted(reply, refusal));
    }

    @ParameterizedTest
    @ValueSource(strings = {"250 backend", "250 XCLIENT PORT HELO", "250 XCLIENT"})
    void aBackendThatDoesNotTakeTheAddressIsAFault(String hello) {
        xclient(SIX, "(opened)\nS: 220 backend\nC: EHLO mail.example.jp\nS: 250-backend\nS: " + hello
                + "\n! tell troubled BACKEND_FAULT\n");
    }

    @ParameterizedTest
    @CsvSource({"421 busy", "554 no", "250 what", "450 later"})
    void aRefusedGreetingMeansThatTheBackendIsNotAvailable(String greeting) {
        plain("(opened)\nS: " + greeting + "\n! tell troubled BACKEND_UNAVAILABLE\n");
    }

    @ParameterizedTest
    @CsvSource({"535 5.7.8 no, declined BAD_CREDENTIALS", "550 no, declined BAD_CREDENTIALS",
            "525 5.7.13 disabled, declined BAD_CREDENTIALS", "454 4.7.0 later, postponed BACKEND_UNAVAILABLE",
            "421 4.3.2 down, postponed BACKEND_UNAVAILABLE", "432 4.7.12 transition, postponed BACKEND_UNAVAILABLE",
            "504 5.5.4 mechanism, postponed BACKEND_FAULT", "538 5.7.11 encrypt, postponed BACKEND_FAULT",
            "530 5.7.0 starttls, postponed BACKEND_FAULT", "503 5.5.1 sequence, postponed BACKEND_FAULT",
            "250 what, postponed BACKEND_UNAVAILABLE", "334 more, postponed BACKEND_UNAVAILABLE",
            "nonsense, troubled BACKEND_FAULT"})
    void aRefusedLoginIsMappedByItsCode(String reply, String told) {
        plain("""
                (opened)
                S: 220 backend
                C: EHLO pc.example
                S: 250-backend
                S: 250 AUTH PLAIN
                C: AUTH PLAIN {\\0ann\\0secret}
                S: %s
                ! tell %s
                """.formatted(reply, told));
    }

    @Test
    void loginIsTakenWherePlainIsMissing() {
        plain("""
                (opened)
                S: 220 backend
                C: EHLO pc.example
                S: 250-backend
                S: 250 AUTH CRAM-MD5 login
                C: AUTH LOGIN
                S: 334 {Username:}
                C: {ann}
                S: 334 {Password:}
                C: {secret}
                S: 235 ok
                ! tell joined 235 ok; AUTH CRAM-MD5 login
                """);
        plain("""
                (opened)
                S: 220 backend
                C: EHLO pc.example
                S: 250-backend
                S: 250 AUTH CRAM-MD5
                ! tell troubled BACKEND_FAULT
                """);
    }

    @ParameterizedTest
    @CsvSource({"367, true", "368, false"})
    void longCredentialsGoByTheInteractiveForm(int length, boolean fits) {
        String password = "x".repeat(length);
        String hello = "(opened)\nS: 220 backend\nC: EHLO pc.example\nS: 250-backend\nS: 250 AUTH PLAIN\n";
        // 512 octets of a command without CRLF and "AUTH PLAIN " leave 499, 496 of them in whole groups of base64.
        play(new BackTerms(TlsMode.NONE, Forwarding.NONE, identity(SIX),
                Credentials.of(Credentials.Mechanism.PLAIN, "ann", password), Offer.NONE),
                hello + (fits
                        ? "C: AUTH PLAIN {\\0ann\\0" + password + "}\n"
                        : "C: AUTH PLAIN\nS: 334 \nC: {\\0ann\\0" + password
                                + "}\nS: 235 ok\n! tell joined 235 ok; AUTH PLAIN\n"));
    }

    // Exim takes no underscore in a name; its user is not to blame, and the backend is not out of order.
    @Test
    void aNameThatTheBackendDoesNotLikeIsReplacedByTheProxysOwn() {
        plain("""
                (opened)
                S: 220 backend
                C: EHLO pc.example
                S: 501 syntactically invalid
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 AUTH PLAIN
                C: AUTH PLAIN {\\0ann\\0secret}
                """);
        plain("""
                (opened)
                S: 220 backend
                C: EHLO pc.example
                S: 550 no
                C: EHLO mail.example.jp
                S: 550 no
                ! tell troubled BACKEND_FAULT
                """);
        plain("(opened)\nS: 220 backend\nC: EHLO pc.example\nS: 421 down\n! tell troubled BACKEND_UNAVAILABLE\n");
    }

    @Test
    void aProbeLearnsTheOfferAfterTlsAndTakesItsLeave() {
        play(new BackTerms(TlsMode.STARTTLS, Forwarding.XCLIENT, Optional.empty(), Optional.empty(), Offer.NONE), """
                (opened)
                S: 220 backend
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 go
                ! start tls
                (secured)
                C: EHLO mail.example.jp
                S: 250-backend
                S: 250-SIZE 1000
                S: 250-XCLIENT NAME ADDR
                S: 250 AUTH PLAIN
                C: QUIT
                ! tell probed; SIZE 1000; XCLIENT NAME ADDR; AUTH PLAIN
                """);
    }

    @ParameterizedTest
    @CsvSource({"XCLIENT, XCLIENT NAME", "XCLIENT, AUTH PLAIN", "NONE, SIZE 1000", "PROXY_V2, AUTH GSSAPI"})
    void aProbeWantsWhatALoginWants(Forwarding forwarding, String offered) {
        play(new BackTerms(TlsMode.NONE, forwarding, Optional.empty(), Optional.empty(), Offer.NONE),
                "(opened)\nS: 220 backend\nC: EHLO mail.example.jp\nS: 250-backend\nS: 250 " + offered
                        + "\n! tell troubled BACKEND_FAULT\n");
    }

    @Test
    void repliesWithoutEndOrOfNoKindAreAFault() {
        plain("(opened)\n" + "S: 220-backend\n".repeat(129) + "! tell troubled BACKEND_FAULT\n");
        plain("(opened)\nS: SSH-2.0-x\n! tell troubled BACKEND_FAULT\n");
        plain("(opened)\nS: 220_backend\n! tell troubled BACKEND_FAULT\n");
        plain("(opened)\n(malformed LINE_TOO_LONG)\n! tell troubled BACKEND_FAULT\n");
        plain("(opened)\n(streamed)\n! tell troubled BACKEND_FAULT\n");
        plain("(opened)\n(troubled TIMED_OUT)\n! tell troubled TIMED_OUT\n");
    }

    @Test
    void aReplyMayBeThreeDigitsOnly() {
        plain("(opened)\nS: 220\nC: EHLO pc.example\n");
    }

    private static Optional<Identity> identity(Peer peer) {
        return Optional.of(new Identity(peer, "s-1", HeloName.of("pc.example")));
    }

    private static Transcript plain(String text) {
        return play(new BackTerms(TlsMode.NONE, Forwarding.NONE, identity(SIX), ANN, Offer.NONE), text);
    }

    private static Transcript starttls(String text) {
        return play(new BackTerms(TlsMode.STARTTLS, Forwarding.NONE, identity(SIX), ANN, Offer.NONE), text);
    }

    private static void xclient(Peer peer, String text) {
        play(new BackTerms(TlsMode.NONE, Forwarding.XCLIENT, identity(peer), ANN, Offer.NONE), text);
    }

    private static Transcript play(BackTerms terms, String text) {
        return Transcript.client(SubmissionBack.open(terms), text);
    }
}
