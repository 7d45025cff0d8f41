package io.dualpost.config;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** The values of a mapping with known keys. Written once, by {@link Form}. */
final class Section {
    private final Place place;
    private final IdentityHashMap<Key<?>, Place> written = new IdentityHashMap<>();
    private final IdentityHashMap<Key<?>, Located<?>> values = new IdentityHashMap<>();

    Section(Place place) {
        this.place = place;
    }

    /** Reads the value of a key into this section. */
    <T> void read(Key<T> key, Item.Member member, Problems problems) {
        written.put(key, member.value().place());
        key.kind().read(member.value(), problems)
                .ifPresent(value -> values.put(key, new Located<>(value, member.value().place())));
    }

    /** Where it begins. */
    Place place() {
        return place;
    }

    /** Where the key's value is written, or else the section itself. */
    Place place(Key<?> key) {
        return written.getOrDefault(key, place);
    }

    /** Whether the key is written, readable or not. */
    boolean has(Key<?> key) {
        return written.containsKey(key);
    }

    /** The value as written, if it is and can be read. */
    @SuppressWarnings("unchecked") // read() alone fills the map, and keeps key and value of one type
    <T> Optional<Located<T>> at(Key<T> key) {
        return Optional.ofNullable((Located<T>) values.get(key));
    }

    /** The value as written, or the default, if there is either. */
    <T> Optional<T> optional(Key<T> key) {
        return at(key).map(Located::value).or(key::standardValue);
    }

    /** The value as written, or the default; only for keys that are required or have a default, after all problems. */
    <T> T value(Key<T> key) {
        return optional(key)
                .orElseThrow(() -> new IllegalStateException(place + ": no " + key.name() + " (expected: one)"));
    }

    /** The section under a key; without any values where it is not written. */
    Section section(Key<Section> key) {
        return at(key).map(Located::value).orElseGet(() -> new Section(place));
    }

    /** The list under a key; empty where it is not written. */
    <T> List<Located<T>> list(Key<List<Located<T>>> key) {
        return at(key).map(Located::value).orElse(List.of());
    }

    /** The named things under a key; empty where it is not written. */
    <T> List<Named<T>> named(Key<List<Named<T>>> key) {
        return at(key).map(Located::value).orElse(List.of());
    }
}
