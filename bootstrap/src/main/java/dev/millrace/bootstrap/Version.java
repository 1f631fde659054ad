package dev.millrace.bootstrap;

import picocli.CommandLine.IVersionProvider;

import java.util.Optional;

/** Which version this is, from the manifest of the jar that holds it. */
final class Version implements IVersionProvider {

    /** The version, or a word that says that this was not built as a jar. */
    static String number() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }

    @Override
    public String[] getVersion() {
        return new String[] {"millrace " + number()};
    }
}
