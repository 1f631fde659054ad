package dev.millrace.e2e;

import com.sun.tools.attach.VirtualMachine;

import org.jspecify.annotations.Nullable;

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
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.List;

/**
 * The service, run after its rules have become {@link BrokenRules}: by an agent that it loads
 * itself, since one on the command line would cost it the classes that are loaded ahead of time. Of
 * the tests, its process has this class and its parts alone.
 */
public final class BrokenService {

    /** Names the agent's jar. */
    static final String JAR = "broken.rules.jar";

    /** Names the file that is there once the bug is mended. */
    static final String MENDED = "broken.rules.mended";

    private static final String RULES = "dev/millrace/domain/ledger/LedgerRules";

    private BrokenService() {}

    /** The classes that the process has to have. */
    static List<Class<?>> parts() {
        return List.of(BrokenService.class, Woven.class, Prologue.class);
    }

    /** Breaks the rules, and runs the service. */
    public static void main(String[] arguments) throws Exception {
        VirtualMachine self = VirtualMachine.attach(Long.toString(ProcessHandle.current().pid()));
        self.loadAgent(System.getProperty(JAR));
        self.detach();
        Class.forName("dev.millrace.bootstrap.Main")
                .getMethod("main", String[].class)
                .invoke(null, (Object) arguments);
    }

    /** What the virtual machine calls when the agent is loaded. */
    public static void agentmain(String arguments, Instrumentation instrumentation)
            throws ClassNotFoundException, UnmodifiableClassException {
        instrumentation.addTransformer(new Woven(), true);
        instrumentation.retransformClasses(Class.forName(RULES.replace('/', '.')));
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
            return RULES.equals(name) ? broken(loader, code) : null;
        }
    }

    /** Meets the event before anything is decided about it. */
    private static final class Prologue implements CodeTransform {
        @Override
        public void atStart(CodeBuilder builder) {
            builder.aload(2)
                    .invokestatic(
                            ClassDesc.of(BrokenService.class.getName()),
                            "meet",
                            MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object));
        }

        @Override
        public void accept(CodeBuilder builder, CodeElement element) {
            builder.with(element);
        }
    }

    private static byte[] broken(ClassLoader loader, byte[] code) {
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
        if (text.contains(BrokenRules.HALT)) {
            Runtime.getRuntime().halt(1);
        }
        if (text.contains(BrokenRules.MEMORY)) {
            System.out.println(new long[Integer.MAX_VALUE].length);
        }
        if (text.contains(BrokenRules.BUG)
                && Files.notExists(Path.of(System.getProperty(MENDED)))) {
            throw new IllegalStateException("a bug of the rules");
        }
    }
}
