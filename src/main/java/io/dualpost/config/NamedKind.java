package io.dualpost.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mapping whose keys the operator chooses.
 *
 * @param each what is named
 */
record NamedKind<T>(Kind<T> each) implements Kind<List<Named<T>>> {
    /** What a name looks like; it becomes a label in metrics and a word in logs. */
    static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]*");

    @Override
    public String expected() {
        return "names, each with " + each.expected();
    }

    @Override
    public Optional<List<Named<T>>> read(Item item, Problems problems) {
        if (item instanceof Item.Broken) {
            return Optional.empty();
        }
        if (!(item instanceof Item.Mapping mapping)) {
            problems.add(item.place(), item.found(), expected());
            return Optional.empty();
        }
        List<Named<T>> values = new ArrayList<>();
        for (Item.Member member : mapping.members()) {
            if (!NAME.matcher(member.name()).matches() || member.name().length() > 40) {
                problems.add(member.place(), "the name " + Item.quoted(member.name()),
                        "a small letter, then small letters, digits and hyphens, 40 at most");
            }
            each.read(member.value(), problems)
                    .ifPresent(value -> values.add(new Named<>(member.name(), member.place(), value)));
        }
        return Optional.of(values);
    }
}
