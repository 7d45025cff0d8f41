package io.dualpost.kernel;

import io.dualpost.address.Prefix;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a client may ask of the kernel gate: one line of ASCII, words divided by one space. */
sealed interface Request {
    /** Of the protocol; a client says which it speaks before anything else. */
    int VERSION = 1;
    /** Octets of a line, without its end. */
    int LONGEST_LINE = 128;
    int MOST_PORTS = 64;

    /** The first word of each connection. */
    record Hello() implements Request {}

    /** From now on only SYNs to these ports are refused. */
    record Ports(SortedSet<Integer> ports) implements Request {}

    /** One prefix more, or a new end for it. */
    record Add(RefusedPrefix refused) implements Request {}

    /** One prefix less. */
    record Remove(Prefix prefix) implements Request {}

    /** So many lines with prefix and seconds follow; they take the place of all that is there. */
    record Replace(int lines) implements Request {}

    /** What is refused, until when, and how often it was. */
    record Listing() implements Request {}

    /** How many SYNs were refused. */
    record Hits() implements Request {}

    /** No prefix is refused any more. */
    record Clear() implements Request {}

    /**
     * Reads one line.
     *
     * @param most prefixes that {@code replace} may bring
     * @throws MalformedRequest if it is none of them
     */
    static Request parse(String line, int most) throws MalformedRequest {
        String[] words = line.split(" ", -1);
        return switch (words[0]) {
            case "hello" -> {
                if (!one(words, "hello VERSION").equals(Integer.toString(VERSION))) {
                    throw new MalformedRequest("hello", words[1], Integer.toString(VERSION));
                }
                yield new Hello();
            }
            case "ports" -> new Ports(ports(words));
            case "add" -> {
                count(words, 3, "add PREFIX SECONDS");
                yield new Add(new RefusedPrefix(RefusedPrefix.prefix(words[1]), RefusedPrefix.seconds(words[2])));
            }
            case "remove" -> new Remove(RefusedPrefix.prefix(one(words, "remove PREFIX")));
            case "replace" -> new Replace(MalformedRequest.number("replace", one(words, "replace N"), 0, most));
            case "list" -> alone(words, new Listing());
            case "hits" -> alone(words, new Hits());
            case "clear" -> alone(words, new Clear());
            default -> throw new MalformedRequest("request", line,
                    "hello, ports, add, remove, replace, list, hits or clear");
        };
    }

    /**
     * Reads one of the lines that follow {@code replace}.
     *
     * @throws MalformedRequest if it is not prefix and seconds
     */
    static RefusedPrefix parseEntry(String line) throws MalformedRequest {
        String[] words = line.split(" ", -1);
        count(words, 2, "PREFIX SECONDS");
        return new RefusedPrefix(RefusedPrefix.prefix(words[0]), RefusedPrefix.seconds(words[1]));
    }

    private static SortedSet<Integer> ports(String[] words) throws MalformedRequest {
        if (words.length < 2 || words.length > MOST_PORTS + 1) {
            throw new MalformedRequest("ports", words.length - 1 + " ports", "1 to " + MOST_PORTS);
        }
        SortedSet<Integer> ports = new TreeSet<>();
        for (int i = 1; i < words.length; i++) {
            ports.add(MalformedRequest.number("port", words[i], 1, 65_535));
        }
        return ports;
    }

    private static String one(String[] words, String expected) throws MalformedRequest {
        count(words, 2, expected);
        return words[1];
    }

    private static Request alone(String[] words, Request request) throws MalformedRequest {
        count(words, 1, words[0] + " alone");
        return request;
    }

    private static void count(String[] words, int count, String expected) throws MalformedRequest {
        if (words.length != count) {
            throw new MalformedRequest("request", String.join(" ", words), expected);
        }
    }
}
