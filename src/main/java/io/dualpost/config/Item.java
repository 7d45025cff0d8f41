package io.dualpost.config;

import java.util.List;

/** A node of a YAML file, with its place. */
sealed interface Item {
    /** Where it begins. */
    Place place();

    /** What it is, in the words of a problem. */
    String found();

    /** What the core schema of YAML 1.2 takes a scalar for. */
    enum Type {
        TEXT, WHOLE, BOOLEAN, NOTHING, OTHER
    }

    /** A single value; the text as written, with {@code ${env:NAME}} unreplaced. */
    record Scalar(Place place, Type type, String text) implements Item {
        @Override
        public String found() {
            return switch (type) {
                case TEXT -> quoted(text);
                case NOTHING -> "nothing";
                case WHOLE, BOOLEAN, OTHER -> printable(text);
            };
        }
    }

    /** A list. */
    record Sequence(Place place, List<Item> items) implements Item {
        @Override
        public String found() {
            return "a list";
        }
    }

    /** Keys and values, each key once. */
    record Mapping(Place place, List<Member> members) implements Item {
        @Override
        public String found() {
            return "a mapping";
        }
    }

    /** Something that has been complained about already. */
    record Broken(Place place) implements Item {
        @Override
        public String found() {
            return "something broken";
        }
    }

    /** One key of a mapping; the place is the key's. */
    record Member(Place place, String name, Item value) {}

    /** A text in quotes, cut where it is long. */
    static String quoted(String text) {
        if (text.lines().count() > 1) {
            return "a text of " + text.lines().count() + " lines";
        }
        return '"' + printable(text.length() > 80 ? text.substring(0, 77) + "..." : text) + '"';
    }

    /** A text that cannot disturb a terminal. */
    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
