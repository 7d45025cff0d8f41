package io.dualpost.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The failures that were measured with real clients, with a round trip of 20 ms. */
class WaitTest {
    private static final Outcome SERVES = new Outcome.Serves(millis(20), millis(60));
    private static final Outcome REFUSED = new Outcome.Refused(millis(20));
    private static final Outcome UNREACHABLE = new Outcome.Unreachable(millis(30));
    private static final Outcome DROPPED = new Outcome.Dropped();
    /** A path-MTU hole, or a dead backend: TCP is there, and nothing after it. */
    private static final Outcome HANGS = new Outcome.Hangs(millis(20));
    /** Accepted and reset, closed, or told 421. */
    private static final Outcome BREAKS = new Outcome.Breaks(millis(20), millis(45));

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    /** The n-th address: six* are IPv6, four* are IPv4. */
    private static InetAddress address(String name) {
        return InetAddress
                .ofLiteral(name.startsWith("six") ? "2001:db8::" + name.charAt(3) : "192.0.2." + name.charAt(4));
    }

    private static Wait.Candidate at(String name, Outcome outcome) {
        return new Wait.Candidate(address(name), outcome);
    }

    private static String words(Wait wait) {
        return wait.result() + " " + wait.after().toMillis()
                + wait.address().map(address -> " " + address.getHostAddress().replaceAll("2001:.*:", "six")
                        .replace("192.0.2.", "four")).orElse("");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void eachKindOfClientWaitsAsLongAsItsRuleSays(String name, List<Wait.Candidate> candidates, String none,
            String linux, String windows, String fast) {
        assertThat(Arrays.stream(Client.values()).map(client -> words(Wait.of(client, candidates))).toList())
                .containsExactly(none, linux, windows, fast);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure("all serve", List.of(at("six1", SERVES), at("four1", SERVES)),
                        "GREETED 60 six1", "GREETED 60 six1", "GREETED 60 six1", "GREETED 60 six1"),
                failure("IPv6 refused", List.of(at("six1", REFUSED), at("four1", SERVES)),
                        "ERROR 20", "GREETED 80 four1", "GREETED 2080 four1", "GREETED 80 four1"),
                failure("IPv6 unreachable", List.of(at("six1", UNREACHABLE), at("four1", SERVES)),
                        "ERROR 30", "GREETED 90 four1", "GREETED 90 four1", "GREETED 90 four1"),
                failure("IPv6 dropped", List.of(at("six1", DROPPED), at("four1", SERVES)),
                        "ERROR 134000", "GREETED 134060 four1", "GREETED 21060 four1", "GREETED 310 four1"),
                failure("hole after connect", List.of(at("six1", HANGS), at("four1", SERVES)),
                        "HANGS 20 six1", "HANGS 20 six1", "HANGS 20 six1", "HANGS 20 six1"),
                failure("421 after connect", List.of(at("six1", BREAKS), at("four1", SERVES)),
                        "ERROR 45 six1", "ERROR 45 six1", "ERROR 45 six1", "ERROR 45 six1"),
                failure("IPv4 dead", List.of(at("six1", SERVES), at("four1", DROPPED)),
                        "GREETED 60 six1", "GREETED 60 six1", "GREETED 60 six1", "GREETED 60 six1"),
                failure("IPv6 dead twice", List.of(at("six1", DROPPED), at("six2", DROPPED), at("four1", SERVES)),
                        "ERROR 134000", "GREETED 268060 four1", "GREETED 42060 four1", "GREETED 310 four1"),
                failure("all refused", List.of(at("six1", REFUSED), at("four1", REFUSED)),
                        "ERROR 20", "ERROR 40", "ERROR 4040", "ERROR 40"),
                failure("all dropped", List.of(at("six1", DROPPED), at("four1", DROPPED)),
                        "ERROR 134000", "ERROR 268000", "ERROR 42000", "ERROR 134250"),
                failure("IPv4 only", List.of(at("four1", SERVES)),
                        "GREETED 60 four1", "GREETED 60 four1", "GREETED 60 four1", "GREETED 60 four1"),
                failure("no address", List.of(), "ERROR 0", "ERROR 0", "ERROR 0", "ERROR 0"));
    }

    private static Arguments failure(String name, List<Wait.Candidate> candidates, String... waits) {
        List<Object> all = new ArrayList<>(List.of(name, candidates));
        all.addAll(List.of(waits));
        return Arguments.of(all.toArray());
    }

    @Test
    void aRaceIsWonByTheFirstConnectionAndLostWithIt() {
        Outcome slow = new Outcome.Serves(millis(400), millis(900));
        assertThat(words(Wait.of(Client.FAST_FALLBACK, List.of(at("six1", slow), at("four1", SERVES)))))
                .isEqualTo("GREETED 310 four1");
        assertThat(words(Wait.of(Client.FAST_FALLBACK, List.of(at("six1", slow), at("four1", HANGS)))))
                .isEqualTo("HANGS 270 four1");
        Outcome justInTime = new Outcome.Serves(millis(270), millis(300));
        assertThat(words(Wait.of(Client.FAST_FALLBACK, List.of(at("six1", justInTime), at("four1", SERVES)))))
                .isEqualTo("GREETED 300 six1");
    }

    @Test
    void aRaceTurnsToTheOtherFamilyBeforeTheNextAddressOfTheSame() {
        List<Wait.Candidate> candidates = List.of(at("six1", DROPPED), at("six2", SERVES), at("four1", DROPPED),
                at("four2", SERVES));
        assertThat(words(Wait.of(Client.FAST_FALLBACK, candidates))).isEqualTo("GREETED 560 six2");
    }
}
