package dev.millrace.adapters.http;

import dev.millrace.adapters.http.answers.Answers;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * The contract at {@code /openapi.json}, and a page to try it at {@code /docs}. Whatever the roles
 * of this process, it serves them, and the page loads nothing from anywhere else: its policy has
 * the browser refuse it.
 */
final class Docs {

    /** Pictures may be data, since the page's style sheet holds its icons so. */
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final String LIBRARY = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private Docs() {}

    static void serve(RoutesConfig routes) {
        String library = "/META-INF/resources/webjars/swagger-ui/" + libraryVersion() + "/";
        serve(routes, "/openapi.json", Answers.JSON, "openapi.json");
        serve(routes, "/docs", "text/html; charset=utf-8", "docs/index.html");
        serve(routes, "/docs/start.js", "text/javascript", "docs/start.js");
        serve(
                routes,
                "/docs/swagger-ui-bundle.js",
                "text/javascript",
                library + "swagger-ui-bundle.js");
        serve(routes, "/docs/swagger-ui.css", "text/css", library + "swagger-ui.css");
        serve(routes, "/docs/favicon-32x32.png", "image/png", library + "favicon-32x32.png");
    }

    private static void serve(
            RoutesConfig routes, String path, String contentType, String resource) {
        byte[] file = read(resource);
        Handler handler = context -> send(context, contentType, file);
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void send(Context context, String contentType, byte[] file) throws IOException {
        context.header("Content-Security-Policy", POLICY);
        context.header("X-Content-Type-Options", "nosniff");
        Answers.send(context.res(), 200, contentType, file);
    }

    private static String libraryVersion() {
        Properties properties = new Properties();
        try (InputStream input = open(LIBRARY)) {
            properties.load(input);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return properties.getProperty("version");
    }

    private static byte[] read(String resource) {
        try (InputStream input = open(resource)) {
            return input.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static InputStream open(String resource) {
        InputStream input = Docs.class.getResourceAsStream(resource);
        if (input == null) {
            throw new IllegalStateException(resource + " is not on the class path");
        }
        return input;
    }
}
