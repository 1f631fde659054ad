package dev.millrace.bootstrap.configuration;

import java.util.Comparator;
import java.util.List;

/** Guesses which name was meant by a misspelt one. */
final class Spelling {

    private static final int MOST_EDITS = 3;

    private Spelling() {}

    /** The end of a sentence: a guess, or nothing where no name is near. */
    static String hint(String given, List<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> edits(given, name)))
                .filter(name -> edits(given, name) <= MOST_EDITS)
                .map(name -> "; did you mean " + name + "?")
                .orElse("");
    }

    /** How many characters must be inserted, deleted or replaced. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j - 1], diagonal));
            }
        }
        return row[to.length()];
    }
}
