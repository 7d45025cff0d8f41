package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmissionTransferTest {
    private static final String LOST = "S: 421 4.3.0 Connection to the mail server lost\n! end BACKEND_CLOSE\n";
    private static final String MAIL = """
            C: MAIL FROM:<a@b>
            ! pass MAIL FROM:<a@b>
            (heard 250 2.1.0 ok)
            S: 250 2.1.0 ok
            C: RCPT TO:<c@d>
            ! pass RCPT TO:<c@d>
            (heard 250 2.1.5 ok)
            S: 250 2.1.5 ok
            """;
    private static final String DATA = MAIL + """
            C: DATA
            ! pass DATA
            (heard 354 go ahead)
            S: 354 go ahead
            ! stream dotted
            """;

    @Test
    void aMessageGoesThroughOneCommandAtATime() {
        play(DATA + """
                (streamed)
                (heard 250-2.0.0 queued)
                S: 250-2.0.0 queued
                (heard 250 2.0.0 as 1)
                S: 250 2.0.0 as 1
                ! message accepted
                C: QUIT
                ! pass QUIT
                (heard 221 2.0.0 bye)
                S: 221 2.0.0 bye
                ! end QUIT
                """);
    }

    @Test
    void pipelinedCommandsAreAnsweredInOrder() {
        play("""
                C: MAIL FROM:<a@b>
                ! pass MAIL FROM:<a@b>
                C: RCPT TO:<c@d>
                ! pass RCPT TO:<c@d>
                C: rcpt TO:<e@f>
                ! pass rcpt TO:<e@f>
                C: DATA
                ! pass DATA
                (heard 250 2.1.0 ok)
                S: 250 2.1.0 ok
                (heard 250-2.1.5 ok)
                S: 250-2.1.5 ok
                (heard 250 2.1.5 ok)
                S: 250 2.1.5 ok
                (heard 550 5.1.1 nobody)
                S: 550 5.1.1 nobody
                (heard 354 go ahead)
                S: 354 go ahead
                ! stream dotted
                (streamed)
                (heard 554 5.6.0 refused)
                S: 554 5.6.0 refused
                ! message rejected
                """);
    }

    @Test
    void aRefusedDataLeavesTheClientInCommands() {
        play("""
                C: DATA
                ! pass DATA
                (heard 503-5.5.1 no)
                S: 503-5.5.1 no
                (heard 503 5.5.1 no MAIL)
                S: 503 5.5.1 no MAIL
                C: NOOP
                ! pass NOOP
                (heard 250 ok)
                S: 250 ok
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AUTH PLAIN AGFubgBzZWNyZXQ=:503 5.5.1 Bad sequence of commands",
            "STARTTLS:503 5.5.1 Bad sequence of commands",
            "XCLIENT ADDR=192.0.2.1:502 5.5.1 Command not supported here",
            "xClient LOGIN=bob:502 5.5.1 Command not supported here",
            "XFORWARD NAME=x:502 5.5.1 Command not supported here", "ETRN x:502 5.5.1 Command not supported here",
            "BURL imap LAST:502 5.5.1 Command not supported here", "XYZZY:500 5.5.2 Command not recognized",
            " XCLIENT ADDR=192.0.2.1:500 5.5.2 Command not recognized",
            "XCLIENT\tADDR=192.0.2.1:500 5.5.2 Command not recognized", ":500 5.5.2 Command not recognized"})
    void whatOnlyTheProxyMaySayIsAnsweredByItAfterAllThatIsOwed(String pair) {
        String command = pair.substring(0, pair.lastIndexOf(':'));
        String answer = pair.substring(pair.lastIndexOf(':') + 1);
        play("C: " + command + "\nS: " + answer + "\n");
        Transcript settling = play("""
                C: MAIL FROM:<a@b>
                ! pass MAIL FROM:<a@b>
                C: RCPT TO:<c@d>
                ! pass RCPT TO:<c@d>
                C: %s
                """.formatted(command));
        assertThat(settling.dialogue().listens()).isFalse();
        settling.play("""
                (heard 250 2.1.0 ok)
                S: 250 2.1.0 ok
                (heard 250 2.1.5 ok)
                S: 250 2.1.5 ok
                S: %s
                C: NOOP
                ! pass NOOP
                """.formatted(answer));
    }

    @Test
    void theProxysTwentiethRefusalEndsTheSessionWith421() {
        String mistake = "C: XCLIENT ADDR=192.0.2.1\nS: 502 5.5.1 Command not supported here\n";
        play(mistake.repeat(19) + "C: XYZZY\nS: 421 4.7.0 Too many errors\n! end PROTOCOL_ERROR\n");
        play(mistake.repeat(19) + """
                C: NOOP
                ! pass NOOP
                C: XYZZY
                (heard 250 ok)
                S: 250 ok
                S: 421 4.7.0 Too many errors
                ! end PROTOCOL_ERROR
                """);
    }

    @Test
    void linesThatAreNoCommandsAreAnsweredInOrder() {
        play("""
                C: NOOP
                ! pass NOOP
                (malformed LINE_TOO_LONG)
                (heard 250 ok)
                S: 250 ok
                S: 500 5.5.6 Line too long
                (malformed BAD_OCTETS)
                S: 500 5.5.2 CR, LF or NUL where none may be
                """);
    }

    @Test
    void aCommandIsNoLongerThanABackendMustTake() {
        String filler = "x".repeat(505);
        play("C: NOOP " + filler + "x\nS: 500 5.5.6 Line too long\nC: NOOP " + filler + "\n! pass NOOP " + filler
                + "\n");
        String parameters = "MAIL FROM:<a@b> AUTH=" + "x".repeat(900);
        play("C: " + parameters + "\n! pass " + parameters + "\n");
        assertThat(SubmissionTransfer
                .begin(new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE), Offer.NONE)
                .lineLimit()).isLessThan(2046);
    }

    @Test
    void chunksAreCountedAndTheLastOneIsAMessage() {
        play(MAIL + """
                C: BDAT 12
                ! pass BDAT 12
                ! stream chunk 12
                (streamed)
                C: BDAT 0 last
                ! pass BDAT 0 LAST
                ! stream chunk 0
                (heard 250 2.0.0 12 octets)
                S: 250 2.0.0 12 octets
                (streamed)
                (heard 250 2.0.0 queued)
                S: 250 2.0.0 queued
                ! message accepted
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C: RSET\n! pass RSET\n! message aborted\n",
            "C: EHLO pc\n! pass EHLO pc\n(heard 250 mail)\nS: 250 mail\n! message aborted\n"})
    void aMessageThatIsGivenUpBetweenItsChunksIsAborted(String given) {
        play(MAIL + """
                C: BDAT 12
                ! pass BDAT 12
                ! stream chunk 12
                (streamed)
                (heard 250 2.0.0 12 octets)
                S: 250 2.0.0 12 octets
                """ + given + """
                C: RSET
                ! pass RSET
                """);
    }

    // What the proxy reads as a chunk and the backend as an error would make commands of the octets of the chunk.
    @Test
    void aChunkIsAnnouncedInOneFormOnly() {
        play("""
                C: bdat  0000012   last\\s
                ! pass BDAT 12 LAST
                ! stream chunk 12
                """.replace("\\s", " "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "-1", "1.5", "12 LAST LAST", "12 FIRST", "LAST", "12LAST", "+12", "0x10",
            "1000000000000000"})
    void aMalformedChunkEndsTheSessionBecauseItsOctetsCannotBeCounted(String argument) {
        play("C: BDAT " + argument + "\nS: 501 5.5.4 Bad argument\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void aChunkForABackendWithoutChunkingEndsTheSessionAfterAllThatIsOwed() {
        Transcript.server(
                SubmissionTransfer.begin(new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE),
                        Offer.of(List.of("PIPELINING"))),
                """
                        C: MAIL FROM:<a@b>
                        ! pass MAIL FROM:<a@b>
                        C: BDAT 30 LAST
                        (heard 250 ok)
                        S: 250 ok
                        S: 502 5.5.1 Command not supported here
                        ! end PROTOCOL_ERROR
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "C: EHLO pc\n! pass EHLO pc\n(heard 250-mail)\n(heard 250 PIPELINING)\nS: 250-mail\nS: 250 PIPELINING\n",
            "C: HELO pc\n! pass HELO pc\n(heard 250 mail)\nS: 250 mail\n"})
    void chunkingIsWhatTheBackendAnnouncedLast(String hello) {
        play(hello + "C: BDAT 5\nS: 502 5.5.1 Command not supported here\n! end PROTOCOL_ERROR\n");
    }

    @Test
    void anAnswerBeforeTheEndOfTheContentIsTheVerdict() {
        play(DATA + """
                (heard 552-5.3.4 too big)
                S: 552-5.3.4 too big
                (heard 552 5.3.4 really)
                S: 552 5.3.4 really
                ! message rejected
                (streamed)
                C: NOOP
                ! pass NOOP
                """);
        play(MAIL + """
                C: BDAT 5 LAST
                ! pass BDAT 5 LAST
                ! stream chunk 5
                (heard 250 2.0.0 queued)
                S: 250 2.0.0 queued
                ! message accepted
                (streamed)
                C: NOOP
                ! pass NOOP
                """);
    }

    @Test
    void contentAgainstThePolicyIsRefusedOnceAndTheSessionEnds() {
        play(DATA + "(streamed bare)\nS: 550 5.6.11 Message content has a bare CR or LF\n! end PROTOCOL_ERROR\n");
        play(DATA + """
                (heard 552 5.3.4 too big)
                S: 552 5.3.4 too big
                ! message rejected
                (streamed bare)
                ! end PROTOCOL_ERROR
                """);
    }

    @Test
    void whatTheBackendSaysWith421ReachesTheClientOnce() {
        play("(heard 421 4.3.2 going down)\nS: 421 4.3.2 going down\n(troubled BACKEND_LOST)\n! end BACKEND_CLOSE\n");
        play(DATA + """
                (heard 421 4.3.2 going down)
                S: 421 4.3.2 going down
                ! message deferred
                (troubled BACKEND_LOST)
                ! end BACKEND_CLOSE
                """);
        play(DATA + """
                (streamed)
                (heard 421 4.3.2 going down)
                S: 421 4.3.2 going down
                ! message deferred
                (troubled BACKEND_LOST)
                ! end BACKEND_CLOSE
                """);
        play("""
                C: NOOP
                ! pass NOOP
                (heard 421 4.3.2 going down)
                S: 421 4.3.2 going down
                (troubled BACKEND_LOST)
                ! end BACKEND_CLOSE
                """);
    }

    @Test
    void ehloAfterLoginIsFiltered() {
        play("""
                C: EHLO pc.example
                ! pass EHLO pc.example
                (heard 250-mail greets you)
                (heard 250-PIPELINING)
                (heard 250-AUTH PLAIN LOGIN)
                (heard 250-AUTH=PLAIN)
                (heard 250-STARTTLS)
                (heard 250-XCLIENT NAME ADDR)
                (heard 250-XFORWARD NAME ADDR)
                (heard 250-ETRN)
                (heard 250-CHUNKING)
                (heard 250 SIZE 1000)
                S: 250-mail greets you
                S: 250-PIPELINING
                S: 250-CHUNKING
                S: 250 SIZE 1000
                C: BDAT 5
                ! pass BDAT 5
                ! stream chunk 5
                """);
        play("""
                C: EHLO bad name
                ! pass EHLO bad name
                (heard 501 5.5.4 no)
                S: 501 5.5.4 no
                C: NOOP
                ! pass NOOP
                """);
    }

    @Test
    void aGreetingWithoutEndIsABackendLost() {
        play("C: EHLO pc\n! pass EHLO pc\n" + "(heard 250-SIZE)\n".repeat(129) + LOST);
    }

    @Test
    void drainWaitsForTheEndOfTheTransaction() {
        play(DATA + """
                (troubled DRAINING)
                (streamed)
                (heard 250 2.0.0 queued)
                S: 250 2.0.0 queued
                ! message accepted
                S: 421 4.3.2 Server is going down, try again later
                ! end SHUTDOWN
                """);
        play(MAIL + """
                (troubled DRAINING)
                C: RSET
                ! pass RSET
                (heard 250 ok)
                S: 250 ok
                S: 421 4.3.2 Server is going down, try again later
                ! end SHUTDOWN
                """);
        play(MAIL + """
                (troubled DRAINING)
                C: EHLO pc
                ! pass EHLO pc
                (heard 501 no)
                S: 501 no
                C: BDAT 5 LAST
                ! pass BDAT 5 LAST
                ! stream chunk 5
                (streamed)
                (heard 250 2.0.0 queued)
                S: 250 2.0.0 queued
                ! message accepted
                S: 421 4.3.2 Server is going down, try again later
                ! end SHUTDOWN
                """);
    }

    @Test
    void drainBetweenTransactionsEndsAtOnceOrAfterWhatIsOwed() {
        play("(troubled DRAINING)\nS: 421 4.3.2 Server is going down, try again later\n! end SHUTDOWN\n");
        play("""
                C: NOOP
                ! pass NOOP
                C: XYZZY
                (troubled DRAINING)
                (heard 250 ok)
                S: 250 ok
                S: 500 5.5.2 Command not recognized
                S: 421 4.3.2 Server is going down, try again later
                ! end SHUTDOWN
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", MAIL, DATA, DATA + "(streamed)\n", "C: NOOP\n! pass NOOP\nC: XYZZY\n",
            "C: DATA\n! pass DATA\n",
            "C: EHLO pc\n! pass EHLO pc\n(heard 250-mail)\n", "C: BDAT 5\n! pass BDAT 5\n! stream chunk 5\n"})
    void aLostOrFaultyBackendIsSaidWith421InEveryState(String before) {
        play(before + "(troubled BACKEND_LOST)\n" + LOST);
        play(before + "(troubled BACKEND_FAULT)\n" + LOST);
        play(before + "(heard nonsense)\n" + LOST);
        play(before + "(heard 199 too low)\n" + LOST);
        play(before + "(troubled TIMED_OUT)\nS: 421 4.4.2 Timed out\n! end TIMEOUT\n");
        play(before + "(troubled INTERNAL)\nS: 421 4.3.0 Internal error\n! end INTERNAL\n");
    }

    // A reply that nobody asked for, or a "go ahead" for anything but DATA: the count of answers is lost.
    @Test
    void aBackendThatAnswersWhatWasNotAskedIsLost() {
        play("(heard 250 ok)\n" + LOST);
        play("C: NOOP\n! pass NOOP\n(heard 354 go ahead)\n" + LOST);
        play("C: DATA\n! pass DATA\n(heard 350 go ahead)\n" + LOST);
        play(DATA + "(streamed)\n(heard 354 more)\n" + LOST);
        play(DATA + "(heard 354 more)\n" + LOST);
        play(DATA + "(heard 552 big)\nS: 552 big\n! message rejected\n(heard 250 queued)\n" + LOST);
        play("C: EHLO pc\n! pass EHLO pc\n(heard 354 go ahead)\n" + LOST);
    }

    @Test
    void aBackendThatClosesInsteadOfAnsweringQuitIsNoTrouble() {
        play("C: QUIT\n! pass QUIT\n(troubled BACKEND_LOST)\n! end QUIT\n");
        play("C: NOOP\n! pass NOOP\nC: QUIT\n! pass QUIT\n(troubled BACKEND_LOST)\n" + LOST);
    }

    @Test
    void aRefusedQuitEndsNothing() {
        play("C: QUIT now\n! pass QUIT now\n(heard 501 no argument)\nS: 501 no argument\nC: NOOP\n! pass NOOP\n");
    }

    @Test
    void aSecondLoginCannotHappen() {
        play("(joined 235 ok)\nS: 421 4.3.0 Internal error\n! end INTERNAL\n");
    }

    @Test
    void theBackendOwesAtMostAHundredAnswers() {
        Transcript full = play("C: NOOP\n! pass NOOP\n".repeat(100));
        assertThat(full.dialogue().listens()).isFalse();
        full.play("(heard 250 ok)\nS: 250 ok\nC: NOOP\n! pass NOOP\n");
    }

    @Test
    void whatMayNotBeOfferedIsNotServedAfterLoginEither() {
        Transcript.server(
                SubmissionTransfer.begin(
                        new FrontTerms(true, false, Offer.NONE, List.of("SIZE"), LineEndings.NORMALIZE),
                        Offer.of(List.of("CHUNKING", "SIZE 1000"))),
                """
                        C: EHLO pc
                        ! pass EHLO pc
                        (heard 250-backend)
                        (heard 250-CHUNKING)
                        (heard 250-DSN)
                        (heard 250 SIZE 1000)
                        S: 250-backend
                        S: 250 SIZE 1000
                        C: BDAT 30 LAST
                        S: 502 5.5.1 Command not supported here
                        ! end PROTOCOL_ERROR
                        """);
    }

    @Test
    void aStrictListenerStreamsByItsOwnPolicy() {
        Dialogue strict = SubmissionTransfer
                .begin(new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.REJECT), Offer.NONE);
        Step step = Transcript.server(strict, "C: DATA\n! pass DATA\n").dialogue()
                .on(new Event.Heard(Line.of("354 go ahead")));
        assertThat(step.actions()).contains(new Action.Stream(new Content.Dotted(LineEndings.REJECT)));
    }

    private static Transcript play(String text) {
        return Transcript.server(
                SubmissionTransfer.begin(new FrontTerms(true, false, Offer.NONE, List.of(), LineEndings.NORMALIZE),
                        Offer.of(List.of("CHUNKING", "PIPELINING"))),
                text);
    }
}
