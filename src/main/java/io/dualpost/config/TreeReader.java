package io.dualpost.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * One YAML 1.2 file to a tree of items. Works on the parser's events and not on composed nodes, so that an alias is seen
 * where it stands instead of being followed. The only class that knows the YAML library.
 */
final class TreeReader {
    private static final int LARGEST = 1 << 20;
    private static final int DEEPEST = 16;
    private static final CoreSchema CORE = new CoreSchema();

    private final Source source;
    private final Problems problems;
    private final Iterator<Event> events;

    private TreeReader(Source source, Problems problems, Iterator<Event> events) {
        this.source = source;
        this.problems = problems;
        this.events = events;
    }

    /** The file's only document, or nothing and a problem. */
    static Optional<Item> read(Path file, Map<String, String> environment, Problems problems) {
        Optional<String> text = text(file, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Source source = new Source(file, text.get().lines().toList(), environment);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).setSchema(CORE).build();
            return new TreeReader(source, problems, new Parse(settings).parseString(text.get()).iterator()).document();
        } catch (MarkedYamlEngineException syntax) {
            Optional<Mark> mark = syntax.getProblemMark().or(syntax::getContextMark);
            String context = syntax.getContext() == null ? "" : syntax.getContext() + ", ";
            problems.add(place(source, mark, ""), Item.printable(context + syntax.getProblem()), "YAML 1.2");
        } catch (ReaderException unprintable) {
            problems.add(at(source, text.get(), unprintable.getPosition()),
                    "the character U+%04X".formatted(unprintable.getCodePoint()), "YAML 1.2, printable characters");
        } catch (YamlEngineException other) {
            problems.add(new Place(source, 0, 0, ""), Item.printable(String.valueOf(other.getMessage())), "YAML 1.2");
        }
        return Optional.empty();
    }

    private Optional<Item> document() {
        Optional<Item> root = Optional.empty();
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent && root.isPresent()) {
                problems.add(place(source, event.getStartMark(), ""), "a second document", "one document in a file");
                return Optional.empty();
            }
            if (event instanceof NodeEvent) {
                root = Optional.of(item(event, "", 0));
            }
        }
        if (root.isEmpty() || (root.get() instanceof Item.Scalar scalar && scalar.type() == Item.Type.NOTHING)) {
            problems.add(new Place(source, 0, 0, ""), "an empty file", "services, backends and certificates");
            return Optional.empty();
        }
        return root;
    }

    private Item item(Event event, String key, int depth) {
        Place place = place(source, event.getStartMark(), key);
        if (event instanceof AliasEvent alias) {
            problems.add(place, "the alias *" + alias.getAlias(), "every value written out");
            return new Item.Broken(place);
        }
        ((NodeEvent) event).getAnchor().ifPresent(
                anchor -> problems.add(place, "the anchor &" + anchor, "no anchors, every value written out"));
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, place);
        }
        CollectionStartEvent start = (CollectionStartEvent) event;
        boolean mapping = start instanceof MappingStartEvent;
        checkTag(start.getTag(), mapping ? Tag.MAP : Tag.SEQ, place);
        if (depth == DEEPEST) {
            problems.add(place, "more than " + DEEPEST + " levels", "fewer levels");
            skip();
            return new Item.Broken(place);
        }
        return mapping ? mapping(place, key, depth) : sequence(place, key, depth);
    }

    private Item sequence(Place place, String key, int depth) {
        List<Item> items = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof CollectionEndEvent); event = events.next()) {
            items.add(item(event, key + "[" + items.size() + "]", depth + 1));
        }
        return new Item.Sequence(place, items);
    }

    private Item mapping(Place place, String key, int depth) {
        Map<String, Item.Member> members = new HashMap<>();
        List<Item.Member> order = new ArrayList<>();
        for (Event event = events.next(); !(event instanceof CollectionEndEvent); event = events.next()) {
            Item name = item(event, key, depth + 1);
            String text = name instanceof Item.Scalar scalar ? scalar.text() : "?";
            String path = key.isEmpty() ? text : key + "." + text;
            Item.Member member = new Item.Member(new Place(source, name.place().line(), name.place().column(), path),
                    text, item(events.next(), path, depth + 1));
            if (!(name instanceof Item.Scalar)) {
                if (!(name instanceof Item.Broken)) {
                    problems.add(name.place(), name.found() + " as a key", "a plain word as a key");
                }
                continue;
            }
            Item.Member first = members.putIfAbsent(text, member);
            if (first == null) {
                order.add(member);
            } else {
                problems.add(member.place(), "the key " + Item.quoted(text) + " again", "each key once",
                        "the first is in line " + first.place().line());
            }
        }
        return new Item.Mapping(place, order);
    }

    private Item scalar(ScalarEvent event, Place place) {
        Tag tag = event.getTag().isPresent()
                ? new Tag(event.getTag().get())
                : event.isPlain() ? CORE.getScalarResolver().resolve(event.getValue(), true) : Tag.STR;
        Item.Type type = tag.equals(Tag.STR) ? Item.Type.TEXT
                : tag.equals(Tag.INT) ? Item.Type.WHOLE
                        : tag.equals(Tag.BOOL) ? Item.Type.BOOLEAN
                                : tag.equals(Tag.NULL) ? Item.Type.NOTHING : Item.Type.OTHER;
        if (type == Item.Type.OTHER && !tag.equals(Tag.FLOAT)) {
            problems.add(place, "the tag " + Item.quoted(tag.getValue()), "no tags");
            return new Item.Broken(place);
        }
        return new Item.Scalar(place, type, event.getValue());
    }

    private void checkTag(Optional<String> tag, Tag plain, Place place) {
        if (tag.isPresent() && !tag.get().equals(plain.getValue())) {
            problems.add(place, "the tag " + Item.quoted(tag.get()), "no tags");
        }
    }

    /** To the end of a collection that has been begun. */
    private void skip() {
        for (int open = 1; open > 0;) {
            Event event = events.next();
            open += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
        }
    }

    private static Place place(Source source, Optional<Mark> mark, String key) {
        return mark.map(at -> new Place(source, at.getLine() + 1, at.getColumn() + 1, key))
                .orElseGet(() -> new Place(source, 0, 0, key));
    }

    private static Place at(Source source, String text, int position) {
        int[] before = text.codePoints().limit(position).toArray();
        String head = new String(before, 0, before.length);
        int line = (int) head.chars().filter(c -> c == '\n').count() + 1;
        return new Place(source, line, head.length() - head.lastIndexOf('\n'), "");
    }

    private static Optional<String> text(Path file, Problems problems) {
        Place whole = new Place(new Source(file, List.of(), Map.of()), 0, 0, "");
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] octets = stream.readNBytes(LARGEST + 1);
            if (octets.length > LARGEST) {
                problems.add(whole, "more than 1 MiB", "a configuration of at most 1 MiB");
                return Optional.empty();
            }
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString());
        } catch (CharacterCodingException _) {
            problems.add(whole, "octets that are not UTF-8", "a text in UTF-8");
        } catch (NoSuchFileException _) {
            problems.add(whole, "no such file", "a configuration file");
        } catch (IOException unreadable) {
            problems.add(whole, "unreadable: " + unreadable.getMessage(), "a file that the proxy's user may read");
        }
        return Optional.empty();
    }
}
