package io.dualpost.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.mail.Event;
import io.dualpost.mail.Line;
import io.dualpost.mail.LineEndings;
import io.dualpost.mail.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineFramerTest {
    private static final int LIMIT = 5;
    private static final String TOO_LONG = Refusal.LINE_TOO_LONG.name();
    private static final String BAD = Refusal.BAD_OCTETS.name();

    private static ByteBuf buffer(String octets) {
        return Unpooled.copiedBuffer(octets, StandardCharsets.ISO_8859_1);
    }

    private static void take(LineFramer framer, List<String> heard) {
        for (Optional<Event> next = framer.next(LIMIT); next.isPresent(); next = framer.next(LIMIT)) {
            heard.add(switch (next.get()) {
                case Event.Said(Line line) -> line.octets();
                case Event.Malformed(Refusal refusal) -> refusal.name();
                default -> throw new AssertionError(next);
            });
        }
    }

    private static void add(LineFramer framer, String octets) {
        framer.add(ByteBufAllocator.DEFAULT, buffer(octets));
    }

    // In one piece, in two pieces cut anywhere, and octet by octet.
    private static void assertLines(LineEndings endings, String octets, String... lines) {
        for (int cut = 0; cut <= octets.length(); cut++) {
            LineFramer framer = new LineFramer(endings, false);
            List<String> heard = new ArrayList<>();
            add(framer, octets.substring(0, cut));
            take(framer, heard);
            add(framer, octets.substring(cut));
            take(framer, heard);
            framer.take().release();
            assertThat(heard).as("cut at %s", cut).containsExactly(lines);
        }
        LineFramer framer = new LineFramer(endings, false);
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < octets.length(); i++) {
            add(framer, octets.substring(i, i + 1));
            take(framer, heard);
        }
        framer.take().release();
        assertThat(heard).as("octet by octet").containsExactly(lines);
    }

    @Test
    void linesComeOutAsTheyWentInHoweverTheyAreCut() {
        assertLines(LineEndings.NORMALIZE, "ab\r\n\r\n12345\r\n\u00e9\u0001\u00ff\r\nrest", "ab", "", "12345",
                "\u00e9\u0001\u00ff");
    }

    @Test
    void aLineThatIsTooLongIsSaidOnceAndTheNextOneIsSound() {
        assertLines(LineEndings.NORMALIZE, "123456\r\nok\r\n" + "x".repeat(50) + "\r\nok\r\n", TOO_LONG, "ok",
                TOO_LONG, "ok");
    }

    @Test
    void carriageReturnAndNulAreInNoLine() {
        assertLines(LineEndings.NORMALIZE, "a\rb\r\na\u0000b\r\nab\r\r\nok\r\n", BAD, BAD, BAD, "ok");
    }

    @Test
    void aLoneLineFeedEndsALineOrIsRefused() {
        assertLines(LineEndings.NORMALIZE, "ab\ncd\r\n\n", "ab", "cd", "");
        assertLines(LineEndings.REJECT, "ab\ncd\r\n\n", BAD, "cd", BAD);
    }

    @Test
    void whatWasNotAskedForIsHeldAndGivenUpWhole() {
        LineFramer framer = new LineFramer(LineEndings.NORMALIZE, true);
        assertThat(framer.isEmpty()).isTrue();
        add(framer, "STLS\r\nUSER");
        assertThat(framer.next(LIMIT)).hasToString("Optional[Said[line=***]]");
        assertThat(framer.isEmpty()).isFalse();
        ByteBuf rest = framer.take();
        assertThat(rest.toString(StandardCharsets.ISO_8859_1)).isEqualTo("USER");
        rest.release();
        assertThat(framer.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1", "1000"})
    void aLineWithoutEndIsNotKept(int piece) {
        LineFramer framer = new LineFramer(LineEndings.NORMALIZE, false);
        List<String> heard = new ArrayList<>();
        for (int i = 0; i < 5_000; i += piece) {
            add(framer, "x".repeat(piece));
            take(framer, heard);
            assertThat(framer.held().readableBytes()).isLessThanOrEqualTo(LIMIT + 1);
        }
        framer.take().release();
        assertThat(heard).containsExactly(TOO_LONG);
    }
}
