package dev.millrace.e2e;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * An agent for the service's process, with which the sample's rules kill it at certain events: as a
 * handler does that exhausts the memory or breaks the machine.
 */
public final class DeadlyRules {

    /** An event with this description ends the process that decides about it, at once. */
    static final String HALT = "deadly: halt";

    /** One with this description needs more memory than there is. */
    static final String MEMORY = "deadly: memory";

    private static final String RULES = "dev/millrace/domain/ledger/LedgerRules";

    private DeadlyRules() {}

    /** The agent's jar. */
    static Path jar(Path folder) {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(new Attributes.Name("Premain-Class"), DeadlyRules.class.getName());
        Path jar = folder.resolve("deadly-rules.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> part : List.of(DeadlyRules.class, Woven.class, Prologue.class)) {
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

    /** What the virtual machine calls before the service's own main method. */
    public static void premain(String arguments, Instrumentation instrumentation) {
        instrumentation.addTransformer(new Woven());
    }

    /** The rules' class with one call more. */
    private static final class Woven implements ClassFileTransformer {
        @Override
        public byte @Nullable [] transform(
                ClassLoader loader,
                String name,
                Class<?> redefined,
                ProtectionDomain domain,
                byte[] code) {
            return RULES.equals(name) ? deadly(loader, code) : null;
        }
    }

    /** Meets the event before anything is decided about it. */
    private static final class Prologue implements CodeTransform {
        @Override
        public void atStart(CodeBuilder builder) {
            builder.aload(2)
                    .invokestatic(
                            ClassDesc.of(DeadlyRules.class.getName()),
                            "meet",
                            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object));
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }

    private static byte[] deadly(ClassLoader loader, byte[] code) {
        ClassFile classes =
                ClassFile.of(
                        ClassFile.ClassHierarchyResolverOption.of(
                                ClassHierarchyResolver.defaultResolver()
                                        .orElse(ClassHierarchyResolver.ofResourceParsing(loader))));
        return classes.transformClass(
                classes.parse(code),
                ClassTransform.transformingMethodBodies(
                        method -> method.methodName().equalsString("decide"), new Prologue()));
    }

    /** Called with each event that the rules decide about. */
    public static void meet(Object event) {
        String text = event.toString();
        if (text.contains(HALT)) {
            Runtime.getRuntime().halt(1);
        }
        if (text.contains(MEMORY)) {
            System.out.println(new long[Integer.MAX_VALUE].length);
        }
    }
}
