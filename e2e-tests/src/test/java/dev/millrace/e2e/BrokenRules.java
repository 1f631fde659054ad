package dev.millrace.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Rules of the sample that fail at certain events: as a handler does that has a bug, exhausts the
 * memory or breaks the machine.
 */
final class BrokenRules {

    /** An event with this description ends the process that decides about it, at once. */
    static final String HALT = "deadly: halt";

    /** One with this description needs more memory than there is. */
    static final String MEMORY = "deadly: memory";

    /** One with this description is not understood, as long as the bug is not mended. */
    static final String BUG = "broken: bug";

    private BrokenRules() {}

    /** How a service is run with these rules; the bug is there until it is mended here. */
    static Programs.Launch launch(Path folder) {
        Path jar = jar(folder);
        return Programs.Launch.usual()
                .with(
                        "-Djdk.attach.allowAttachSelf=true",
                        "-XX:+EnableDynamicAgentLoading",
                        "-D" + BrokenService.JAR + "=" + jar,
                        "-D" + BrokenService.MENDED + "=" + mended(folder))
                .by(BrokenService.class.getName(), jar);
    }

    /** Ends the bug in all processes that were started with this folder. */
    static void mend(Path folder) {
        try {
            Files.createFile(mended(folder));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path mended(Path folder) {
        return folder.resolve("mended");
    }

    private static Path jar(Path folder) {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(new Attributes.Name("Agent-Class"), BrokenService.class.getName());
        attributes.put(new Attributes.Name("Can-Retransform-Classes"), "true");
        Path jar = folder.resolve("broken-rules.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> part : BrokenService.parts()) {
                String name = part.getName().replace('.', '/') + ".class";
                try (InputStream code = part.getResourceAsStream("/" + name)) {
                    out.putNextEntry(new JarEntry(name));
                    code.transferTo(out);
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return jar;
    }
}
