package io.dualpost.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of the configuration.
 *
 * @param file        its path
 * @param lines       its text
 * @param environment what {@code ${env:NAME}} refers to
 */
record Source(Path file, List<String> lines, Map<String, String> environment) {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}?");
    /** What looks like a secret is not shown again, even where no secret is expected. */
    private static final Pattern SECRET = Pattern
            .compile("(?i)(\\b\\w*(?:passw|passphrase|secret|token)\\w*[\"']?\\s*:\\s*)\\S.*");

    /** A line as it may be shown; empty where there is none. */
    String line(int number) {
        return number < 1 || number > lines.size()
                ? ""
                : SECRET.matcher(Item.printable(lines.get(number - 1))).replaceAll("$1***");
    }

    /** A path that the file names; relative ones begin at the file's folder. */
    Path resolve(String path) {
        return file.toAbsolutePath().resolveSibling(path).normalize();
    }

    /** The text with its {@code ${env:NAME}} replaced. */
    String expand(String text) throws Unfit {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder expanded = new StringBuilder();
        while (reference.find()) {
            reference.appendReplacement(expanded, Matcher.quoteReplacement(variable(reference)));
        }
        return reference.appendTail(expanded).toString();
    }

    private String variable(Matcher reference) throws Unfit {
        String inside = reference.group(1);
        if (!inside.matches("env:[A-Za-z_][A-Za-z0-9_]*") || !reference.group().endsWith("}")) {
            throw new Unfit("write ${env:NAME} for the value of an environment variable");
        }
        String name = inside.substring("env:".length());
        return Optional.ofNullable(environment.get(name))
                .orElseThrow(() -> new Unfit("set the environment variable " + name + ", which is missing"));
    }
}
