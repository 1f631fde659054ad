package dev.millrace.benchmarks.load;

import dev.millrace.benchmarks.process.Failure;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A file of all that the gate answers, for whoever holds it against the contract. Each answer
 * stands there as it came over the wire, in UTF-8, behind a line with the request's method, path
 * and media type ({@code -} without) and the number of bytes that follow. Thread-safe.
 */
public final class AnswerFile implements AutoCloseable {

    private final Optional<OutputStream> output;

    private AnswerFile(Optional<OutputStream> output) {
        this.output = output;
    }

    /** No file: nothing is kept. */
    public static AnswerFile none() {
        return new AnswerFile(Optional.empty());
    }

    /**
     * Begins a file anew.
     *
     * @throws Failure when it cannot be written
     */
    public static AnswerFile at(Path path) {
        try {
            return new AnswerFile(
                    Optional.of(new BufferedOutputStream(Files.newOutputStream(path))));
        } catch (IOException unwritable) {
            throw new Failure("--answers: " + path + " cannot be written", unwritable);
        }
    }

    void add(HttpResponse<String> answer) {
        output.ifPresent(file -> write(file, answer));
    }

    private static void write(OutputStream file, HttpResponse<String> answer) {
        byte[] text = text(answer).getBytes(StandardCharsets.UTF_8);
        String request =
                answer.request().method()
                        + " "
                        + answer.request().uri().getRawPath()
                        + " "
                        + answer.request().headers().firstValue("Content-Type").orElse("-")
                        + " "
                        + text.length
                        + "\n";
        synchronized (file) {
            try {
                file.write(request.getBytes(StandardCharsets.UTF_8));
                file.write(text);
            } catch (IOException full) {
                throw new UncheckedIOException(full);
            }
        }
    }

    private static String text(HttpResponse<String> answer) {
        StringBuilder text = new StringBuilder();
        text.append("HTTP/1.1 ").append(answer.statusCode()).append("\r\n");
        answer.headers()
                .map()
                .forEach((name, values) ->
                        values.forEach(value ->
                                text.append(name).append(": ").append(value).append("\r\n")));
        return text.append("\r\n").append(answer.body()).toString();
    }

    @Override
    public void close() {
        if (output.isPresent()) {
            try {
                output.get().close();
            } catch (IOException full) {
                throw new Failure("--answers: the file could not be written to its end", full);
            }
        }
    }
}
