package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dualpost.address.Family;
import io.dualpost.mail.Protocol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Clients that mean harm: they get the protocol's words or none, and leave nothing behind, not even an error in the log. */
class HostileClientTest {
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void nothingWentWrongInside() {
        root.detachAppender(log);
        assertThat(log.list).allSatisfy(event -> {
            assertThat(event.getLevel()).as(event.getFormattedMessage()).isNotEqualTo(Level.ERROR);
            assertThat(event.getThrowableProxy()).as(event.getFormattedMessage()).isNull();
        });
    }

    private static FakeBackend nobody() throws IOException {
        return FakeBackend.open(Wire::end);
    }

    @Test
    void aLineInThousandsOfTinyRecordsIsOneLine() throws Exception {
        try (FakeBackend backend = nobody();
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.secure(Family.IPV4)) {
            client.hear("220 ").ask("EHLO there", "250 ");
            for (int i = 0; i < 4000; i++) {
                client.raw(i == 0 ? "A" : i == 1 ? "U" : i == 2 ? "T" : i == 3 ? "H" : i == 4 ? " " : "x");
            }
            client.ask("", "504 ").ask("QUIT", "221");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            bed.empty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMegabyteOfEmptyLinesIsSoonEnough(Protocol protocol) throws Exception {
        try (FakeBackend backend = nobody();
                Bed bed = Bed.of(protocol, backend).plain().open();
                Wire client = bed.client()) {
            client.line();
            sayUnheard(client, "\r\n".repeat(512 * 1024));
            assertThat(client.rest()).hasSizeLessThan(100);
            assertThat(bed.record()).contains("\"cause\":\"protocol_error\"");
            bed.empty();
        }
    }

    @Test
    void pipelinedNoopsWaitForASlowBackend() throws Exception {
        int count = 10_000;
        CountDownLatch all = new CountDownLatch(1);
        try (FakeBackend backend = FakeBackend.open(FakeBackend.submission(proxy -> {
            for (int i = 0; i < count; i++) {
                // No more than a hundred come ahead of their answers, so the first hundred are held up for a while.
                proxy.hear("NOOP");
                if (i == 99) {
                    proxy.raw("250 ok\r\n".repeat(100));
                } else if (i > 99) {
                    proxy.say("250 ok");
                }
            }
            all.countDown();
            proxy.hear("QUIT").say("221 bye");
        }));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            Thread.ofVirtual().start(() -> {
                try {
                    client.raw("NOOP\r\n".repeat(count) + "QUIT\r\n");
                } catch (IOException e) {
                    return;
                }
            });
            for (int i = 0; i < count; i++) {
                client.hear("250 ok");
            }
            assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(client.rest()).containsExactly("221 bye", "WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            assertThat(backend.failures()).isEmpty();
        }
    }

    private record Line(String said, String answer) {
        @Override
        public String toString() {
            return said.length() > 40 ? said.substring(0, 40) + "... " + said.length() : said;
        }
    }

    private static Stream<Line> lines() {
        return Stream.of(new Line("AUTH PLAIN " + "A".repeat(12_288 - 13), "501 "),
                new Line("AUTH PLAIN " + "A".repeat(12_289), "500 "),
                new Line("AUTH PLAIN " + "A".repeat(1024 * 1024), "500 "),
                new Line("EHLO \u00e4\u00f6\u00fc", "250 "), new Line("EHLO a\u0000b", "500 "),
                new Line("EHLO " + "x".repeat(505), "250 "), new Line("EHLO " + "x".repeat(506), "500 "),
                new Line("XCLIENT ADDR=192.0.2.1", "5"), new Line("NO\rOP", "500 "),
                new Line("\u0016\u0003\u0001", "500 "), new Line("GET / HTTP/1.1", "500 "));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aStrangeLineIsAnsweredOnceAndTheSessionGoesOn(Line line) throws Exception {
        try (FakeBackend backend = nobody();
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).plain().open();
                Wire client = bed.client()) {
            client.hear("220 ").ask("EHLO there", "250 ").ask(line.said, line.answer).ask("NOOP", "250 2.0.0 OK")
                    .ask("QUIT", "221");
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            assertThat(backend.connections()).isZero();
        }
    }

    @Test
    void aChunkBeforeLoginIsRefusedAndItsOctetsAreNoCommands() throws Exception {
        try (FakeBackend backend = nobody();
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).plain().open();
                Wire client = bed.client()) {
            client.hear("220 ").ask("EHLO there", "250 ").ask("BDAT 0 LAST", "530 ").raw("BDAT 6\r\nQUIT\r\n")
                    .hear("530 ").ask("NOOP", "250").ask("BDAT 9223372036854775807", "501 ");
            assertThat(client.rest()).containsExactly("WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"protocol_error\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775807", "18446744073709551616", "-1", "0x10", "1 LAST LAST", ""})
    void aChunkWithoutASoundSizeEndsTheSessionAndNeverReachesTheBackend(String size) throws Exception {
        try (FakeBackend backend = FakeBackend.open(
                FakeBackend.submission(proxy -> assertThat(proxy.rest()).doesNotContain("BDAT").hasSize(1)));
                Bed bed = Bed.of(Protocol.SUBMISSION, backend).open();
                Wire client = bed.loggedIn()) {
            client.ask("BDAT " + size, "501 ");
            assertThat(client.rest()).containsExactly("WHOLE");
            assertThat(bed.record()).contains("\"cause\":\"protocol_error\"");
            await().until(() -> backend.over() == 1);
            assertThat(backend.failures()).isEmpty();
        }
    }

    @Test
    void halfOpenClientsOfOneNetworkStopAtTheirCeilingAndOthersStillGetIn() throws Exception {
        List<Wire> flood = new ArrayList<>();
        try (FakeBackend backend = nobody();
                Bed bed = Bed.of(Protocol.POP3, backend).limits(1000, 20).open()) {
            for (int i = 0; i < 60; i++) {
                flood.add(bed.client(Family.IPV4));
            }
            for (int i = 0; i < 40; i++) {
                assertThat(bed.record()).contains("\"cause\":\"limit\"", "\"refusal\":\"prefix_limit\"");
            }
            assertThat(bed.gate().sessions()).isEqualTo(20);
            try (Wire other = bed.secure(Family.IPV6)) {
                other.hear("+OK ").ask("QUIT", "+OK");
            }
            assertThat(bed.record()).contains("\"cause\":\"quit\"");
            for (Wire wire : flood) {
                wire.close();
            }
            bed.empty();
        }
    }

    // The end may come while there is still something to say.
    private static void sayUnheard(Wire client, String octets) {
        Thread.ofVirtual().start(() -> {
            try {
                client.raw(octets);
            } catch (IOException over) {
                return;
            }
        });
    }
}
