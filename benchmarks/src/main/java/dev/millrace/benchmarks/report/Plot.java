package dev.millrace.benchmarks.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over the time of a run, as SVG. It follows the reader's choice of light or dark, and tells
 * its lines apart by their dashes, too.
 *
 * @param title what is shown
 * @param unit of the values, as it stands above their axis
 * @param logarithmic for values of very different sizes, all above 0
 * @param seconds since the run began, of each measurement
 * @param lines at most as many as there are colours
 */
record Plot(
        String title, String unit, boolean logarithmic, List<Double> seconds, List<Line> lines) {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 280;
    private static final int LEFT = 64;
    private static final int RIGHT = 16;
    private static final int TOP = 54;
    private static final int BOTTOM = 44;
    private static final int MINUTE = 60;

    /** As many as {@link #STYLE} has colours for. */
    private static final int MOST_LINES = 4;

    private static final String STYLE =
            """
            <style>
            .plot{background:#fff;font:12px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
            .plot text{fill:#3c4a52}.plot .name{fill:#16222a}.plot .grid{stroke:#dde4e7}.plot .edge{stroke:#6b7880}
            .plot .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .plot .c0{stroke:#005f9e}.plot .c1{stroke:#b84a00;stroke-dasharray:7 4}
            .plot .c2{stroke:#00734f;stroke-dasharray:2 4}.plot .c3{stroke:#84408f;stroke-dasharray:9 4 2 4}
            @media (prefers-color-scheme:dark){.plot{background:#172026}
            .plot text{fill:#b7c4cb}.plot .name{fill:#e6edf0}.plot .grid{stroke:#2b3841}.plot .edge{stroke:#83929b}
            .plot .c0{stroke:#62b8f0}.plot .c1{stroke:#f3a45c}.plot .c2{stroke:#5fd0a3}.plot .c3{stroke:#d6a3e2}}
            </style>
            """;

    Plot {
        seconds = List.copyOf(seconds);
        lines = List.copyOf(lines);
        if (lines.size() > MOST_LINES) {
            throw new IllegalArgumentException("a plot has " + MOST_LINES + " lines at most");
        }
    }

    /**
     * One line.
     *
     * @param values one for each of the plot's times; not a number where nothing was measured
     */
    record Line(String name, List<Double> values) {
        Line {
            values = List.copyOf(values);
        }

        private DoubleStream measured() {
            return values.stream()
                    .mapToDouble(Double::doubleValue)
                    .filter(value -> !Double.isNaN(value));
        }
    }

    /** The picture, whole and by itself. */
    String svg() {
        Axis time = Axis.time(seconds.isEmpty() ? 0 : seconds.getLast());
        Axis values = values();
        StringBuilder svg = new StringBuilder();
        svg.append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" viewBox=\"0 0 %d %d\">\n"
                        .formatted(WIDTH, HEIGHT));
        svg.append("<title>").append(escaped(title)).append("</title>\n");
        svg.append("<desc>").append(escaped(words())).append("</desc>\n").append(STYLE);
        drawValues(svg, values);
        drawTime(svg, time);
        for (int i = 0; i < lines.size(); i++) {
            drawName(svg, i);
            svg.append("<path class=\"line c%d\" d=\"%s\"/>\n".formatted(i, path(i, time, values)));
        }
        return svg.append("</svg>\n").toString();
    }

    private Axis values() {
        double most = measured().max().orElse(1);
        return logarithmic
                ? Axis.logarithmic(measured().filter(value -> value > 0).min().orElse(1), most)
                : Axis.linear(most);
    }

    private DoubleStream measured() {
        return lines.stream().flatMapToDouble(Line::measured);
    }

    private void drawValues(StringBuilder svg, Axis values) {
        svg.append(text(LEFT - 8, TOP - 14, "end", "", unit));
        for (double tick : values.ticks()) {
            double y = y(values, tick);
            svg.append(line("grid", LEFT, y, WIDTH - RIGHT, y));
            svg.append(text(LEFT - 8, y + 4, "end", "", number(tick)));
        }
    }

    private static void drawTime(StringBuilder svg, Axis time) {
        int floor = HEIGHT - BOTTOM;
        svg.append(line("edge", LEFT, floor, WIDTH - RIGHT, floor));
        for (double tick : time.ticks()) {
            svg.append(line("edge", x(time, tick), floor, x(time, tick), floor + 4));
            svg.append(text(x(time, tick), floor + 18, "middle", "", clock(tick)));
        }
        svg.append(text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 6, "middle", "", "time, min:s"));
    }

    /** Above the lines, each beside a piece of its own. */
    private void drawName(StringBuilder svg, int i) {
        double x = LEFT + i * (WIDTH - LEFT - RIGHT) / (double) MOST_LINES;
        svg.append(line("line c" + i, x, 16, x + 28, 16));
        svg.append(text(x + 36, 20, "start", "name", lines.get(i).name()));
    }

    private String path(int line, Axis time, Axis values) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < seconds.size(); i++) {
            double value = lines.get(line).values().get(i);
            if (!Double.isNaN(value)) {
                path.append(drawing ? 'L' : 'M')
                        .append(coordinate(x(time, seconds.get(i))))
                        .append(' ')
                        .append(coordinate(y(values, value)));
            }
            drawing = !Double.isNaN(value);
        }
        return path.toString();
    }

    private String words() {
        StringBuilder words = new StringBuilder(title).append(", ").append(unit).append('.');
        for (Line line : lines) {
            line.measured()
                    .max()
                    .ifPresent(most -> {
                        double last = line.measured().reduce(Double.NaN, (_, next) -> next);
                        words.append(
                                " %s: at most %s, at the end %s."
                                        .formatted(line.name(), number(most), number(last)));
                    });
        }
        return words.toString();
    }

    private static double x(Axis time, double seconds) {
        return LEFT + time.share(seconds) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Axis values, double value) {
        return HEIGHT - BOTTOM - values.share(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String line(String style, double x1, double y1, double x2, double y2) {
        return "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
                .formatted(style, coordinate(x1), coordinate(y1), coordinate(x2), coordinate(y2));
    }

    private static String text(double x, double y, String anchor, String style, String words) {
        return "<text%s x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(
                        style.isEmpty() ? "" : " class=\"" + style + '"',
                        coordinate(x),
                        coordinate(y),
                        anchor,
                        escaped(words));
    }

    private static String coordinate(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** As a person reads it: whole, or with as many places as a small one needs. */
    static String number(double value) {
        if (value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(
                Locale.ROOT, value < 1 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    private static String clock(double seconds) {
        return String.format(
                Locale.ROOT, "%d:%02d", (long) seconds / MINUTE, (long) seconds % MINUTE);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
