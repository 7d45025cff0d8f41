package io.dualpost.config;

/** The keys as a page of the manual. */
final class Reference {
    private static final String INTRO = """
            # Configuration

            <!-- Generated from the reader's own description of its keys; do not edit. -->

            Dualpost reads one YAML 1.2 file, `/etc/dualpost/dualpost.yaml`, and after it the files `conf.d/*.yaml` beside
            it in alphabetical order. A file in `conf.d` may add services, backends and certificates; a name may be
            defined only once. `dualpost check` says all that is wrong at once, with file, line and column, and changes
            nothing. What is wrong is never repaired quietly: unknown and repeated keys, anchors, aliases and tags
            are problems too.

            - Times have a unit: `500ms`, `30s`, `5m`, `1h30m`.
            - Relative paths begin at the folder of the file in which they stand.
            - `${env:NAME}` in a host, an address or a path stands for an environment variable, which must exist.
            - IPv6 addresses with `::` need quotes.
            - The first line of the sample, `deploy/dualpost.yaml`, lets editors complete and check keys with
              `deploy/dualpost.schema.json`.

            Checked over all keys together:

            - Each host name is covered by a certificate; `dualpost certs csr` makes a request for one that is missing.
            - A dual-stack host has both families unless it says `only`; a rescue host has no IPv6 address.
            - One address and port belongs to one service; wildcards overlap with every address of their family.
            - A host name belongs to one host. Two services may share the host if its role and addresses are the same.
            - Backends are not the proxy itself. A pool serves one protocol; a pool that no service uses is a warning.
            - Certificates are valid today, for their keys, in order. Less than 14 days left is a warning.
            """;

    private final StringBuilder page = new StringBuilder(INTRO);

    private Reference() {}

    /** The whole page. */
    static String text() {
        Reference reference = new Reference();
        reference.section(Keys.MAIN, "");
        return reference.page.toString();
    }

    private void section(Form form, String path) {
        page.append("\n## ").append(form.title());
        if (!path.isEmpty()) {
            page.append(": `").append(path).append('`');
        }
        page.append("\n\n").append(form.docs()).append("\n\n| key | value | default | meaning |\n|---|---|---|---|\n");
        for (Key<?> key : form.keys()) {
            page.append("| `").append(key.name()).append("` | ").append(value(key.kind())).append(" | ");
            page.append(key.required() ? "required" : key.standard().map(text -> "`" + text + "`").orElse("-"));
            page.append(" | ").append(key.docs()).append(" |\n");
        }
        for (Key<?> key : form.keys()) {
            descend(key.kind(), path.isEmpty() ? key.name() : path + "." + key.name());
        }
    }

    private void descend(Kind<?> kind, String path) {
        switch (kind) {
            case Form form -> section(form, path);
            case ListKind<?> list -> descend(list.each(), path + "[]");
            case NamedKind<?> named -> descend(named.each(), path + ".<name>");
            case ScalarKind<?> _ -> {
                // Told in the table above.
            }
        }
    }

    private static String value(Kind<?> kind) {
        return switch (kind) {
            case Form _ -> "see below";
            case NamedKind<?> _ -> "names, see below";
            case ListKind<?> list -> "list: " + value(list.each());
            case ScalarKind<?> scalar -> scalar.expected();
        };
    }
}
