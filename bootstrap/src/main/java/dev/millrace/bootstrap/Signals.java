package dev.millrace.bootstrap;

import dev.millrace.bootstrap.service.StopRequest;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * What the operating system says: the first signal asks for an orderly end, the second one ends the
 * process at once.
 *
 * <p>A shutdown hook cannot tell a second signal, so this takes the JDK's {@code sun.misc.Signal}.
 * It is called by name, because the compiler warns of it and cannot be told that it is meant.
 */
final class Signals {

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

    private static InvocationHandler handler(StopRequest stop) {
        return (proxy, method, arguments) -> {
            if (!method.getName().equals("handle")) {
                return method.invoke(stop, arguments);
            }
            Object signal = arguments[0];
            if (!stop.ask("signal " + signal)) {
                int number = (int) signal.getClass().getMethod("getNumber").invoke(signal);
                Runtime.getRuntime().halt(SIGNALLED + number);
            }
            return null;
        };
    }
}
