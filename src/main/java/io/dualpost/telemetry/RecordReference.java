package io.dualpost.telemetry;

import io.dualpost.mail.Cause;
import io.dualpost.mail.Protocol;
import io.dualpost.mail.Refusal;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pages of the manual that list the fields of session records and every refusal, and the records' JSON Schema. */
final class RecordReference {
    private RecordReference() {}

    static String fields() {
        StringBuilder text = new StringBuilder(
                """
                        # Session records

                        Made from the program. One line for each session, when it has ended, as JSON or as `name=value` pairs (`log`
                        in the configuration). A JSON Schema is in [session-record.schema.json](session-record.schema.json).
                        Control characters and line ends in values are escaped, so a peer can neither begin a line nor draw on a
                        terminal. Passwords and message text are in no field.

                        | field | type | always there | meaning |
                        |---|---|---|---|
                        """);
        for (RecordField field : RecordField.values()) {
            text.append("| `").append(field.text()).append("` | ").append(field.kind().name().toLowerCase(Locale.ROOT))
                    .append(" | ").append(field.always() ? "yes" : "").append(" | ").append(field.docs())
                    .append(" |\n");
        }
        text.append("\n`cause` is one of:\n\n| cause | `ended_by` |\n|---|---|\n");
        for (Cause cause : Cause.values()) {
            text.append("| `").append(cause.label()).append("` | ")
                    .append(cause == Cause.TLS_FAILED ? "`client` if it broke TLS off, else `proxy`"
                            : "`" + cause.by().label() + "`")
                    .append(" |\n");
        }
        return text.append("\n`phase` is one of ")
                .append(Stream.of(Phase.values()).map(phase -> "`" + phase.label() + "`")
                        .collect(Collectors.joining(", ")))
                .append(". `refusal` is one of those in [refusals.md](refusals.md).\n")
                .append("""

                        Every other line has `time`, `event` (`log`), `level`, `logger`, `message` and, where something was
                        thrown, `error`.
                        """)
                .toString();
    }

    static String refusals() {
        StringBuilder text = new StringBuilder(
                """
                        # Refusals

                        Made from the program: every reason to say no, and its words in both protocols. POP3 clients take `[AUTH]` for a
                        wrong password and `[SYS/TEMP]` for a reason to come again (RFC 3206); SMTP clients go by the first digit.
                        The name is the label `reason` of `dualpost_refusals_total` and the field `refusal` of session records.

                        | refusal | who must mend it | POP3 | SMTP |
                        |---|---|---|---|
                        """);
        for (Refusal refusal : Refusal.values()) {
            text.append("| `").append(refusal.label()).append("` | ")
                    .append(refusal.blame().name().toLowerCase(Locale.ROOT)).append(" | `")
                    .append(refusal.words(Protocol.POP3).octets()).append("` | `")
                    .append(refusal.words(Protocol.SUBMISSION).octets()).append("` |\n");
        }
        return text.toString();
    }

    static String schema() {
        StringBuilder text = new StringBuilder("""
                {
                  "$schema": "https://json-schema.org/draft/2020-12/schema",
                  "title": "Dualpost session record",
                  "type": "object",
                  "additionalProperties": false,
                  "required": [%s],
                  "properties": {
                """.formatted(Stream.of(RecordField.values()).filter(RecordField::always)
                .map(field -> Json.quoted(field.text())).collect(Collectors.joining(", "))));
        text.append(Stream.of(RecordField.values())
                .map(field -> "    " + Json.quoted(field.text()) + ": { " + type(field) + ", \"description\": "
                        + Json.quoted(field.docs()) + " }")
                .collect(Collectors.joining(",\n")));
        return text.append("\n  }\n}\n").toString();
    }

    private static String type(RecordField field) {
        String closed = switch (field) {
            case CAUSE -> values(Stream.of(Cause.values()).map(Cause::label));
            case PHASE -> values(Stream.of(Phase.values()).map(Phase::label));
            case REFUSAL -> values(Stream.of(Refusal.values()).map(Refusal::label));
            case ENDED_BY -> values(Stream.of(Cause.Party.values()).map(Cause.Party::label));
            default -> "";
        };
        return switch (field.kind()) {
            case STRING -> "\"type\": \"string\"" + closed;
            case INTEGER -> "\"type\": \"integer\", \"minimum\": 0";
            case BOOLEAN -> "\"type\": \"boolean\"";
            case TIMES -> "\"type\": \"object\", \"additionalProperties\": { \"type\": \"integer\", \"minimum\": 0 }";
        };
    }

    private static String values(Stream<String> labels) {
        return ", \"enum\": [" + labels.map(Json::quoted).collect(Collectors.joining(", ")) + "]";
    }
}
