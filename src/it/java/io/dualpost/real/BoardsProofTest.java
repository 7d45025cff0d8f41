package io.dualpost.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dualpost.mail.TlsMode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What operators see: a real Prometheus scrapes the real program while users come and much goes wrong, and answers every
 * query of every board and rule. Its data stay in {@code target/boards} for the pictures.
 */
@Tag("real")
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(RealServers.class)
class BoardsProofTest {
    /** How many users come; more make longer pictures. */
    private static final int USERS = Integer.parseInt(System.getenv().getOrDefault("BOARDS_USERS", "120"));
    private static final int PER_ADDRESS = 30;
    private static final int STEP_SECONDS = 2;
    /** For rates the last events need scrapes behind them. */
    private static final int SETTLED_SECONDS = 3 * STEP_SECONDS;
    private static final Path KEPT = World.project().resolve("target/boards");
    private static final Path RULES = World.project().resolve("grafana/rules/dualpost.yml");

    /** What may have no answer, and why. */
    private static final Map<Pattern, String> EMPTY = Map.of(
            Pattern.compile(".* @ .*"), "nothing is restarted, changed or withdrawn",
            Pattern.compile(".*Not handed over by the kernel.*"), "descriptors and memory suffice",
            Pattern.compile(".*Fallbacks to IPv4 and their delay.*"),
            "whether a user comes by IPv4 next, chance decides");

    private final World world;
    private final Dualpost dualpost;
    private final List<Talk> guests = new ArrayList<>();
    private final Tally tally = new Tally();
    private Prometheus prometheus;
    private Map<String, Integer> users;
    private long began;
    private long ended;

    BoardsProofTest(World world) throws IOException {
        this.world = world;
        Setup.Backends dovecot = Setup.Backends.plain(world.dovecot().xclientPort(), "xclient");
        dualpost = new Setup(world)
                .pop3("pop",
                        dovecot.and("[::1]:" + world.dovecot().xclientPort()).and("127.0.0.1:" + Server.freePort()))
                .submission("submission", Setup.Backends.plain(world.postfix().xclientPort(), "xclient"))
                .pop3(Mishaps.HASTY, dovecot).timeouts("tls: 1s, greeting: 1s")
                .pop3(Mishaps.ORPHAN, Setup.Backends.plain(Server.freePort(), "xclient"))
                .limits("sessions_per_prefix: " + PER_ADDRESS).ipv6("refuse: [\"::1\"]").start();
    }

    @BeforeAll
    void fill() throws IOException {
        empty(KEPT);
        prometheus = Prometheus.start(world.scratch("prometheus"), KEPT.resolve("prometheus"),
                dualpost.setup().adminPort(), Files.readString(RULES));
        prometheus.awaitScrape(0);
        began = Instant.now().getEpochSecond();
        // What happens before the first scrape of that time is no growth in it.
        prometheus.awaitScrape(began);
        Mishaps mishaps = new Mishaps(world, dualpost);
        Traffic traffic = Traffic.start(world, dualpost);
        for (InetAddress address : List.of(World.IPV4, World.IPV4, World.IPV6, World.IPV6, World.IPV6)) {
            guests.add(mishaps.guest(address));
        }
        mishaps.crowd(PER_ADDRESS);
        for (Mishap mishap : Mishap.values()) {
            mishap.happen(mishaps, tally);
        }
        mishaps.disperse();
        users = traffic.finish(USERS);
        long over = Instant.now().getEpochSecond();
        Waiting.until("a scrape after the last session", 60, () -> prometheus.ask("""
                sum(dualpost_connections_active) == %d and on () min(timestamp(dualpost_draining)) > %d
                """.formatted(guests.size(), over + SETTLED_SECONDS)).size() == 1);
        ended = Instant.now().getEpochSecond();
        countUsers();
        Files.writeString(KEPT.resolve("times"), began + " " + ended + "\n");
    }

    @AfterAll
    void stop() throws IOException {
        for (Talk guest : guests) {
            guest.close();
        }
        dualpost.close();
        prometheus.close();
        world.postfix().settle();
        world.mailbox(Account.INBOX).clear();
    }

