package io.dualpost.telemetry;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a board must keep to, so that all are read alike and none misleads. */
final class BoardLint {
    /** A pair that people with any kind of colour vision tell apart. */
    private static final Map<String, String> COLOURS = Map.of("ipv4", "#0072B2", "ipv6", "#E69F00");
    private static final List<String> VARIABLES = List.of("job", "instance", "service", "listener");
    private static final List<String> EVENTS = List.of("Restart", "Configuration changed", "IPv6 withdrawn",
            "Draining");
    private static final List<String> MEANING = List.of("**Good:** ", "**Bad:** ", "**To do:** ");
    private static final String SOURCE = "${datasource}";
    private static final int COLUMNS = 24;
    private static final int PANELS = 15;

    private final MetricList metrics;
    private final Set<String> uids;
    private final List<String> wrong = new ArrayList<>();

    private BoardLint(MetricList metrics, Set<String> uids) {
        this.metrics = metrics;
        this.uids = uids;
    }

    static List<String> complaints(Node board, MetricList metrics, Set<String> uids) {
        BoardLint lint = new BoardLint(metrics, uids);
        lint.frame(board);
        lint.variables(board.at("templating", "list"));
        lint.annotations(board);
        lint.places(board.at("panels").list());
        panels(board).forEach(panel -> lint.panel(panel, board));
        return lint.wrong;
    }

    static List<Node> panels(Node board) {
        return board.at("panels").list().stream().filter(panel -> !panel.at("type").text().equals("row")).toList();
    }

    private void demand(boolean right, String complaint) {
        if (!right) {
            wrong.add(complaint);
        }
    }

    private void frame(Node board) {
        demand(board.at("uid").text().matches("dualpost-[a-z0-9]{1,31}"), "uid");
        demand(board.at("id").value() == null, "id");
        int schema = board.at("schemaVersion").number();
        demand(schema >= 39 && schema <= 41, "schemaVersion");
        demand(board.at("editable").text().equals("false"), "editable");
        demand(board.at("graphTooltip").number() == 1, "graphTooltip");
        demand(board.at("timezone").text().equals("browser"), "timezone");
        demand(!board.at("refresh").text().isEmpty() && !board.at("description").text().isEmpty(),
                "refresh, description");
        demand(board.at("tags").list().stream().anyMatch(tag -> tag.text().equals("dualpost")), "tags");
        demand(board.at("links").first("type", "dashboards").filter(link -> link.at("tags").text().equals("[dualpost]")
                && link.at("includeVars").text().equals("true") && link.at("keepTime").text().equals("true"))
                .isPresent(), "no link to the other boards");
    }

    private void variables(Node list) {
        demand(list.first("name", "datasource").filter(source -> source.at("type").text().equals("datasource")
                && source.at("query").text().equals("prometheus")).isPresent(), "no variable datasource");
        for (String name : VARIABLES) {
            demand(list.first("name", name).filter(one -> one.at("multi").text().equals("true")
                    && one.at("includeAll").text().equals("true")
                    && one.at("datasource", "uid").text().equals(SOURCE)).isPresent(), "no variable " + name);
        }
    }

    private void annotations(Node board) {
        for (String event : EVENTS) {
            demand(board.at("annotations", "list").first("name", event).isPresent(), "no annotation " + event);
        }
        board.at("annotations", "list").list().forEach(one -> queries(one.at("name").text(), one, board));
    }

