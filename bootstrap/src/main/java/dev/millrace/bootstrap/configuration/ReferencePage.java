package dev.millrace.bootstrap.configuration;

/**
 * The Markdown page of all settings. A test keeps {@code docs/configuration.md} the same as this.
 */
public final class ReferencePage {

    private static final String HEAD =
            """
            # Configuration

            This page is made from the code: `./millrace config --reference > docs/configuration.md`.

            Each setting is an environment variable, or the property of the same name in a properties file that
            `--config FILE` or `MILLRACE_CONFIG` names. The environment goes before the file, the file before the default.
            A secret may also be read from a file of its own: add `_FILE` to the variable, or `.file` to the property, and name
            the file. An empty value is one that is not set. A name that is not on this page is a mistake, and all mistakes are
            reported at once.

            Durations are a whole number with a unit: `5ms`, `10s`, `2m`, `12h`, `7d`. Sizes are a number of bytes, or one with
            `KiB`, `MiB` or `GiB`.

            `./millrace config` prints what is in effect and where each value came from.
            """;

    private ReferencePage() {}

    /** The page, with a line feed at its end. */
    public static String markdown() {
        StringBuilder page = new StringBuilder(HEAD);
        String section = "";
        for (Setting<?> setting : Settings.all()) {
            if (!setting.section().equals(section)) {
                section = setting.section();
                page.append("\n## ").append(section).append("\n\n");
                page.append("| Variable and property | Type | Default | Meaning |\n");
                page.append("| --- | --- | --- | --- |\n");
            }
            page.append(row(setting));
        }
        return page.toString();
    }

    private static String row(Setting<?> setting) {
        String fallback = setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`";
        String secret = setting.secret() ? " Secret." : "";
        return "| `%s`<br>`%s` | %s | %s | %s It %s.%s |\n"
                .formatted(
                        setting.environmentVariable(),
                        setting.name(),
                        setting.kind().type(),
                        fallback,
                        setting.meaning(),
                        setting.kind().rule(),
                        secret);
    }
}
