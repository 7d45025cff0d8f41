package io.dualpost.mail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/**
 * Capabilities, as CAPA (RFC 2449) and EHLO (RFC 5321 section 4.1.1.1) announce them.
 *
 * @param capabilities keyword in upper case to parameters (empty if none), in the order of the announcement
 */
public record Offer(Map<String, String> capabilities) {
    /** Nothing at all. */
    public static final Offer NONE = new Offer(Map.of());
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    // What a proxy can keep its word on, because the backend alone does it, after login. Left out on purpose: what the
    // proxy announces by itself (STLS, STARTTLS, AUTH, SASL, USER), what must never come from a client (XCLIENT,
    // XFORWARD), what the dialogues do not frame (BURL), and UTF8, LANG, which a client may use before login.
    private static final List<String> POP3 = List.of("TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE",
            "EXPIRE", "LOGIN-DELAY");
    private static final List<String> SMTP = List.of("PIPELINING", "SIZE", "8BITMIME", "ENHANCEDSTATUSCODES", "DSN",
            "SMTPUTF8", "CHUNKING", "BINARYMIME", "DELIVERBY", "FUTURERELEASE", "MT-PRIORITY", "NO-SOLICITING");

    /** Copies the map, in order. */
    public Offer {
        capabilities = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(capabilities));
    }

    /** Reads capability lines: a keyword, then parameters. Of a keyword that comes twice the first counts. */
    public static Offer of(Collection<String> lines) {
        Map<String, String> capabilities = new LinkedHashMap<>();
        for (String line : lines) {
            String text = line.strip();
            int space = text.indexOf(' ');
            String keyword = Command.upper(space < 0 ? text : text.substring(0, space));
            if (!keyword.isEmpty()) {
                capabilities.putIfAbsent(keyword, space < 0 ? "" : text.substring(space + 1).strip());
            }
        }
        return new Offer(capabilities);
    }

    /** Whether the keyword is there. */
    public boolean has(String keyword) {
        return capabilities.containsKey(keyword);
    }

    /** The parameters of a keyword, one by one; none if the keyword is not there. */
    public List<String> parameters(String keyword) {
        List<String> parameters = new ArrayList<>();
        StringTokenizer words = new StringTokenizer(capabilities.getOrDefault(keyword, ""), " ");
        while (words.hasMoreTokens()) {
            parameters.add(Command.upper(words.nextToken()));
        }
        return parameters;
    }

    /** The keywords that a proxy can keep its word on. */
    public static List<String> keepable(Protocol protocol) {
        return protocol == Protocol.POP3 ? POP3 : SMTP;
    }

    /**
     * What a client may be offered of a backend's capabilities.
     *
     * @param atMost keywords in upper case; empty: all that the proxy can keep
     */
    public Offer kept(Protocol protocol, List<String> atMost) {
        Offer kept = narrowed(keepable(protocol));
        return atMost.isEmpty() ? kept : kept.narrowed(atMost);
    }

    /** Only these keywords. */
    public Offer narrowed(Collection<String> keywords) {
        Map<String, String> left = new LinkedHashMap<>(capabilities);
        left.keySet().retainAll(keywords);
        return new Offer(left);
    }

    /** What both can do: of SIZE the smaller (0 and none mean no limit, RFC 1870); else the same parameters or nothing. */
    public Offer intersected(Offer other) {
        Map<String, String> both = new LinkedHashMap<>();
        capabilities.forEach((keyword, parameters) -> Optional.ofNullable(other.capabilities.get(keyword))
                .flatMap(others -> agreed(keyword, parameters, others)).ifPresent(agreed -> both.put(keyword, agreed)));
        return new Offer(both);
    }

    /** The announcement, one capability in each line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        capabilities.forEach(
                (keyword, parameters) -> lines.add(parameters.isEmpty() ? keyword : keyword + " " + parameters));
        return lines;
    }

    private static Optional<String> agreed(String keyword, String mine, String others) {
        if (mine.equals(others)) {
            return Optional.of(mine);
        }
        return keyword.equals("SIZE") ? Optional.of(size(mine) <= size(others) ? mine : others) : Optional.empty();
    }

    private static long size(String parameter) {
        long size = NUMBER.matcher(parameter).matches() ? Long.parseLong(parameter) : 0;
        return size == 0 ? Long.MAX_VALUE : size;
    }
}
