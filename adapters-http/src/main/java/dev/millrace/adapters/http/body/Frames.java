package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/** Cuts a body into its items, one at a time and as they come. */
public sealed interface Frames {

    /**
     * Reads as far as the end of the next item.
     *
     * @return null at the end of the body
     * @throws Refusal when reading cannot go on: a limit, or a body in which no end of an item can
     *     be told
     * @throws IOException when the caller is gone
     */
    @Nullable Frame next() throws IOException;

    /** Whether the body is of a form that can hold several items, as far as it is read. */
    boolean isMany();

    /** How far it is read. */
    Frame.Place place();

    /** Each line that is not blank. */
    static Frames lines(BodyBytes bytes) {
        return new Lines(bytes);
    }

    /**
     * One JSON object, or the elements of one array.
     *
     * @param refusalOfArrays why an array is refused; empty when it is taken
     */
    static Frames document(BodyBytes bytes, Optional<Refusal> refusalOfArrays) {
        return new Document(bytes, refusalOfArrays, Optional.empty());
    }

    /** The elements of one array. */
    static Frames array(BodyBytes bytes) {
        return new Document(
                bytes,
                Optional.empty(),
                Optional.of(
                        new Refusal(
                                400,
                                ProblemType.INVALID_BODY,
                                "The body must be one JSON array, of however many events.")));
    }

    /** NDJSON. What a line holds does not matter here, so a broken one harms no other. */
    final class Lines implements Frames {
        private final BodyBytes bytes;

        private Lines(BodyBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public @Nullable Frame next() throws IOException {
            bytes.skipBlanks();
            if (bytes.peek() == BodyBytes.END) {
                return null;
            }
            bytes.begin();
            while (bytes.peek() != '\n' && bytes.peek() != BodyBytes.END) {
                bytes.keep();
            }
            return bytes.frame();
        }

        @Override
        public boolean isMany() {
            return true;
        }

        @Override
        public Frame.Place place() {
            return bytes.place();
        }
    }

    /**
     * A JSON text. It sees strings and brackets only, enough to tell where a value ends; whether
     * the value is well-formed is for whoever parses it.
     */
    final class Document implements Frames {
        private final BodyBytes bytes;
        private final Optional<Refusal> refusalOfArrays;
        private final Optional<Refusal> refusalOfObjects;
        private boolean begun;
        private boolean isMany;

        private Document(
                BodyBytes bytes,
                Optional<Refusal> refusalOfArrays,
                Optional<Refusal> refusalOfObjects) {
            this.bytes = bytes;
            this.refusalOfArrays = refusalOfArrays;
            this.refusalOfObjects = refusalOfObjects;
        }

        @Override
        public boolean isMany() {
            return isMany;
        }

        @Override
        public Frame.Place place() {
            return bytes.place();
        }

        @Override
        public @Nullable Frame next() throws IOException {
            bytes.skipBlanks();
            if (!begun) {
                begun = true;
                return first();
            }
            return switch (bytes.peek()) {
                case ',' -> {
                    bytes.skip();
                    bytes.skipBlanks();
                    yield element();
                }
                case ']' -> end();
                case BodyBytes.END -> {
                    if (isMany) {
                        throw cutOff();
                    }
                    yield null;
                }
                default -> throw broken("a comma or the end of the array is missing");
            };
        }

        private @Nullable Frame first() throws IOException {
            return switch (bytes.peek()) {
                case BodyBytes.END -> null;
                case '{' -> {
                    if (refusalOfObjects.isPresent()) {
                        throw refusalOfObjects.get();
                    }
                    Frame object = value();
                    requireEnd();
                    yield object;
                }
                case '[' -> {
                    if (refusalOfArrays.isPresent()) {
                        throw refusalOfArrays.get();
                    }
                    isMany = true;
                    bytes.skip();
                    bytes.skipBlanks();
                    yield bytes.peek() == ']' ? end() : element();
                }
                default -> throw broken("it must be one JSON object, or an array of them");
            };
        }

        private @Nullable Frame end() throws IOException {
            bytes.skip();
            requireEnd();
            return null;
        }

        private void requireEnd() throws IOException {
            bytes.skipBlanks();
            if (bytes.peek() != BodyBytes.END) {
                throw broken("there is more than one value");
            }
        }

        private Frame element() throws IOException {
            return switch (bytes.peek()) {
                case ',', ']', '}' -> throw broken("an element is missing");
                default -> value();
            };
        }

        private Frame value() throws IOException {
            bytes.begin();
            int depth = 0;
            do {
                switch (bytes.peek()) {
                    case BodyBytes.END -> {
                        return rest();
                    }
                    case '"' -> {
                        if (!string()) {
                            return rest();
                        }
                    }
                    case '{', '[' -> {
                        depth++;
                        bytes.keep();
                    }
                    case '}', ']' -> {
                        depth--;
                        bytes.keep();
                    }
                    default -> plain(depth);
                }
            } while (depth > 0);
            return bytes.frame();
        }

        /** Whether it has an end. */
        private boolean string() throws IOException {
            do {
                if (bytes.peek() == '\\') {
                    bytes.keep();
                }
                if (bytes.peek() == BodyBytes.END) {
                    return false;
                }
                bytes.keep();
            } while (bytes.peek() != '"');
            bytes.keep();
            return true;
        }

        /** By itself, a number or a word ends where something else begins. */
        private void plain(int depth) throws IOException {
            do {
                bytes.keep();
            } while (depth == 0 && !isDelimiter(bytes.peek()));
        }

        private static boolean isDelimiter(int value) {
            return switch (value) {
                case ',', ']', '}', '[', '{', '"', ' ', '\t', '\r', '\n', BodyBytes.END -> true;
                default -> false;
            };
        }

        /** What is cut off alone is left to the parser, which can say what is missing. */
        private Frame rest() {
            if (isMany) {
                throw cutOff();
            }
            return bytes.frame();
        }

        private Refusal cutOff() {
            return broken("the end of the array is missing");
        }

        private Refusal broken(String why) {
            return new Refusal(
                    400,
                    ProblemType.INVALID_BODY,
                    "The body is not JSON as it is read here, see " + place() + ": " + why + ".");
        }
    }
}
