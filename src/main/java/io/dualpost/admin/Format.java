package io.dualpost.admin;

/** In which form an answer is wanted. */
enum Format {
    /** For programs. */
    JSON("application/json"),
    /** For people. */
    TEXT(Reply.TEXT),
    /** For spreadsheets; lists only. */
    CSV("text/csv; charset=utf-8; header=present");

    private final String contentType;

    Format(String contentType) {
        this.contentType = contentType;
    }

    /** What the {@code Accept} header names; JSON if it names none of the others. */
    static Format of(String accept) {
        return accept.contains("text/csv") ? CSV : accept.contains("text/plain") ? TEXT : JSON;
    }

    String contentType() {
        return contentType;
    }
}
