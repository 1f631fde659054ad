package dev.millrace.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import picocli.CommandLine.ExitCode;

/**
 * An error of the virtual machine itself ends the process at once: whoever restarts it begins with
 * memory that is whole. Nothing is lost by it, as what was under way is not acknowledged.
 */
final class FatalErrors {

    private static final Logger LOG = LoggerFactory.getLogger(FatalErrors.class);

    private FatalErrors() {}

    /** Watches every thread that nobody else does. */
    static void endTheProcess() {
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            LOG.error("{} ended", thread, error);
            if (error instanceof VirtualMachineError fatal
                    && !(fatal instanceof StackOverflowError)) {
                endTheProcess(fatal);
            }
        });
    }

    /** Ends it now. */
    static void endTheProcess(VirtualMachineError error) {
        try {
            LOG.error("the process ends, since its machine is broken", error);
        } finally {
            Runtime.getRuntime().halt(ExitCode.SOFTWARE);
        }
    }
}
