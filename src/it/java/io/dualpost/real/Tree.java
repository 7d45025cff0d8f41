package io.dualpost.real;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What a JSON or YAML text says; what is not there reads as empty. */
record Tree(@Nullable Object value) {
    /** Reads YAML, of which JSON is a part. */
    static Tree parse(String text) {
        return new Tree(new Load(LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build())
                .loadFromString(text));
    }

    /** Reads a file. */
    static Tree of(Path file) throws IOException {
        return parse(Files.readString(file));
    }

    /** A member of a map, deeper with each key. */
    Tree at(String... keys) {
        Object now = value;
        for (String key : keys) {
            now = now instanceof Map<?, ?> map ? map.get(key) : null;
        }
        return new Tree(now);
    }

    /** Members of a list. */
    List<Tree> list() {
        List<Tree> all = new ArrayList<>();
        if (value instanceof List<?> list) {
            for (Object member : list) {
                all.add(new Tree(member));
            }
        }
        return all;
    }

    /** All members of a map as text. */
    Map<String, String> texts() {
        Map<String, String> all = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, member) -> all.put(String.valueOf(key), String.valueOf(member)));
        }
        return all;
    }

    /** As text. */
    String text() {
        return value == null ? "" : value.toString();
    }

    /** Whether it says true. */
    boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }
}
