package io.dualpost.probe;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a handshake agreed on, and the certificate that was shown.
 *
 * @param version  as the JDK names it, {@code TLSv1.3}
 * @param cipher   the cipher suite
 * @param coverage whether the certificate is for the name
 * @param names    what it is for, harmless, the first sixteen
 * @param distrust why it is not believed; nothing if it is
 * @param notAfter when it ends
 */
public record TlsFacts(String version, String cipher, Coverage coverage, List<String> names,
        Optional<String> distrust, Instant notAfter) {
    /** Whether a certificate is for a name. */
    public enum Coverage {
        /** It is. */
        COVERED,
        /** It is for other names. */
        NOT_COVERED,
        /** An address was probed, so there is no name to ask for. */
        NO_NAME;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As JSON spells it. */
        public String label() {
            return label;
        }
    }

    /** Copies the list. */
    public TlsFacts {
        names = List.copyOf(names);
    }
}
