package io.dualpost.config;

import java.util.List;
import java.util.Optional;

/**
 * A mapping with known keys.
 *
 * @param title what it describes, in a word or two
 * @param docs  what it is for, in full sentences
 * @param keys  all that may stand in it
 */
record Form(String title, String docs, List<Key<?>> keys) implements Kind<Section> {
    @Override
    public String expected() {
        return "a mapping with " + String.join(", ", names());
    }

    /** The section, even if some of its keys cannot be read. */
    @Override
    public Optional<Section> read(Item item, Problems problems) {
        if (item instanceof Item.Broken) {
            return Optional.empty();
        }
        if (!(item instanceof Item.Mapping mapping)) {
            problems.add(item.place(), item.found(), expected());
            return Optional.empty();
        }
        Section section = new Section(item.place());
        for (Item.Member member : mapping.members()) {
            Optional<Key<?>> key = keys.stream().filter(known -> known.name().equals(member.name())).findFirst();
            if (key.isPresent()) {
                section.read(key.get(), member, problems);
            } else {
                List<String> missing = names().stream()
                        .filter(name -> mapping.members().stream().noneMatch(other -> other.name().equals(name)))
                        .toList();
                problems.add(member.place(), "unknown key " + Item.quoted(member.name()),
                        "one of " + String.join(", ", names()), Spelling.hint(member.name(), missing));
            }
        }
        for (Key<?> key : keys) {
            if (key.required() && !section.has(key)) {
                problems.add(item.place(), "no key \"" + key.name() + "\"", key.name() + ": " + key.kind().expected());
            }
        }
        return Optional.of(section);
    }

    private List<String> names() {
        return keys.stream().<String>map(Key::name).toList();
    }
}
