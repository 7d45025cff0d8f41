package io.dualpost.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dualpost.address.Prefix;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.Fallbacks.Line;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lists of accounts, for people, programs and spreadsheets. */
class RescueReportTest {
    private static final Optional<Prefix> NETWORK = Prefix.parse("2001:db8:1:2::/64");

    private static final RescueReport REPORT = new RescueReport(new Fallbacks.Report(
            List.of(new Line("ann@example.jp", 1, false, NETWORK, Duration.ofMinutes(125),
                    Optional.of(Duration.ofMillis(1430)))),
            List.of(new Line("bob", 3, true, NETWORK, Duration.ofSeconds(12), Optional.empty()),
                    new Line("日本", 2, false, Optional.empty(), Duration.ofDays(3), Optional.empty())),
            List.of()));

    @TempDir
    Path folder;

    @Test
    void forPeople() {
        assertThat(all(REPORT.text())).isEqualTo("""
                Accounts that failed on IPv6 and then came by IPv4: 1
                account         failures  network            ago    delay
                ann@example.jp  1         2001:db8:1:2::/64  2h 5m  1.4s

                Accounts for the rescue host: failed on IPv6 and did not come by IPv4: 2
                account  failures  network            ago    delay
                bob      3         2001:db8:1:2::/64  12s    -      estimate: only seen from the same network
                日本       2         -                  3d 0h  -

                Accounts on the rescue host whose IPv6 works: they could come back: none

                """);
    }

    @Test
    void forPrograms() {
        assertThat(all(REPORT.json())).isEqualTo("{\"fallbacks\":[{\"account\":\"ann@example.jp\",\"failures\":1,"
                + "\"estimate\":false,\"network\":\"2001:db8:1:2::/64\",\"seconds_ago\":7500,\"delay_seconds\":1.430}],"
                + "\"candidates\":[{\"account\":\"bob\",\"failures\":3,\"estimate\":true,\"network\":\"2001:db8:1:2::/64\","
                + "\"seconds_ago\":12},{\"account\":\"日本\",\"failures\":2,\"estimate\":false,\"seconds_ago\":259200}],"
                + "\"returning\":[]}\n");
    }

    @Test
    void forSpreadsheets() {
        assertThat(all(REPORT.csv())).isEqualTo("""
                list,account,failures,estimate,network,seconds_ago,delay_seconds
                fallbacks,ann@example.jp,1,false,2001:db8:1:2::/64,7500,1.430
                candidates,bob,3,true,2001:db8:1:2::/64,12,
                candidates,日本,2,false,,259200,
                """.replace("\n", "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = false, value = {
            "=cmd()|'=cmd()", "+1|'+1", "-1|'-1", "@SUM(A1)|'@SUM(A1)", "=1,\"2\"|\"'=1,\"\"2\"\"\"",
            "\t=1|'\t=1", " =1|' =1", "＝1|'＝1", "a=b|a=b", "a,b|\"a,b\"", "a\"b|\"a\"\"b\"", "'x|'x"})
    void aNameIsNeverAFormula(String account, String cell) {
        assertThat(all(new RescueReport(new Fallbacks.Report(List.of(), List.of(line(account)), List.of())).csv()))
                .endsWith("candidates," + cell + ",2,false,,1,\r\n");
    }

    @Test
    void aNameIsNeverMoreThanACell() {
        String csv = all(new RescueReport(new Fallbacks.Report(List.of(),
                List.of(line("a\r\n=b"), line("\r=1"), line("")), List.of())).csv());

        assertThat(csv).contains("\ncandidates,\"a\r\n=b\",2,", "\ncandidates,\"'\r=1\",2,", "\ncandidates,,2,");
    }

    @Test
    void aNameCannotCommandATerminal() {
        String text = all(new RescueReport(new Fallbacks.Report(List.of(),
                List.of(line("a\u001b[2Jb"), line("c\r\nd"), line("e\u202ef"), line("g\u009bh")), List.of())).text());

        assertThat(text).contains("a\\u{1b}[2Jb ", "c\\u{d}\\u{a}d ", "e\\u{202e}f ", "g\\u{9b}h ")
                .doesNotContain("\u202e");
        assertThat(text.chars().filter(c -> c != '\n' && Character.isISOControl(c))).isEmpty();
    }

    @Test
    @Timeout(60)
    void asManyAccountsAsThereMayBeArriveWhole() throws IOException {
        List<Line> many = IntStream.range(0, Fallbacks.ACCOUNTS)
                .mapToObj(i -> new Line("account-" + i + "@example.jp", 2, i % 2 == 0, NETWORK, Duration.ofSeconds(i),
                        Optional.of(Duration.ofMillis(i))))
                .toList();
        FakeProxy proxy = new FakeProxy();
        proxy.report = new Fallbacks.Report(List.of(), many, List.of());
        Path path = folder.resolve("admin.sock");
        try (AdminServer _ = AdminServer.open(path, Optional.empty(), proxy.answers(), proxy.operations())) {
            for (String accept : List.of("application/json", "text/plain", "text/csv")) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                HttpAnswer answer = new AdminClient(path).get("/rescue", Map.of(), accept);
                answer.writeBody(body);

                assertThat(answer.status()).isEqualTo(200);
                String text = body.toString(UTF_8);
                assertThat(Stream.of(text.split("account-", -1))).hasSize(Fallbacks.ACCOUNTS + 1);
                assertThat(text).contains("account-0@", "account-65535@");
            }
            assertThat(UnixTalk.raw(path, "GET /rescue HTTP/1.0\r\nAccept: text/csv\r\n\r\n"))
                    .startsWith("HTTP/1.1 200")
                    .contains("\r\n\r\nlist,account,").endsWith("65535,65.535\r\n");
            assertThat(UnixTalk.raw(path, "HEAD /rescue HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                    .startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
        }
    }

    @Test
    void aLongListIsMadeWhileItIsSent() {
        AtomicInteger made = new AtomicInteger();
        List<Line> lines = new AbstractList<>() {
            @Override
            public Line get(int index) {
                made.incrementAndGet();
                return line("account-" + index);
            }

            @Override
            public int size() {
                return Fallbacks.ACCOUNTS;
            }
        };
        RescueReport report = new RescueReport(new Fallbacks.Report(lines, lines, lines));
        for (Stream<String> form : List.of(report.json(), report.csv())) {
            made.set(0);
            Pieces pieces = new Pieces(form.iterator(), () -> {
            });
            ByteBuf first = pieces.readChunk(UnpooledByteBufAllocator.DEFAULT);

            assertThat(first.readableBytes()).isBetween(16_000, 17_000);
            assertThat(made).hasValueLessThan(1000);
            assertThat(pieces.isEndOfInput()).isFalse();
            first.release();
        }
    }

    private static Line line(String account) {
        return new Line(account, 2, false, Optional.empty(), Duration.ofSeconds(1), Optional.empty());
    }

    private static String all(Stream<String> pieces) {
        return pieces.collect(Collectors.joining());
    }
}
