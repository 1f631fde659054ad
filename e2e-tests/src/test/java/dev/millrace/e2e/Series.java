package dev.millrace.e2e;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a running service measures, by name and labels. */
final class Series {

    private Series() {}

    /** All series, but for those that come with the first collection of garbage or hang-up. */
    static Set<String> of(URI management) {
        Set<String> series = new HashSet<>();
        for (String line : scrape(management)) {
            if (!line.startsWith("#")
                    && !line.startsWith("jvm_gc")
                    && !line.startsWith("jetty_connections_request")) {
                series.add(line.substring(0, line.lastIndexOf(' ')));
            }
        }
        return series;
    }

    /** The names of the families that the series are of. */
    static List<String> families(URI management) {
        return scrape(management).stream()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList();
    }

    private static List<String> scrape(URI management) {
        return Http.get(management.resolve("/metrics")).body().lines().toList();
    }
}
