package io.dualpost.tls;

/** What becomes of a file that is there already. */
public enum Existing {
    /** It stays, and writing fails. */
    KEEP,
    /** It is replaced, in one step. */
    REPLACE
}
