package io.dualpost.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The keys as a JSON Schema (draft 2020-12), for editors that complete and check while one types. */
final class Schema {
    private Schema() {}

    /** The whole schema. */
    static String text() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Configuration of Dualpost");
        root.putAll(of(Keys.MAIN));
        return JsonTree.pages(root);
    }

    private static Map<String, Object> of(Kind<?> kind) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (kind) {
            case ScalarKind<?> scalar -> {
                schema.put("type", scalar.type().name().toLowerCase(Locale.ROOT));
                schema.putAll(new TreeMap<>(scalar.bounds()));
            }
            case ListKind<?> list -> {
                schema.put("type", "array");
                schema.put("minItems", list.least());
                schema.put("items", of(list.each()));
            }
            case NamedKind<?> named -> {
                schema.put("type", "object");
                schema.put("propertyNames", Map.of("pattern", "^" + NamedKind.NAME.pattern() + "$"));
                schema.put("additionalProperties", of(named.each()));
            }
            case Form form -> {
                schema.put("type", "object");
                schema.put("additionalProperties", false);
                List<String> required = form.keys().stream().filter(Key::required).<String>map(Key::name).toList();
                if (!required.isEmpty()) {
                    schema.put("required", required);
                }
                schema.put("properties", properties(form));
            }
        }
        return schema;
    }

    private static Map<String, Object> properties(Form form) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (Key<?> key : form.keys()) {
            Map<String, Object> property = of(key.kind());
            property.put("description", key.docs());
            key.standard().ifPresent(text -> property.put("default", typed(key.kind(), text)));
            properties.put(key.name(), property);
        }
        return properties;
    }

    private static Object typed(Kind<?> kind, String text) {
        return !(kind instanceof ScalarKind<?> scalar) ? text : switch (scalar.type()) {
            case STRING -> text;
            case INTEGER -> Integer.valueOf(text);
            case BOOLEAN -> Boolean.valueOf(text);
        };
    }
}
