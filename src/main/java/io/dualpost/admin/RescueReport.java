package io.dualpost.admin;

import io.dualpost.address.Prefix;
import io.dualpost.gate.Fallbacks;
import io.dualpost.gate.Fallbacks.Line;
import io.dualpost.telemetry.Json;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The three lists of accounts, in pieces: they may be long. */
record RescueReport(Fallbacks.Report report) {
    /** What formulas begin with, half and full width. */
    private static final String FORMULA = "=+-@\uff1d\uff0b\uff0d\uff20";
    private static final String CSV_HEAD = "list,account,failures,estimate,network,seconds_ago,delay_seconds\r\n";

    /** One line of JSON. */
    Stream<String> json() {
        return Words.inTurn(
                List.of(Stream.of("{\"fallbacks\":["), array(report.fallbacks()), Stream.of("],\"candidates\":["),
                        array(report.candidates()), Stream.of("],\"returning\":["), array(report.returning()),
                        Stream.of("]}\n")));
    }

    /** Three tables for people. */
    Stream<String> text() {
        return Words.inTurn(List.of(table("Accounts that failed on IPv6 and then came by IPv4", report.fallbacks()),
                table("Accounts for the rescue host: failed on IPv6 and did not come by IPv4", report.candidates()),
                table("Accounts on the rescue host whose IPv6 works: they could come back", report.returning())));
    }

    /** RFC 4180, safe for spreadsheets. */
    Stream<String> csv() {
        return Words.inTurn(List.of(Stream.of(CSV_HEAD), rows("fallbacks", report.fallbacks()),
                rows("candidates", report.candidates()), rows("returning", report.returning())));
    }

    private static Stream<String> array(List<Line> lines) {
        return IntStream.range(0, lines.size()).mapToObj(i -> (i == 0 ? "" : ",") + json(lines.get(i)));
    }

    private static Stream<String> rows(String list, List<Line> lines) {
        return lines.stream().map(line -> String.join(",", list, cell(line.account()),
                Integer.toString(line.failures()), Boolean.toString(line.estimate()),
                line.network().map(Prefix::toString).orElse(""), Long.toString(line.ago().toSeconds()),
                line.delay().map(RescueReport::seconds).orElse("")) + "\r\n");
    }

    private static Stream<String> table(String title, List<Line> lines) {
        if (lines.isEmpty()) {
            return Stream.of(title + ": none\n\n");
        }
        return Words.inTurn(List.of(Stream.of(title + ": " + lines.size() + "\n"),
                Table.lines(List.of("account", "failures", "network", "ago", "delay", ""), lines,
                        line -> List.of(line.account(), Integer.toString(line.failures()),
                                line.network().map(Prefix::toString).orElse("-"), Words.time(line.ago()),
                                line.delay().map(Words::time).orElse("-"),
                                line.estimate() ? "estimate: only seen from the same network" : "")),
                Stream.of("\n")));
    }

    private static String json(Line line) {
        Json json = new Json().put("account", line.account()).put("failures", line.failures())
                .put("estimate", line.estimate());
        line.network().ifPresent(network -> json.put("network", network.toString()));
        json.put("seconds_ago", line.ago().toSeconds());
        line.delay().ifPresent(delay -> json.raw("delay_seconds", seconds(delay)));
        return json.toString();
    }

    private static String seconds(Duration time) {
        return time.toSeconds() + "." + Integer.toString(1000 + time.toMillisPart()).substring(1);
    }

    // Clients choose account names, and spreadsheets take some of them for formulas.
    private static String cell(String text) {
        String begins = text.stripLeading();
        boolean formula = !begins.isEmpty() && FORMULA.indexOf(begins.charAt(0)) >= 0;
        String safe = formula ? "'" + text : text;
        return safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')
                ? "\"" + safe.replace("\"", "\"\"") + "\""
                : safe;
    }
}
