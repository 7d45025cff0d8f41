package io.dualpost.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentScannerTest {
    private static final int LONGEST = 7;
    private static final int LONGEST_OF_ANY = 4;
    // Among them what becomes CR and LF where the eighth bit is lost, and NUL, which some servers drop.
    private static final String ANY = "\r\n.\u0000\u008d\u008a";
    private static final int MARGIN = 3;
    private static final List<String> CRLF = List.of("\r\n");
    private static final List<String> ALL = List.of("\r\n", "\n", "\r", "\n\r", "\r\r\n");
    private static final Pattern TRUE_END = Pattern.compile("(^|(?<=\r\n))\\.\r\n");
    private static final Pattern HELD = Pattern.compile("((^|(?<=\n))\\.\r?|\r)\\z");
    private static final Pattern LONE_LF = Pattern.compile("(?<!\r)\n");
    private static final Pattern LONE_CR = Pattern.compile("\r(?!\n)");
    private static final Pattern BARE = Pattern.compile("(?<!\r)\n|\r(?!\n)");

    /** What became of one message: what passed, how many octets it took, whether it ended and met the policy. */
    private record Scanned(String passed, int taken, boolean ended, boolean clean) {}

    @Test
    void everyShortMessageInEveryCutIsWhatTheSlowReferenceMakesOfIt() {
        everyMessage(message -> everyCut(message, LineEndings.NORMALIZE, reference(message)));
    }

    @Test
    void whatStandsInWordsOfEightOctetsIsScannedLikeWhatDoesNot() {
        everyMessage(letters -> {
            String message = letters.replace("a", "abcdefghijk");
            ByteBuffer in = framed(message);
            same(LineEndings.NORMALIZE, in, new int[] {0, message.length()}, reference(message));
        });
    }

    @Test
    void rejectingPassesTheSameAsLongAsNothingIsBareAndNeverAnEndAfterIt() {
        everyMessage(message -> {
            Scanned whole = scanned(LineEndings.REJECT, message);
            Scanned normalized = reference(message);
            boolean clean = !hasBare(message, normalized);
            boolean right = clean
                    ? whole.equals(normalized)
                    : !whole.clean() && whole.taken() == normalized.taken() && whole.ended() == normalized.ended()
                            && normalized.passed().startsWith(whole.passed())
                            && !("\r\n" + whole.passed()).contains("\r\n.\r\n");
            if (!right) {
                fail(shown(message) + ": " + whole);
            }
            everyCut(message, LineEndings.REJECT, whole);
        });
    }

    @Test
    void noServerSeesAnEndButTheOneAtTheEnd() {
        everyMessage(message -> {
            for (LineEndings policy : LineEndings.values()) {
                Scanned scanned = scanned(policy, message);
                String passed = scanned.passed();
                boolean whole = scanned.ended() && scanned.clean();
                // First a strict server, then one that takes for a line's end whatever any server was ever seen to take.
                if (firstEnd(CRLF, passed) != (whole ? passed.length() : -1)
                        || firstEnd(ALL, passed) != (whole ? passed.length() : -1) || BARE.matcher(passed).find()) {
                    fail(policy + " " + shown(message) + ": passed as " + shown(passed));
                }
            }
        });
    }

    @Test
    void theLenientServerOfTheTestTakesEveryEnd() {
        for (String end : List.of("\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r\n.\r", "\r.\r\n", "\r\n.\r\n")) {
            assertThat(firstEnd(ALL, "a" + end + "b")).as(shown(end)).isPositive();
            assertThat(firstEnd(CRLF, "a" + end + "b") > 0).as(shown(end)).isEqualTo(end.equals("\r\n.\r\n"));
        }
    }

    @Test
    void theWordWiseSearchFindsALineEndAtEveryAlignmentAmongHighOctets() {
        for (int before = 0; before < 24; before++) {
            for (int behind = 0; behind < 12; behind++) {
                for (String filler : List.of("\u0080", "\u008a", "\u008d", "\u00ff", "\u000b", "\u000c", "\u000e",
                        "\u0009", "\u0001\u0000")) {
                    String head = filler.repeat(before);
                    String tail = filler.repeat(behind);
                    assertPasses(head + "\n" + tail + "\r\n.\r\n", head + "\r\n" + tail + "\r\n.\r\n");
                    assertPasses(head + "\r" + tail + "\r\n.\r\n",
                            head + (tail.isEmpty() ? " " : " " + tail) + "\r\n.\r\n");
                    assertPasses(head + "\r\n" + tail + "\r\n.\r\n", head + "\r\n" + tail + "\r\n.\r\n");
                }
            }
        }
    }

    @Test
    void whatPassesWithoutChangeComesInOnePieceAndIsNotCopied() {
        String message = "Subject: x\r\n\r\nline\r\n..stuffed\r\n.dot\r\n.\r\n";
        ByteBuffer in = framed(message + "QUIT\r\n");
        Passed passed = new Passed(in);
        passed.between(MARGIN, in.limit());
        int behind = new ContentScanner(LineEndings.NORMALIZE).scan(in, MARGIN, in.limit(), passed);
        assertThat(passed.text).hasToString(message);
        assertThat(passed.pieces).isEqualTo(1);
        assertThat(behind).isEqualTo(MARGIN + message.length());
        assertThat(in.position()).isZero();
    }

    private static void assertPasses(String message, String passed) {
        assertThat(scanned(LineEndings.NORMALIZE, message).passed()).as(shown(message)).isEqualTo(passed);
    }

    /** All short strings over what matters, as they are, and with an end and a next command behind. */
    private static void everyMessage(Consumer<String> test) {
        everyString("\r\n.a", LONGEST, test);
        everyString(ANY, LONGEST_OF_ANY, test);
    }

    private static void everyString(String alphabet, int longest, Consumer<String> test) {
        List<String> shorter = List.of("");
        for (int length = 0; length <= longest; length++) {
            for (String message : shorter) {
                test.accept(message);
                test.accept(message + "\r\n.\r\na\r\n");
            }
            shorter = shorter.stream()
                    .flatMap(head -> alphabet.chars().mapToObj(tail -> head + (char) tail)).toList();
        }
    }

    /** Index behind the first end of data for a server that takes these for the ends of a line; -1 if there is none. */
    private static int firstEnd(List<String> lineEnds, String passed) {
        for (int i = 0; i < passed.length(); i++) {
            // At the start, for the line that said DATA ended there.
            boolean atStart = i == 0;
            for (String end : lineEnds) {
                atStart |= i >= end.length() && passed.startsWith(end, i - end.length());
            }
            if (atStart && passed.charAt(i) == '.') {
                for (String end : lineEnds) {
                    if (passed.startsWith(end, i + 1)) {
                        return i + 1 + end.length();
                    }
                }
            }
        }
        return -1;
    }

    private static void everyCut(String message, LineEndings policy, Scanned expected) {
        ByteBuffer in = framed(message);
        for (int cut = 0; cut <= message.length(); cut++) {
            same(policy, in, new int[] {0, cut, message.length()}, expected);
        }
        same(policy, in, IntStream.rangeClosed(0, message.length()).toArray(), expected);
    }

    // AssertJ's descriptions would be made millions of times.
    private static void same(LineEndings policy, ByteBuffer in, int[] cuts, Scanned expected) {
        Scanned scanned = scanned(policy, in, cuts);
        if (!scanned.equals(expected)) {
            assertThat(scanned).as("cut at " + Arrays.toString(cuts)).isEqualTo(expected);
        }
    }

    private static Scanned scanned(LineEndings policy, String message) {
        return scanned(policy, framed(message), new int[] {0, message.length()});
    }

    private static Scanned scanned(LineEndings policy, ByteBuffer in, int[] cuts) {
        ContentScanner scanner = new ContentScanner(policy);
        Passed passed = new Passed(in);
        int taken = 0;
        for (int i = 1; i < cuts.length && !scanner.ended(); i++) {
            passed.between(MARGIN + cuts[i - 1], MARGIN + cuts[i]);
            taken = scanner.scan(in, MARGIN + cuts[i - 1], MARGIN + cuts[i], passed) - MARGIN;
        }
        return new Scanned(passed.text.toString(), taken, scanner.ended(), scanner.clean());
    }

    /** The message with octets around it that must not matter. */
    private static ByteBuffer framed(String message) {
        return ByteBuffer.wrap(("\r\n." + message + "\r\n.").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Collects what passes, and sees to it that it comes from the range. */
    private static final class Passed implements ContentScanner.Sink {
        final StringBuilder text = new StringBuilder();
        int pieces;
        private final ByteBuffer in;
        private int least;
        private int most;

        Passed(ByteBuffer in) {
            this.in = in;
        }

        void between(int from, int to) {
            least = from;
            most = to;
        }

        @Override
        public void pass(int from, int to) {
            if (from < least || to > most || from >= to) {
                throw new IllegalArgumentException(from + " to " + to + " (expected: in the range, not empty)");
            }
            pieces++;
            for (int i = from; i < to; i++) {
                text.append((char) (in.get(i) & 0xff));
            }
        }

        @Override
        public void insert(byte[] octets) {
            pieces++;
            text.append(new String(octets, StandardCharsets.ISO_8859_1));
        }
    }

    /** The same over again, slowly and plainly. */
    private static Scanned reference(String message) {
        Matcher end = TRUE_END.matcher(message);
        boolean ended = end.find();
        String content = message.substring(0, ended ? end.start() : message.length());
        if (!ended) {
            content = HELD.matcher(content).replaceFirst("");
        }
        String lines = "\r\n" + LONE_CR.matcher(LONE_LF.matcher(content).replaceAll("\r\n")).replaceAll(" ");
        while (lines.contains("\r\n.\r\n")) {
            lines = lines.replace("\r\n.\r\n", "\r\n..\r\n");
        }
        return new Scanned(lines.substring(2) + (ended ? ".\r\n" : ""), ended ? end.end() : message.length(), ended,
                true);
    }

    private static boolean hasBare(String message, Scanned normalized) {
        String scanned = message.substring(0, normalized.taken());
        return BARE.matcher(normalized.ended() ? scanned : scanned.replaceFirst("\r\\z", "")).find();
    }

    private static String shown(String message) {
        return message.replace("\r", "<CR>").replace("\n", "<LF>");
    }
}
