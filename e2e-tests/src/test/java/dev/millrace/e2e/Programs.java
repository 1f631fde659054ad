package dev.millrace.e2e;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The packaged programs, started as a person would. */
final class Programs {

    private static final Path CHECKOUT = checkout();

    /** The service's jars. */
    static final Path LIBRARIES = CHECKOUT.resolve("bootstrap/target/millrace/lib");

    private Programs() {}

    /** The folder that holds the README. */
    static Path checkout() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("millrace"))) {
            Path parent = folder.getParent();
            if (parent == null) {
                throw new IllegalStateException("not below a checkout");
            }
            folder = parent;
        }
        return folder;
    }

    /** The service's own command line, without the launcher. */
    static ProcessBuilder service(Map<String, String> environment, String... arguments) {
        return service(Launch.usual(), environment, arguments);
    }

    /** The same in a virtual machine of its own kind. */
    static ProcessBuilder service(
            Launch launch, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx256m");
        // It is killed long before a second compiler pays off, and the first one for much of it.
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:CompileThresholdScaling=5");
        command.add("-XX:+UseSerialGC");
        // Half of the page faults of a start; where there is no such flag, it is passed over.
        command.add("-XX:+IgnoreUnrecognizedVMOptions");
        command.add("-XX:+UseTransparentHugePages");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(launch.flags());
        command.add("-cp");
        command.add(launch.classPath());
        command.add(launch.main());
        command.addAll(List.of(arguments));
        return clean(new ProcessBuilder(command), environment);
    }

    /** How the virtual machine of a service is started. */
    record Launch(List<String> flags, String classPath, String main) {

        /** With classes loaded ahead of time, where there are any. */
        static Launch usual() {
            return plain().with(AheadOfTime.flags().toArray(String[]::new));
        }

        static Launch plain() {
            return new Launch(List.of(), LIBRARIES + "/*", "dev.millrace.bootstrap.Main");
        }

        /** With more flags. */
        Launch with(String... more) {
            return new Launch(
                    Stream.concat(flags.stream(), Stream.of(more)).toList(), classPath, main);
        }

        /** By another main class, of a jar that comes last on the class path. */
        Launch by(String otherMain, Path jar) {
            return new Launch(flags, classPath + File.pathSeparator + jar, otherMain);
        }
    }

    /** The launcher; what it starts is built already. */
    static ProcessBuilder launcher(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(CHECKOUT.resolve("millrace").toString());
        command.addAll(List.of(arguments));
        return clean(new ProcessBuilder(command), environment);
    }

    private static ProcessBuilder clean(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().keySet().removeIf(name -> name.startsWith("MILLRACE_"));
        builder.environment().putAll(environment);
        return builder;
    }

    /** Runs to its end and answers what it printed; its errors go to a file beside. */
    static Finished run(ProcessBuilder builder, Path directory) {
        try {
            Path out = Files.createTempFile(directory, "out", ".txt");
            Path err = Files.createTempFile(directory, "err", ".txt");
            Process process =
                    builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
            process.getOutputStream().close();
            int status = process.waitFor();
            return new Finished(status, Files.readString(out), Files.readString(err));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** A program that has ended. */
    record Finished(int status, String out, String err) {}
}
