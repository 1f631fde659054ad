package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What no log may hold, planted in what the tests send and start with: whatever the log of a
 * service says, at its end it is searched for all of it.
 */
final class Planted {

    /** In the description of what is reported. */
    static final String PAYLOAD = "planted-payload";

    /** In a header of each request. */
    static final String TOKEN = "planted-token";

    /** How the accounts of reports are called, of which logs may only tell a digest. */
    private static final Pattern KEY = Pattern.compile("\\bacc-\\w+");

    private Planted() {}

    /**
     * Demands that a log holds none of it.
     *
     * @param password of the database that the service works on
     */
    static void requireNoneIn(String log, String password) {
        List<String> leaks =
                log.lines()
                        .filter(line ->
                                line.contains(PAYLOAD)
                                        || line.contains(TOKEN)
                                        || line.contains(password)
                                        || KEY.matcher(line).find())
                        .toList();
        assertThat(leaks).as("lines of the log that hold a payload, a key or a secret").isEmpty();
    }
}