    @Test
    void everyQueryOfEveryBoardAnswers() throws IOException {
        List<String> complaints = new ArrayList<>();
        Boards boards = boards();
        assertThat(boards.questions()).hasSizeGreaterThan(100);
        for (Boards.Question question : boards.questions()) {
            List<Double> values = answer(question).stream().flatMap(series -> series.values().stream()).toList();
            if (values.stream().anyMatch(value -> value.isInfinite())) {
                complaints.add("infinite: " + question);
            }
            if (values.stream().allMatch(value -> value.isNaN())
                    && EMPTY.keySet().stream().noneMatch(pattern -> pattern.matcher(question.place()).matches())) {
                complaints.add("no answer: " + question);
            }
            double top = question.unit().equals("percentunit") ? 1.0000001 : Double.MAX_VALUE;
            // A state may be -1: there is no address.
            double least = question.unit().equals("none") ? -1 : 0;
            if (values.stream().anyMatch(value -> value < least || value > top)) {
                complaints.add("below " + least + " or above " + top + ": " + question);
            }
        }
        assertThat(complaints).isEmpty();
    }

    @Test
    void everyMishapShowsOnTheBoardsUnderItsLabelAndNoOther() throws IOException {
        Set<String> shown = new TreeSet<>();
        Set<String> known = new TreeSet<>();
        tally.counters()
                .forEach((counter, values) -> values.keySet().forEach(value -> known.add(counter + " " + value)));
        // The boards ask for accepted messages, and for the share of the rest.
        known.removeIf(counter -> counter.startsWith("messages_total "));
        for (Boards.Question question : boards().questions()) {
            for (Prometheus.Series series : answer(question)) {
                if (series.values().stream().anyMatch(value -> value > 0)) {
                    note(question, series, shown);
                }
            }
        }
        assertThat(shown).containsExactlyElementsOf(known);
    }

    /** Adds to what is shown the counter, family and value that a series of a question is about, if it is about one. */
    private void note(Boards.Question question, Prometheus.Series series, Set<String> shown) {
        for (String counter : tally.counters().keySet()) {
            String metric = counter.substring(0, counter.indexOf(' '));
            String label = counter.substring(counter.indexOf(' ') + 1);
            String value = series.labels().get(label);
            if (value == null || !question.expression().contains("dualpost_" + metric + "{")) {
                continue;
            }
            for (String family : List.of("ipv4", "ipv6")) {
                if (family.equals(series.labels().get("family"))
                        || question.expression().contains("family=\"" + family + "\"")) {
                    shown.add(counter + " " + family + " " + value);
                }
            }
        }
    }

    @Test
    void countersSayWhatHappened() throws IOException {
        for (Map.Entry<String, Map<String, Double>> entry : tally.counters().entrySet()) {
            String[] words = entry.getKey().split(" ", 2);
            assertThat(positive("dualpost_" + words[0], "family", words[1])).as(entry.getKey())
                    .isEqualTo(entry.getValue());
        }
        assertThat(positive("dualpost_backend_connects_total{pool=\"orphan\"}", "result"))
                .isEqualTo(Map.of("refused", 8.0));
    }

    @Test
    void aServiceThatNobodyCanServeHasNoIpv6() throws IOException {
        assertThat(positive("dualpost_listener_withdrawn", "listener", "family", "reason").keySet()).hasSize(2)
                .allMatch(where -> where.matches(Mishaps.ORPHAN + "-\\d+ ipv6 backends"));
        int port = dualpost.setup().target(Mishaps.ORPHAN, TlsMode.IMPLICIT, World.POP, World.IPV6).port();
        assertThatThrownBy(() -> Talk.connect(World.IPV6, World.IPV6, port).close())
                .isInstanceOf(ConnectException.class).hasMessageContaining("refused");
    }

    @Test
    void whoComesFromANetworkOfTheSetIsCountedAndServed() throws IOException {
        assertThat(positive("dualpost_gate_networks", "origin")).isEqualTo(Map.of("static", 1.0));
        assertThat(positive("dualpost_gate_refusals_total", "method"))
                .isEqualTo(Map.of("observed", tally.ended("ipv6") + 3));
    }

