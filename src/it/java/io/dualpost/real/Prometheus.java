package io.dualpost.real;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A real Prometheus that scrapes one proxy every two seconds. */
final class Prometheus implements AutoCloseable {
    private final Server server;
    private final String address;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Prometheus(Server server, String address) {
        this.server = server;
        this.address = address;
    }

    /** One time series of an answer; values in the order of time. */
    record Series(Map<String, String> labels, List<Double> values) {
        /** The latest value. */
        double last() {
            return values.getLast();
        }
    }

    /** Starts it with rules, which it works out every two seconds; it keeps its data in an empty directory. */
    static Prometheus start(Path directory, Path data, int target, String rules) throws IOException {
        Files.writeString(directory.resolve("rules.yml"),
                rules.replaceAll("(?m)^(\\s+)interval: .*$", "$1interval: 2s"));
        Path settings = Files.writeString(directory.resolve("prometheus.yml"), """
                global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s }
                rule_files: [rules.yml]
                scrape_configs:
                  - job_name: dualpost
                    static_configs: [{ targets: ["127.0.0.1:%d"] }]
                """.formatted(target));
        int port = Server.freePort();
        Prometheus prometheus = new Prometheus(
                Server.start(directory, List.of("prometheus", "--config.file=" + settings,
                        "--storage.tsdb.path=" + data, "--web.listen-address=127.0.0.1:" + port), port),
                "http://127.0.0.1:" + port);
        // It listens before it answers.
        try {
            Waiting.until("Prometheus is ready", 60, () -> prometheus.send("/-/ready").statusCode() == 200);
            return prometheus;
        } catch (IOException | RuntimeException e) {
            prometheus.close();
            throw e;
        }
    }

    /** Waits until it has scraped the proxy after a moment, in Unix seconds. */
    void awaitScrape(long after) throws IOException {
        try {
            Waiting.until("a scrape", 60, () -> ask("timestamp(dualpost_draining) > " + after).size() == 1);
        } catch (IOException e) {
            throw new IOException(e.getMessage() + "; targets: " + get("targets", Map.of()), e);
        }
    }

    /** Works out an expression for now. */
    List<Series> ask(String expression) throws IOException {
        return series(get("query", Map.of("query", expression)));
    }

    /** Works out an expression again and again between two times, in Unix seconds. */
    List<Series> ask(String expression, long from, long to, int step) throws IOException {
        return series(get("query_range", Map.of("query", expression, "start", Long.toString(from), "end",
                Long.toString(to), "step", Integer.toString(step))));
    }

    /** The only value of an expression for now. */
    double number(String expression) throws IOException {
        List<Series> all = ask(expression);
        if (all.size() != 1) {
            throw new IOException(expression + ": " + all.size() + " series (expected: one)");
        }
        return all.getFirst().last();
    }

    /** The values of an expression for now by those of labels, joined by a space. */
    Map<String, Double> by(String expression, String... labels) throws IOException {
        Map<String, Double> all = new TreeMap<>();
        for (Series series : ask("sum by (%s) (%s)".formatted(String.join(", ", labels), expression))) {
            all.put(List.of(labels).stream().map(label -> series.labels().getOrDefault(label, ""))
                    .collect(Collectors.joining(" ")), series.last());
        }
        return all;
    }

    /** All values of a label in the series of a selector. */
    List<String> values(String label, String selector) throws IOException {
        return get("label/" + label + "/values", selector.isEmpty() ? Map.of() : Map.of("match[]", selector)).list()
                .stream().map(Tree::text).toList();
    }

    /** All rules as it judges them itself. */
    List<Tree> rules() throws IOException {
        return get("rules", Map.of()).at("groups").list().stream().flatMap(group -> group.at("rules").list().stream())
                .toList();
    }

    @Override
    public void close() {
        http.close();
        server.close();
    }

    private static List<Series> series(Tree data) {
        List<Series> all = new ArrayList<>();
        if (!data.at("result").list().isEmpty() && data.at("resultType").text().matches("scalar|string")) {
            all.add(new Series(Map.of(), List.of(number(data.at("result")))));
            return all;
        }
        for (Tree one : data.at("result").list()) {
            List<Tree> samples = one.at("values").value() == null ? List.of(one.at("value")) : one.at("values").list();
            all.add(new Series(one.at("metric").texts(), samples.stream().map(Prometheus::number).toList()));
        }
        return all;
    }

    private static Double number(Tree sample) {
        return switch (sample.list().get(1).text()) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            case String text -> Double.valueOf(text);
        };
    }

    private Tree get(String what, Map<String, String> parameters) throws IOException {
        String query = new LinkedHashMap<>(parameters).entrySet().stream()
                .map(entry -> URLEncoder.encode(entry.getKey(), StandardCharsets.UTF_8) + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        Tree answer = Tree.parse(send("/api/v1/" + what + "?" + query).body());
        if (!"success".equals(answer.at("status").text())) {
            throw new IOException(what + " " + parameters + ": " + answer.at("error").text());
        }
        return answer.at("data");
    }

    private HttpResponse<String> send(String path) throws IOException {
        try {
            return http.send(HttpRequest.newBuilder(URI.create(address + path)).timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(path + ": interrupted", e);
        }
    }
}
