package dev.millrace.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** What a service holds in memory once its garbage is collected. */
final class Memory {

    private Memory() {}

    /** Collects its garbage and answers what is left on its heap, in MiB. */
    static long liveMegabytes(ServiceProcess service) {
        collectGarbage(service.pid());
        double bytes =
                Http.get(service.management().resolve("/metrics"))
                        .body()
                        .lines()
                        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                        .mapToDouble(
                                line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum();
        return (long) bytes >> 20;
    }

    private static void collectGarbage(long pid) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            int status =
                    new ProcessBuilder(jcmd, Long.toString(pid), "GC.run")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException("jcmd ended with " + status);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }
}