    @Test
    void sessionsPerFamilyAndHostAreThoseThatCame() throws IOException {
        assertThat(positive("dualpost_connections_active", "family")).isEqualTo(Map.of("ipv4", 2.0, "ipv6", 3.0));
        assertThat(positive("dualpost_connections_total", "family")).isEqualTo(
                Map.of("ipv4", tally.ended("ipv4") + 2, "ipv6", tally.ended("ipv6") + 3));
        assertThat(positive("dualpost_connections_total{hostrole=\"rescue\"}", "family"))
                .isEqualTo(Map.of("ipv4", (double) came("ipv4 rescue")));
        double share = prometheus.number("sum(dualpost_logins_total{family=\"ipv6\",result=\"ok\"})"
                + " / sum(dualpost_logins_total{result=\"ok\"})");
        assertThat(share).isBetween(0.3, 0.5);
        for (Boards.Question question : boards().questions()) {
            if (question.place().startsWith("dualpost-overview / Share of IPv6 ")) {
                assertThat(answer(question).getFirst().last()).as(question.place()).isBetween(0.25, 0.6);
            }
        }
    }

    @Test
    void everyRuleWorksAndOnlyWhatIsWrongAlerts() throws IOException {
        List<Tree> rules = prometheus.rules();
        assertThat(rules).hasSizeGreaterThan(30);
        Set<String> alerting = new TreeSet<>();
        for (Tree rule : rules) {
            String name = rule.at("name").text();
            assertThat(rule.at("health").text()).as(name + ": " + rule.at("lastError").text()).isEqualTo("ok");
            List<Prometheus.Series> answers = prometheus.ask(rule.at("query").text());
            if (rule.at("type").text().equals("recording")) {
                assertThat(answers).as(name).isNotEmpty().allMatch(series -> Double.isFinite(series.last()));
            } else if (!answers.isEmpty()) {
                alerting.add(name);
            }
        }
        // A busy machine makes event loops and scrapes late; whether a listener was open this week is asked each 15 minutes.
        alerting.removeAll(Set.of("DualpostEventLoopLate", "DualpostScrapeMissing", "DualpostIpv6Withdrawn"));
        assertThat(alerting).containsExactlyInAnyOrder("DualpostPoolDown", "DualpostBackendDown",
                "DualpostCertificateExpiresNow");
    }

    private Boards boards() throws IOException {
        long seconds = ended - began;
        return Boards.read(prometheus, Map.of("__rate_interval", "10s", "__interval", "2s", "__range", seconds + "s",
                "__range_s", Long.toString(seconds), "__range_ms", Long.toString(seconds * 1000)));
    }

    private List<Prometheus.Series> answer(Boards.Question question) throws IOException {
        return question.instant()
                ? prometheus.ask(question.expression())
                : prometheus.ask(question.expression(), began, ended, STEP_SECONDS);
    }

    private Map<String, Double> positive(String selector, String... labels) throws IOException {
        Map<String, Double> all = prometheus.by(selector, labels);
        all.values().removeIf(value -> value == 0);
        return all;
    }

    private void countUsers() {
        for (String family : List.of("ipv4", "ipv6")) {
            int all = came(family);
            tally.add("connections_closed_total cause quit", family, all);
            tally.add("logins_total result ok", family, all + (family.equals("ipv4") ? 2 : 3));
            tally.add("messages_total outcome accepted", family, came(family + " submission"));
            tally.add("tls_starttls_total outcome accepted", family, came(family + " starttls"));
        }
        tally.add("connections_closed_total cause quit", "ipv4", PER_ADDRESS);
        // They sat there without a word for longer than the guard looks on; over IPv4 that is only counted.
        tally.add("guard_verdicts_total verdict silent", "ipv4", PER_ADDRESS);
    }

    private int came(String kind) {
        return users.getOrDefault(kind, 0);
    }

    private static void empty(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectories(directory);
    }
}
