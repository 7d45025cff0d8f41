package io.dualpost.probe;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * What a probe saw.
 *
 * @param target    what was probed
 * @param rescue    whether it is to be an IPv4-only host
 * @param at        when
 * @param lookup    what DNS said
 * @param timelines one for each address, IPv6 before IPv4
 */
public record Report(Target target, boolean rescue, Instant at, Lookup lookup, List<Timeline> timelines) {
    /** Every address serves, and there is no fault. */
    public static final int ALL_SERVE = 0;
    /** Some address does not serve, or there is a fault such as a wrong certificate. */
    public static final int SOME_DO_NOT = 1;
    /** No address serves. */
    public static final int NONE_SERVES = 3;

    /** Copies the list. */
    public Report {
        timelines = List.copyOf(timelines);
    }

    /** How long each kind of client waits; none without an address. */
    public List<Wait> waits() {
        if (timelines.isEmpty()) {
            return List.of();
        }
        List<Wait.Candidate> candidates = timelines.stream()
                .map(timeline -> new Wait.Candidate(timeline.address(), timeline.outcome())).toList();
        return Arrays.stream(Client.values()).map(client -> Wait.of(client, candidates)).toList();
    }

    /** The verdict. */
    public List<Finding> findings() {
        return Findings.of(this);
    }

    /** How the program ends. */
    public int exitCode() {
        if (timelines.stream().noneMatch(Timeline::serves)) {
            return NONE_SERVES;
        }
        boolean faultless = findings().stream().noneMatch(one -> one.severity() == Finding.Severity.FAULT);
        return faultless && timelines.stream().allMatch(Timeline::serves) ? ALL_SERVE : SOME_DO_NOT;
    }

    /** For people. */
    public String text() {
        return ReportText.of(this);
    }

    /** For programs: one object on one line. */
    public String json() {
        return ReportJson.of(this);
    }
}
