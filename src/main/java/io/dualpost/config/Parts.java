package io.dualpost.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the main file and the files of conf.d say together.
 *
 * @param main         the main file
 * @param services     of all files, each name once
 * @param pools        of all files, each name once
 * @param certificates of all files
 * @param sources      the files
 */
record Parts(Section main, List<Named<Section>> services, List<Named<Section>> pools,
        List<Located<Section>> certificates, List<Source> sources) {

    /** Reads all files; nothing where the main file cannot be made out. */
    static Optional<Parts> read(Path file, Map<String, String> environment, Problems problems) {
        Optional<Section> main = TreeReader.read(file, environment, problems)
                .flatMap(root -> Keys.MAIN.read(root, problems));
        List<Section> sections = new ArrayList<>();
        main.ifPresent(sections::add);
        for (Path part : parts(file, problems)) {
            TreeReader.read(part, environment, problems).flatMap(root -> Keys.PART.read(root, problems))
                    .ifPresent(sections::add);
        }
        Parts parts = new Parts(main.orElseGet(() -> new Section(whole(file))),
                merge("service", sections, Keys.SERVICES, problems), merge("pool", sections, Keys.BACKENDS, problems),
                sections.stream().flatMap(section -> section.list(Keys.CERTIFICATES).stream()).toList(),
                sections.stream().map(section -> section.place().source()).toList());
        if (main.isPresent() && parts.services.isEmpty()
                && sections.stream()
                        .allMatch(section -> section.at(Keys.SERVICES).isPresent() || !section.has(Keys.SERVICES))) {
            problems.add(parts.main.place(Keys.SERVICES), "no services", "at least one under services");
        }
        return main.map(_ -> parts);
    }

    /** Changes when the text of a file does; 64 bits of SHA-256, in hexadecimal. */
    String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Source source : sources) {
                digest.update((source.file().getFileName() + "\n" + String.join("\n", source.lines()) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** The pool of a name. */
    Optional<Named<Section>> pool(String name) {
        return pools.stream().filter(pool -> pool.name().equals(name)).findFirst();
    }

    private static List<Named<Section>> merge(String what, List<Section> sections, Key<List<Named<Section>>> key,
            Problems problems) {
        Map<String, Place> seen = new HashMap<>();
        List<Named<Section>> all = new ArrayList<>();
        for (Section section : sections) {
            for (Named<Section> named : section.named(key)) {
                Place first = seen.putIfAbsent(named.name(), named.place());
                if (first == null) {
                    all.add(named);
                } else {
                    problems.add(named.place(), "the " + what + " " + Item.quoted(named.name()) + " again",
                            "each name once in all files", "the first is at " + first);
                }
            }
        }
        return List.copyOf(all);
    }

    private static List<Path> parts(Path file, Problems problems) {
        Path folder = file.toAbsolutePath().resolveSibling("conf.d");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Path> parts = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*.yaml")) {
            entries.forEach(parts::add);
        } catch (IOException unreadable) {
            problems.add(whole(folder), "unreadable: " + unreadable.getMessage(),
                    "a folder that the proxy's user may read");
        }
        // Editors leave hidden files beside those they edit.
        return parts.stream().filter(part -> !part.getFileName().toString().startsWith(".")).sorted().toList();
    }

    private static Place whole(Path file) {
        return new Place(new Source(file, List.of(), Map.of()), 0, 0, "");
    }
}
