package io.dualpost.config;

import java.util.Map;
import java.util.Optional;

/**
 * A single value.
 *
 * @param type     its type in YAML and JSON
 * @param expected what could stand there
 * @param bounds   what the JSON Schema says beyond the type
 * @param expands  whether {@code ${env:NAME}} is replaced
 * @param reading  from text to value
 */
record ScalarKind<T>(Type type, String expected, Map<String, Object> bounds, boolean expands, Reading<T> reading)
        implements
            Kind<T> {

    /** A scalar's type, as JSON Schema calls it in lower case. */
    enum Type {
        STRING(Item.Type.TEXT), INTEGER(Item.Type.WHOLE), BOOLEAN(Item.Type.BOOLEAN);

        private final Item.Type item;

        Type(Item.Type item) {
            this.item = item;
        }
    }

    /** From text to value. */
    interface Reading<T> {
        /** The value of a text. */
        T read(String text) throws Unfit;
    }

    @Override
    public Optional<T> read(Item item, Problems problems) {
        if (item instanceof Item.Broken) {
            return Optional.empty();
        }
        if (!(item instanceof Item.Scalar scalar) || scalar.type() == Item.Type.NOTHING) {
            problems.add(item.place(), item.found(), expected);
            return Optional.empty();
        }
        try {
            T value = reading.read(expands ? item.place().source().expand(scalar.text()) : scalar.text());
            if (scalar.type() == type.item) {
                return Optional.of(value);
            }
            problems.add(item.place(), item.found(), expected,
                    type == Type.STRING ? "put it in quotes" : "write it without quotes");
        } catch (Unfit unfit) {
            problems.add(item.place(), item.found(), expected, unfit.hint());
        }
        return Optional.empty();
    }
}