    private void places(List<Node> all) {
        Set<String> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        long shown = all.stream().filter(panel -> !panel.at("type").text().equals("row")).count();
        demand(shown <= PANELS, shown + " panels");
        for (Node panel : all) {
            String title = panel.at("title").text();
            demand(!title.isEmpty() && ids.add(title), "title twice: " + title);
            demand(ids.add(panel.at("id").text()), title + ": id twice");
            Node at = panel.at("gridPos");
            demand(at.at("x").number() >= 0 && at.at("w").number() > 0 && at.at("h").number() > 0
                    && at.at("x").number() + at.at("w").number() <= COLUMNS, title + ": outside the grid");
            for (int x = 0; x < at.at("w").number(); x++) {
                for (int y = 0; y < at.at("h").number(); y++) {
                    String cell = (at.at("x").number() + x) + "," + (at.at("y").number() + y);
                    if (!cells.add(cell)) {
                        wrong.add(title + ": over another panel");
                        return;
                    }
                }
            }
        }
        for (Node left : all) {
            String title = left.at("title").text();
            if (title.startsWith("IPv4: ")) {
                demand(all.stream().anyMatch(right -> right.at("title").text().equals("IPv6" + title.substring(4))
                        && right.at("type").equals(left.at("type"))
                        && isRightOf(right.at("gridPos"), left.at("gridPos"))),
                        title + ": not left of IPv6");
            }
        }
    }

    private static boolean isRightOf(Node right, Node left) {
        return right.at("x").number() == left.at("x").number() + left.at("w").number()
                && List.of("y", "w", "h").stream().allMatch(side -> right.at(side).equals(left.at(side)));
    }

    private void panel(Node panel, Node board) {
        String title = panel.at("title").text();
        String description = panel.at("description").text();
        demand(MEANING.stream().allMatch(description::contains), title + ": description");
        Node defaults = panel.at("fieldConfig", "defaults");
        demand(!defaults.at("unit").text().isEmpty(), title + ": unit");
        demand(!defaults.at("noValue").text().isEmpty(), title + ": noValue");
        demand(!defaults.at("thresholds", "steps").list().isEmpty(), title + ": thresholds");
        demand(panel.at("datasource", "uid").text().equals(SOURCE), title + ": datasource");
        if (panel.at("type").text().equals("timeseries")) {
            demand(panel.at("options", "legend", "displayMode").text().equals("table"), title + ": legend");
            demand(!panel.at("targets").list().stream().allMatch(target -> target.at("expr").text().contains("family"))
                    || colours(panel).equals(COLOURS), title + ": colours of the families");
        }
        List<Node> targets = panel.at("targets").list();
        demand(!targets.isEmpty(), title + ": no query");
        targets.forEach(target -> queries(title, target, board));
        defaults.at("links").list().forEach(link -> link(title, link.at("url").text()));
    }

    private static Map<String, String> colours(Node panel) {
        return panel.at("fieldConfig", "overrides").list().stream()
                .filter(override -> override.at("matcher", "options").text().matches("/.*ipv[46].*/i"))
                .collect(Collectors.toMap(
                        override -> override.at("matcher", "options").text().replaceAll(".*(ipv[46]).*", "$1"),
                        override -> override.at("properties").first("id", "color").map(
                                color -> color.at("value", "fixedColor").text()).orElse(""),
                        (one, other) -> one + " or " + other));
    }

    private void queries(String title, Node query, Node board) {
        String text = query.at("expr").text();
        if (query.at("builtIn").number() == 1) {
            return;
        }
        Set<String> variables = board.at("templating", "list").list().stream().map(one -> one.at("name").text())
                .collect(Collectors.toSet());
        demand(!text.isEmpty(), title + ": empty query");
        demand(query.at("datasource", "uid").text().equals(SOURCE), title + ": datasource of a query");
        new QueryLint(metrics, variables).complaints(text).forEach(complaint -> wrong.add(title + ": " + complaint));
    }

    private void link(String title, String url) {
        List<MatchResult> to = Pattern.compile("^/d/([\\w-]+)\\?").matcher(url).results().toList();
        demand(to.size() == 1 && uids.contains(to.getFirst().group(1)), title + ": link to nowhere: " + url);
        demand(url.contains("${__url_time_range}"), title + ": link forgets the time");
        demand(url.contains("${__all_variables}") || List.of("datasource", "job", "instance").stream()
                .allMatch(name -> url.contains("${" + name + ":queryparam}")), title + ": link forgets the variables");
    }
}
