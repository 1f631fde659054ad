package dev.millrace.benchmarks;

import dev.millrace.benchmarks.load.AnswerFile;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;

/** The option that keeps what the gate answers. */
final class AnswersOption {

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            description =
                    "a file for all that the gate answers, to hold it against /openapi.json"
                            + " (default: none)")
    private Optional<Path> file = Optional.empty();

    AnswerFile open() {
        return file.map(AnswerFile::at).orElseGet(AnswerFile::none);
    }
}
