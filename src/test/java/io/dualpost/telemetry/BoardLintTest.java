package io.dualpost.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule for boards notices a board that breaks it. */
class BoardLintTest {
    private static final Path GOOD = Path.of(System.getProperty("project.basedir", "."),
            "grafana/dashboards/overview.json");
    private static final Set<String> UIDS = Set.of("dualpost-overview", "dualpost-traffic", "dualpost-timeouts",
            "dualpost-tls", "dualpost-ipv6", "dualpost-backends", "dualpost-jvm");

    static Stream<Arguments> breaches() {
        return Stream.of(
                arguments("\"uid\": \"dualpost-overview\"", "\"uid\": \"x\"", "uid"),
                arguments("\"id\": null", "\"id\": 1", "id"),
                arguments("\"schemaVersion\": 39", "\"schemaVersion\": 38", "schemaVersion"),
                arguments("\"editable\": false", "\"editable\": true", "editable"),
                arguments("\"graphTooltip\": 1", "\"graphTooltip\": 0", "graphTooltip"),
                arguments("\"timezone\": \"browser\"", "\"timezone\": \"utc\"", "timezone"),
                arguments("\"refresh\": \"30s\"", "\"refresh\": \"\"", "refresh"),
                arguments("\"includeVars\": true", "\"includeVars\": false", "no link to the other boards"),
                arguments("\"name\": \"datasource\"", "\"name\": \"source\"", "no variable datasource"),
                arguments("\"name\": \"listener\"", "\"name\": \"hearer\"", "no variable listener"),
                arguments("\"includeAll\": true", "\"includeAll\": false", "no variable service"),
                arguments("\"name\": \"IPv6 withdrawn\"", "\"name\": \"gone\"", "no annotation IPv6 withdrawn"),
                arguments("\"type\": \"row\"", "\"type\": \"text\"", "panels"),
                arguments("\"id\": 3,", "\"id\": 2,", "id twice"),
                arguments("\"title\": \"Over the rescue host\"", "\"title\": \"Share of IPv6\"", "title twice"),
                arguments("\"x\": 12,", "\"x\": 11,", "over another panel"),
                arguments("\"w\": 12,", "\"w\": 13,", "outside the grid"),
                arguments("\"title\": \"IPv6: new connections\"", "\"title\": \"new\"", "not left of IPv6"),
                arguments("**Bad:** ", "", "description"),
                arguments("\"unit\": \"cps\"", "\"unit\": \"\"", "unit"),
                arguments("\"noValue\": \"no data\"", "\"noValue\": \"\"", "noValue"),
                arguments("\"steps\":", "\"stairs\":", "thresholds"),
                arguments("\"displayMode\": \"table\"", "\"displayMode\": \"list\"", "legend"),
                arguments("\"fixedColor\": \"#E69F00\"", "\"fixedColor\": \"#E69F01\"", "colours of the families"),
                arguments("\"uid\": \"${datasource}\"", "\"uid\": \"prometheus\"", "datasource of a query"),
                arguments("/d/dualpost-tls?", "/d/dualpost-tsl?", "link to nowhere"),
                arguments("${__url_time_range}", "", "link forgets the time"),
                arguments("${__all_variables}", "", "link forgets the variables"),
                arguments("job=~\\\"$job\\\",", "", "is not filtered by job"),
                arguments("instance=~\\\"$instance\\\",", "", "is not filtered by instance"),
                arguments("$listener\\\"", "$listner\\\"", "no variable listner"),
                arguments("[$__rate_interval]", "[5m]", "over [5m]"),
                arguments("rate(dualpost_connections_total", "avg(dualpost_connections_total", "read without rate"),
                arguments("(dualpost_listener_up", "rate(dualpost_listener_up", "is a gauge, but under rate("),
                arguments("dualpost_first_byte_seconds", "dualpost_first_bite_seconds",
                        "no metric dualpost_first_bite"),
                arguments("result=\\\"ok\\\"", "result=\\\"fine\\\"", "never has result=fine"),
                arguments("hostrole=", "role=", "has no label role"));
    }

    @ParameterizedTest
    @MethodSource("breaches")
    void noticesABreach(String kept, String broken, String complaint) throws IOException {
        String good = Files.readString(GOOD);
        MetricList metrics = BoardsTest.metrics();
        assertThat(good).contains(kept);
        assertThat(BoardLint.complaints(Node.parse(good), metrics, UIDS)).isEmpty();
        assertThat(BoardLint.complaints(Node.parse(good.replace(kept, broken)), metrics, UIDS))
                .anyMatch(found -> found.contains(complaint));
    }
}
