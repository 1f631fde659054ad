package dev.millrace.bootstrap;

import dev.millrace.bootstrap.service.StopRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the operating system says: the first signal asks for an orderly end, the second one ends the
 * process at once.
 *
 * <p>A shutdown hook cannot tell a second signal, so this takes the JDK's {@code sun.misc.Signal}.
 * It is called by name, because the compiler warns of it and cannot be told that it is meant.
 */
final class Signals {

    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);
    private static final int SIGNALLED = 128;

    private Signals() {}

    static void stopOn(StopRequest stop) {
        try {
            Class<?> signalClass = Class.forName("sun.misc.Signal");
            Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            Object handler =
                    Proxy.newProxyInstance(
                            handlerClass.getClassLoader(),
                            new Class<?>[] {handlerClass},
                            handler(stop));
            for (String name : List.of("TERM", "INT", "HUP")) {
                Object signal = signalClass.getConstructor(String.class).newInstance(name);
                var _ =
                        signalClass
                                .getMethod("handle", signalClass, handlerClass)
                                .invoke(null, signal, handler);
            }
        } catch (ReflectiveOperationException changed) {
            throw new IllegalStateException("this Java has no signals", changed);
        }
    }

    /**
     * Only signals are counted: one that comes while the service ends for another reason is the
     * first.
     */
    private static InvocationHandler handler(StopRequest stop) {
        AtomicBoolean signalled = new AtomicBoolean();
        return (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
                return method.invoke(stop, arguments);
            }
            Object signal = arguments[0];
            if (!signalled.getAndSet(true)) {
                boolean first = stop.ask("signal " + signal);
                LOG.debug("{} is the first reason to stop: {}", signal, first);
            } else {
                int number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
                Runtime.getRuntime().halt(SIGNALLED + number);
            }
            return null;
        };
    }
}
