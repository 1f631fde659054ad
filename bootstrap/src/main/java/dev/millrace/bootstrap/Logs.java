package dev.millrace.bootstrap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;

import dev.millrace.bootstrap.configuration.LogFormat;
import dev.millrace.bootstrap.configuration.LogLevel;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where log lines go: to standard output, for people or for machines. */
final class Logs {

    private static final String PATTERN =
            "%d{HH:mm:ss.SSS} %-5level [%thread] %logger{0}: %msg%replace( %kvp{NONE}){'^ $',"
                    + " ''}%n%rEx{short}";

    private Logs() {}

    /**
     * From here on ours are logged from this level on, what libraries say only when it is a
     * warning.
     */
    static void configure(LogFormat format, LogLevel level) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Encoder<ILoggingEvent> encoder =
                switch (format) {
                    case TEXT -> text();
                    case JSON -> json();
                };
        encoder.setContext(context);
        encoder.start();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setEncoder(encoder);
        console.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.addAppender(console);
        root.setLevel(Level.WARN);
        // What it logs, the adapter says in our own words.
        context.getLogger("io.javalin.Javalin").setLevel(Level.OFF);
        // What a caller sends is no line for a person, and must not fill the log.
        context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
        context.getLogger("org.eclipse.jetty.util.HostPort").setLevel(Level.ERROR);
        context.getLogger("dev.millrace").setLevel(Level.toLevel(level.name()));
    }

    private static Encoder<ILoggingEvent> json() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        return encoder;
    }

    private static Encoder<ILoggingEvent> text() {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern(PATTERN);
        return encoder;
    }
}
