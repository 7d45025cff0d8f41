package io.dualpost.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The shipped schema, reference and sample say what the reader knows. After a change: {@code mvn test -Dregenerate=true}. */
class DescriptionTest {
    private static final Path PROJECT = Path.of(System.getProperty("project.basedir", "."));
    private static final Path SAMPLE = PROJECT.resolve("deploy/dualpost.yaml");

    @Test
    void theShippedSchemaIsTheReaders() throws Exception {
        assertShipped("deploy/dualpost.schema.json", ConfigurationReader.schema());
    }

    @Test
    void theShippedReferenceIsTheReaders() throws Exception {
        assertShipped("src/docs/configuration.md", ConfigurationReader.reference());
    }

    @Test
    void theSampleBeginsWithItsSchemaAndNamesEveryKey() throws Exception {
        String sample = Files.readString(SAMPLE);
        assertThat(sample).startsWith("# yaml-language-server: $schema=dualpost.schema.json\n");
        Set<String> written = new TreeSet<>();
        collect(load(sample.replaceAll("# (only|file|kernel|state|socket|group):", "$1:")), "", written);
        Set<String> known = new TreeSet<>();
        collect(Keys.MAIN, "", known);
        assertThat(written).containsAll(known);
    }

    @Test
    void theSampleFitsTheSchema() throws Exception {
        assertThat(misfits(schema(), load(Files.readString(SAMPLE)), "")).isEmpty();
    }

    @Test
    void theSchemaRefusesWhatTheReaderRefuses() {
        assertThat(misfits(schema(), load("event_loop: 0"), "")).containsExactly(".event_loop: unknown");
        assertThat(misfits(schema(), load("event_loops: 9999"), "")).containsExactly(".event_loops: range");
        assertThat(misfits(schema(), load("event_loops: a"), "")).containsExactly(".event_loops: type");
        assertThat(misfits(schema(), load("certificates: []"), "")).containsExactly(".certificates: too few");
        assertThat(misfits(schema(), load("certificates: [{ chain: a }]"), ""))
                .containsExactly(".certificates[]: no key");
        assertThat(misfits(schema(), load("backends: { A: { servers: [\"a:1\"], tls: no } }"), ""))
                .containsExactlyInAnyOrder(".backends.A: name", ".backends.A.tls: none of its values");
        assertThat(misfits(schema(), load("services: { a: { dual: { name: a, addresses: [a] }, backends: b, "
                + "listeners: [{ protocol: pop3, port: 1, tls: implicit }], timeouts: { tls: 30 } } }"), ""))
                .containsExactly(".services.a.timeouts.tls: type");
        assertThat(misfits(schema(), load("services: { a: { dual: { name: a, addresses: [a] }, backends: b, "
                + "listeners: [{ protocol: pop3, port: 1, tls: implicit }], timeouts: { tls: \"30\" } } }"), ""))
                .containsExactly(".services.a.timeouts.tls: pattern");
    }

    private static void assertShipped(String name, String generated) throws Exception {
        Path file = PROJECT.resolve(name);
        if (Boolean.getBoolean("regenerate")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, generated);
        }
        assertThat(file).as("run: mvn test -Dtest=DescriptionTest -Dregenerate=true").hasContent(generated);
    }

    private static Map<?, ?> schema() {
        return (Map<?, ?>) load(ConfigurationReader.schema());
    }

    /** JSON is YAML 1.2. */
    private static Object load(String text) {
        return new Load(LoadSettings.builder().build()).loadFromString(text);
    }

    private static void collect(Kind<?> kind, String path, Set<String> keys) {
        switch (kind) {
            case Form form -> {
                for (Key<?> key : form.keys()) {
                    keys.add(path + "." + key.name());
                    collect(key.kind(), path + "." + key.name(), keys);
                }
            }
            case ListKind<?> list -> collect(list.each(), path + "[]", keys);
            case NamedKind<?> named -> collect(named.each(), path + ".*", keys);
            case ScalarKind<?> _ -> assertThat(kind.expected()).isNotBlank();
        }
    }

    private static void collect(Object value, String path, Set<String> keys) {
        if (value instanceof Map<?, ?> map) {
            boolean named = path.equals(".services") || path.equals(".backends");
            map.forEach((key, inner) -> {
                keys.add(path + "." + key);
                collect(inner, path + "." + (named ? "*" : key), keys);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> collect(inner, path + "[]", keys));
        }
    }

    /** As much of JSON Schema as ours uses. */
    private static Set<String> misfits(Map<?, ?> schema, Object value, String path) {
        Set<String> wrong = new TreeSet<>();
        boolean fits = switch (String.valueOf(schema.get("type"))) {
            case "object" -> value instanceof Map;
            case "array" -> value instanceof List;
            case "string" -> value instanceof String;
            case "integer" -> value instanceof Integer;
            default -> value instanceof Boolean;
        };
        if (!fits) {
            wrong.add(path + ": type");
            return wrong;
        }
        if (schema.get("enum") instanceof List<?> values && !values.contains(value)) {
            wrong.add(path + ": none of its values");
        }
        if (schema.get("pattern") instanceof String pattern && !((String) value).matches(pattern)) {
            wrong.add(path + ": pattern");
        }
        if (schema.get("minimum") instanceof Integer least && ((Integer) value < least
                || (Integer) value > (Integer) need(schema, "maximum"))) {
            wrong.add(path + ": range");
        }
        if (value instanceof List<?> list) {
            if (list.size() < (Integer) need(schema, "minItems")) {
                wrong.add(path + ": too few");
            }
            list.forEach(item -> wrong.addAll(misfits((Map<?, ?>) need(schema, "items"), item, path + "[]")));
        }
        if (value instanceof Map<?, ?> map) {
            wrong.addAll(misfitKeys(schema, map, path));
        }
        return wrong;
    }

    private static Object need(Map<?, ?> schema, String key) {
        return Objects.requireNonNull(schema.get(key), key);
    }

    private static Set<String> misfitKeys(Map<?, ?> schema, Map<?, ?> map, String path) {
        Set<String> wrong = new TreeSet<>();
        if (schema.get("required") instanceof List<?> required) {
            required.stream().filter(key -> !map.containsKey(key)).forEach(key -> wrong.add(path + ": no " + key));
        }
        map.forEach((key, inner) -> {
            String below = path + "." + key;
            if (schema.get("propertyNames") instanceof Map<?, ?> names
                    && !((String) key).matches((String) need(names, "pattern"))) {
                wrong.add(below + ": name");
            }
            if (schema.get("properties") instanceof Map<?, ?> properties
                    && properties.get(key) instanceof Map<?, ?> property) {
                wrong.addAll(misfits(property, inner, below));
            } else if (schema.get("additionalProperties") instanceof Map<?, ?> each) {
                wrong.addAll(misfits(each, inner, below));
            } else {
                wrong.add(below + ": unknown");
            }
        });
        return wrong;
    }
}
