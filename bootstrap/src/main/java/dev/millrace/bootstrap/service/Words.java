package dev.millrace.bootstrap.service;

/**
 * What went wrong, in words for a person: what was wanted, and the last cause of why it did not
 * work.
 */
public final class Words {

    private static final int ENOUGH = 300;

    private Words() {}

    /** One line, of bounded length. */
    public static String of(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        String wanted = String.valueOf(failure.getMessage());
        String why = last.getMessage() == null ? last.toString() : last.getMessage();
        String all = wanted.contains(why) ? wanted : wanted + ": " + why;
        String line = all.replaceAll("\\s+", " ");
        return line.length() > ENOUGH ? line.substring(0, ENOUGH) + "…" : line;
    }
}
