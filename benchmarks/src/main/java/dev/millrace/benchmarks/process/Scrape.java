package dev.millrace.benchmarks.process;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * One reading of a process's metrics.
 *
 * @param series values by name and labels, as they stand in the Prometheus text format
 */
public record Scrape(Map<String, Double> series) {

    public Scrape {
        series = Map.copyOf(series);
    }

    static Scrape parse(String text) {
        Map<String, Double> series = new HashMap<>();
        text.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    int end = line.lastIndexOf('}') + 1;
                    int space = line.indexOf(' ', Math.max(end, 0));
                    if (space > 0) {
                        series.put(
                                line.substring(0, space),
                                number(line.substring(space + 1).strip()));
                    }
                });
        return new Scrape(series);
    }

    private static double number(String text) {
        String value = text.split(" ", -1)[0];
        return switch (value) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(value);
        };
    }

    /**
     * The sum over all series of a name that have a label, written {@code name="value"}; all of
     * them when it is empty.
     */
    public double sum(String name, String label) {
        return series.entrySet().stream()
                .filter(entry -> is(entry.getKey(), name) && entry.getKey().contains(label))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    /** How many observations a histogram has at or below each bound. */
    public Histogram histogram(String name) {
        TreeMap<Double, Double> counts = new TreeMap<>();
        String buckets = name + "_bucket";
        series.forEach((key, value) -> {
            int at = key.indexOf("le=\"");
            if (is(key, buckets) && at > 0) {
                counts.merge(
                        number(key.substring(at + 4, key.indexOf('"', at + 4))),
                        value,
                        Double::sum);
            }
        });
        return new Histogram(counts);
    }

    private static boolean is(String key, String name) {
        return key.startsWith(name)
                && (key.length() == name.length() || key.charAt(name.length()) == '{');
    }

    /**
     * Observations by their size.
     *
     * @param counts how many are at or below each bound
     */
    public record Histogram(Map<Double, Double> counts) {

        public Histogram {
            counts = Map.copyOf(counts);
        }

        /** What has come since an earlier reading. */
        public Histogram since(Histogram earlier) {
            Map<Double, Double> change = new HashMap<>();
            counts.forEach((bound, count) ->
                    change.put(bound, count - earlier.counts.getOrDefault(bound, 0.0)));
            return new Histogram(change);
        }

        /**
         * The value that this share of the observations does not exceed, evened out within its
         * bucket; 0 without any.
         */
        public double quantile(double share) {
            TreeMap<Double, Double> sorted = new TreeMap<>(counts);
            if (sorted.isEmpty() || sorted.lastEntry().getValue() <= 0) {
                return 0;
            }
            double wanted = share * sorted.lastEntry().getValue();
            double lowerBound = 0;
            double lowerCount = 0;
            for (Map.Entry<Double, Double> bucket : sorted.entrySet()) {
                if (bucket.getValue() >= wanted) {
                    double within = bucket.getValue() - lowerCount;
                    boolean open = bucket.getKey().isInfinite() || within <= 0;
                    return open
                            ? lowerBound
                            : lowerBound
                                    + (bucket.getKey() - lowerBound)
                                            * (wanted - lowerCount)
                                            / within;
                }
                lowerBound = bucket.getKey();
                lowerCount = bucket.getValue();
            }
            return lowerBound;
        }
    }
}
