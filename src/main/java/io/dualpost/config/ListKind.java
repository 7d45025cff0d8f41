package io.dualpost.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A list.
 *
 * @param each  what its items are
 * @param least how many there must be
 */
record ListKind<T>(Kind<T> each, int least) implements Kind<List<Located<T>>> {
    @Override
    public String expected() {
        return "a list of " + (least > 0 ? "at least " + least + ", each " : "values, each ") + each.expected();
    }

    /** All items, or nothing where one cannot be read: half a list would lead to complaints about what is not there. */
    @Override
    public Optional<List<Located<T>>> read(Item item, Problems problems) {
        if (item instanceof Item.Broken) {
            return Optional.empty();
        }
        if (!(item instanceof Item.Sequence sequence)) {
            problems.add(item.place(), item.found(), expected(),
                    item instanceof Item.Scalar scalar && scalar.type() != Item.Type.NOTHING
                            ? Optional.of("put brackets around it: [" + scalar.found() + "]")
                            : Optional.empty());
            return Optional.empty();
        }
        if (sequence.items().size() < least) {
            problems.add(item.place(), "an empty list", expected());
        }
        List<Located<T>> values = new ArrayList<>();
        for (Item one : sequence.items()) {
            each.read(one, problems).ifPresent(value -> values.add(new Located<>(value, one.place())));
        }
        return values.size() == sequence.items().size() ? Optional.of(values) : Optional.empty();
    }
}
