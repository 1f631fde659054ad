package dev.millrace.stack;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The runtime directory that this module's build makes: the broker's jars in {@code lib} in the
 * order of the file {@code class-path}, the database's programs in {@code postgres}.
 *
 * <p>It is found beside the place these classes were loaded from ({@code target/classes}, {@code
 * target/dev-stack-*.jar} or the copy in the runtime directory itself), or by the system property
 * {@value #PROPERTY}.
 */
record StackRuntime(Path directory) {
    static final String PROPERTY = "millrace.stack.runtime";

    private static final String BROKER_JAR = "lib/dev-stack-runtime.jar";
    private static final String CLASS_PATH = "class-path";

    static StackRuntime locate() {
        String configured = System.getProperty(PROPERTY);
        Path code = codeLocation();
        Path beside = code.resolveSibling("stack");
        List<Path> candidates =
                configured != null
                        ? List.of(Path.of(configured).toAbsolutePath())
                        : List.of(code.resolveSibling("."), beside);
        return candidates.stream()
                .map(Path::normalize)
                .filter(StackRuntime::isComplete)
                .findFirst()
                .map(StackRuntime::new)
                .orElseThrow(() ->
                        new StackFailure(
                                "the broker's and the database's programs are not in "
                                        + candidates.getLast()
                                        + "; build them with 'mvn -pl dev-stack package'"
                                        + ", or name their folder with -D"
                                        + PROPERTY
                                        + "=..."));
    }

    private static boolean isComplete(Path directory) {
        return Files.exists(directory.resolve(CLASS_PATH))
                && Files.exists(directory.resolve(BROKER_JAR))
                && Files.isExecutable(directory.resolve("postgres/bin/postgres"));
    }

    /** The jar or folder of these classes. */
    static Path codeLocation() {
        try {
            return Path.of(
                            StackRuntime.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new StackFailure("cannot tell where the stack's classes are: " + e, e);
        }
    }

    Path postgres() {
        return directory.resolve("postgres");
    }

    /** Where the virtual machine keeps the broker's loaded classes. */
    Path brokerClasses() {
        return directory.resolve("broker.jsa");
    }

    /** The broker's jars, our own with its main class first, in the order that the build chose. */
    String brokerClassPath() {
        Stream<String> jars =
                Stream.concat(
                        Stream.of(BROKER_JAR),
                        Arrays.stream(
                                StackFiles.read(directory.resolve(CLASS_PATH))
                                        .strip()
                                        .split(":", -1)));
        return jars.map(jar -> directory.resolve(jar).toString()).collect(Collectors.joining(":"));
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
