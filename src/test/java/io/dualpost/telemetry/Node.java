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
record Node(@Nullable Object value) {
    static Node read(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    static Node parse(String text) {
        return new Node(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /** Digs through objects by name. */
    Node at(String... names) {
        Object found = value;
        for (String name : names) {
            found = found instanceof Map<?, ?> map ? map.get(name) : null;
        }
        return new Node(found);
    }

    List<Node> list() {
        List<Node> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(item -> all.add(new Node(item)));
        }
        return all;
    }

    Optional<Node> first(String name, String text) {
        return list().stream().filter(item -> item.at(name).text().equals(text)).findFirst();
    }

    String text() {
        return value == null ? "" : String.valueOf(value);
    }

    int number() {
        return value instanceof Number number ? number.intValue() : -1;
    }
}
