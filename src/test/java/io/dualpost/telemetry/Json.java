package io.dualpost.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A value of a JSON or YAML file; what is not there is an empty text, an empty list, or nothing. */
record Json(@Nullable Object value) {
    static Json read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static Json parse(String text) {
        return new Json(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /** Digs through objects by name. */
    Json at(String... names) {
        Object found = value;
        for (String name : names) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Json(found);
    }

    List<Json> list() {
        List<Json> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> all.add(new Json(item)));
        }
        return all;
    }

    Optional<Json> first(String name, String text) {
        return list().stream().filter(item -> item.at(name).text().equals(text)).findFirst();
    }

    String text() {
        return value == null ? "" : String.valueOf(value);
    }

    int number() {
        return value instanceof Number number ? number.intValue() : -1;
    }
}
