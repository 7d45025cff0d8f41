package io.dualpost.tls;

/** Why a certificate or its key cannot be used: {@code file: found (expected: what)}. Never holds key material. */
public final class CertificateProblem extends Exception {
    private static final long serialVersionUID = 1;

    private final String file;
    private final String found;
    private final String expected;

    /** What was found in a file, and what should be there. */
    public CertificateProblem(String file, String found, String expected) {
        super(file + ": " + found + " (expected: " + expected + ")");
        this.file = file;
        this.found = found;
        this.expected = expected;
    }

    /** The file at fault: the chain's or the key's. */
    public String file() {
        return file;
    }

    /** What was found. */
    public String found() {
        return found;
    }

    /** What should be there, with the cure where it is not obvious. */
    public String expected() {
        return expected;
    }
}
