package io.dualpost.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** What a misspelt word was probably meant to be. */
final class Spelling {
    private Spelling() {}

    /** {@code did you mean "..."}, if one of the words begins so or is only a slip or two away. */
    static Optional<String> hint(String word, Collection<String> words) {
        return words.stream().filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
                .min(Comparator.comparingInt((String candidate) -> distance(word, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .map(candidate -> "did you mean \"" + candidate + "\"?");
    }

    /** Insertions, deletions, changes and swaps of neighbours; an abbreviation counts as no slip at all. */
    private static int distance(String word, String candidate) {
        String a = word.replace('-', '_');
        if (a.length() >= 3 && candidate.startsWith(a)) {
            return 0;
        }
        if (a.length() > 2 * candidate.length() + 2) {
            return Integer.MAX_VALUE;
        }
        int[][] d = new int[a.length() + 1][candidate.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= candidate.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == candidate.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == candidate.charAt(j - 2)
                        && a.charAt(i - 2) == candidate.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][candidate.length()];
    }
}
