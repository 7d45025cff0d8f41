package io.dualpost.admin;

import io.dualpost.address.Prefix;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.Fallbacks.Line;
import io.dualpost.telemetry.Json;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The three lists of accounts, in pieces: they may be long. */
record RescueReport(Fallbacks.Report report) {
    private static final String CSV_HEAD = "list,account,failures,estimate,network,seconds_ago,delay_seconds\r\n";

    /** One list. */
    private record Part(String name, String title, List<Line> lines) {}

    private List<Part> parts() {
        return List.of(
                new Part("fallbacks", "Accounts that failed on IPv6 and then came by IPv4", report.fallbacks()),
                new Part("candidates", "Accounts for the rescue host: failed on IPv6 and did not come by IPv4",
                        report.candidates()),
                new Part("returning", "Accounts on the rescue host whose IPv6 works: they could come back",
                        report.returning()));
    }

    /** One line of JSON. */
    Stream<String> json() {
        List<Part> parts = parts();
        Stream<String> lists = IntStream.range(0, parts.size()).boxed().flatMap(i -> {
            Part part = parts.get(i);
            return Stream.of(Stream.of((i == 0 ? "{\"" : ",\"") + part.name() + "\":["),
                    IntStream.range(0, part.lines().size())
                            .mapToObj(j -> (j == 0 ? "" : ",") + json(part.lines().get(j))),
                    Stream.of("]")).flatMap(Function.identity());
        });
        return Stream.concat(lists, Stream.of("}\n"));
    }

    /** Three tables for people. */
    Stream<String> text() {
        return parts().stream().flatMap(part -> Stream.of(
                Stream.of(part.title() + ": " + (part.lines().isEmpty()
                        ? "none"
                        : Integer.toString(part.lines().size())) + "\n"),
                part.lines().isEmpty() ? Stream.<String>empty() : table(part.lines()), Stream.of("\n"))
                .flatMap(Function.identity()));
    }

    /** RFC 4180, safe for spreadsheets. */
    Stream<String> csv() {
        return Stream.concat(Stream.of(CSV_HEAD),
                parts().stream().flatMap(part -> part.lines().stream().map(line -> String.join(",", part.name(),
                        cell(line.account()), Integer.toString(line.failures()), Boolean.toString(line.estimate()),
                        line.network().map(Prefix::toString).orElse(""), Long.toString(line.ago().toSeconds()),
                        line.delay().map(delay -> seconds(delay.toMillis())).orElse("")) + "\r\n")));
    }

    private static Stream<String> table(List<Line> lines) {
        return Table.lines(List.of("account", "failures", "network", "ago", "delay", ""), lines,
                line -> List.of(line.account(), Integer.toString(line.failures()),
                        line.network().map(Prefix::toString).orElse("-"), Words.time(line.ago()),
                        line.delay().map(Words::time).orElse("-"),
                        line.estimate() ? "estimate: only seen from the same network" : ""));
    }

    private static String json(Line line) {
        Json json = new Json().put("account", line.account()).put("failures", line.failures())
                .put("estimate", line.estimate());
        line.network().ifPresent(network -> json.put("network", network.toString()));
        json.put("seconds_ago", line.ago().toSeconds());
        line.delay().ifPresent(delay -> json.raw("delay_seconds", seconds(delay.toMillis())));
        return json.toString();
    }

    private static String seconds(long millis) {
        return millis / 1000 + ".%03d".formatted(millis % 1000);
    }

    // Clients choose account names, and spreadsheets take some of them for formulas.
    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20".indexOf(text.charAt(0)) >= 0
                ? "'" + text
                : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
