package dev.millrace.adapters.http.console;

import dev.millrace.adapters.http.answers.Answers;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Serves the console: one page at {@code /} and what it is made of below {@code /console/}. It
 * loads nothing from anywhere else, and its policy has the browser refuse it.
 */
public final class Console {

    /** The scripts are modules that import one another by their names here. */
    static final List<String> FILES =
            List.of(
                    "console.css",
                    "main.js",
                    "acts.js",
                    "api.js",
                    "audit.js",
                    "dom.js",
                    "format.js",
                    "message.js",
                    "overview.js",
                    "parked.js",
                    "quarantine.js",
                    "sparkline.js",
                    "streams.js",
                    "icon.svg");

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src 'self' data:; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private Console() {}

    /** Adds the routes. */
    public static void serve(RoutesConfig routes) {
        serve(routes, "/", "index.html");
        FILES.forEach(file -> serve(routes, "/console/" + file, file));
    }

    private static void serve(RoutesConfig routes, String path, String resource) {
        String type = contentType(resource);
        byte[] file = read(resource);
        Handler handler = context -> send(context, type, file);
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static String contentType(String resource) {
        return switch (resource.substring(resource.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException(resource + " is of no known type");
        };
    }

    /** A browser asks again each time, so that it never has parts of two versions. */
    private static void send(Context context, String contentType, byte[] file) throws IOException {
        context.header("Cache-Control", "no-cache");
        context.header("Content-Security-Policy", POLICY);
        context.header("Cross-Origin-Resource-Policy", "same-origin");
        context.header("Referrer-Policy", "no-referrer");
        context.header("X-Content-Type-Options", "nosniff");
        Answers.send(context.res(), 200, contentType, file);
    }

    private static byte[] read(String resource) {
        try (InputStream input = Console.class.getResourceAsStream(resource)) {
            if (input == null) {
                throw new IllegalStateException(resource + " is not on the class path");
            }
            return input.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
