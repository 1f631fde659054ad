package dev.millrace.bootstrap.send;

import java.io.IOException;
import java.util.Optional;

/**
 * The events of a file, one after the other, without holding more than one of them. Not
 * thread-safe.
 */
sealed interface EventFile extends AutoCloseable permits CsvFile, NdjsonFile {

    /**
     * The next line, or nothing at the end.
     *
     * @throws Mistake when what follows cannot be read at all
     */
    Optional<Line> next() throws IOException;

    @Override
    void close() throws IOException;
}
