package io.dualpost.admin;

import io.dualpost.telemetry.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How answers say times and lists. */
final class Words {
    private Words() {}

    /** The two largest units of a length of time: {@code 3d 4h}, {@code 12m 3s}, {@code 1.4s}. */
    static String time(Duration time) {
        if (time.toDays() > 0) {
            return time.toDays() + "d " + time.toHoursPart() + "h";
        }
        if (time.toHours() > 0) {
            return time.toHours() + "h " + time.toMinutesPart() + "m";
        }
        if (time.toMinutes() > 0) {
            return time.toMinutes() + "m " + time.toSecondsPart() + "s";
        }
        long tenths = time.toMillis() / 100;
        return tenths < 100 ? tenths / 10 + "." + tenths % 10 + "s" : tenths / 10 + "s";
    }

    /** A point in time, RFC 3339 in UTC, to the second. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** So many of a thing whose plural ends in s. */
    static String count(int number, String thing) {
        return number == 1 ? "1 " + thing : "%,d %ss".formatted(number, thing);
    }

    /** One after the other, each begun when it is reached: flatMap would make and keep the whole of each. */
    static Stream<String> inTurn(List<Stream<String>> streams) {
        return streams.reversed().stream().reduce(Stream.empty(), (rest, one) -> Stream.concat(one, rest));
    }

    /** An array of JSON. */
    static String array(List<String> texts) {
        return texts.stream().map(Json::quoted).collect(Collectors.joining(",", "[", "]"));
    }
}
