package dev.millrace.bootstrap.send;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** One JSON object a line. What has its message ID goes to the gate as it stands. */
final class NdjsonFile implements EventFile {

    private final BufferedReader reader;
    private final EventFields fields;
    private final Supplier<String> messageIds;
    private final JsonMapper json = JsonMapper.shared();
    private long number;

    NdjsonFile(InputStream input, EventFields fields, Supplier<String> messageIds) {
        this.reader =
                new BufferedReader(
                        new InputStreamReader(
                                input,
                                StandardCharsets.UTF_8
                                        .newDecoder()
                                        .onMalformedInput(CodingErrorAction.REPORT)
                                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
        this.fields = fields;
        this.messageIds = messageIds;
    }

    @Override
    public Optional<Line> next() throws IOException {
        String text;
        do {
            text = readLine();
            if (text == null) {
                return Optional.empty();
            }
            number++;
        } while (text.isBlank());
        return Optional.of(read(text));
    }

    private @Nullable String readLine() throws IOException {
        try {
            return reader.readLine();
        } catch (CharacterCodingException notUtf8) {
            throw new Mistake("the file is not UTF-8, somewhere after line " + number, notUtf8);
        }
    }

    private Line read(String text) {
        try {
            if (!(json.readTree(text) instanceof ObjectNode event)) {
                return new Line.Refused(number, "must be a JSON object");
            }
            JsonNode key = event.path(fields.key());
            String keyText = key.isString() ? key.stringValue() : "";
            if (event.has(EventFields.MESSAGE_ID)) {
                return new Line.Event(number, keyText, text.strip());
            }
            event.put(EventFields.MESSAGE_ID, messageIds.get());
            return new Line.Event(number, keyText, json.writeValueAsString(event));
        } catch (JacksonException malformed) {
            return new Line.Refused(
                    number, "must be a JSON object: " + malformed.getOriginalMessage());
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
