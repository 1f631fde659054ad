package dev.millrace.bootstrap.configuration;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration cannot be used: says everything that is wrong with it, so that one look mends
 * it.
 */
public final class InvalidConfiguration extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    InvalidConfiguration(List<Mistake> mistakes) {
        super(describe(mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** All of them, in the order of the catalogue. */
    public List<Mistake> mistakes() {
        return mistakes;
    }

    private static String describe(List<Mistake> mistakes) {
        String heading =
                mistakes.size() == 1
                        ? "One setting is wrong:"
                        : mistakes.size() + " settings are wrong:";
        return mistakes.stream()
                .map(mistake -> "  " + mistake)
                .collect(Collectors.joining("\n", heading + "\n", ""));
    }
}
