package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.Problem;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * One item as it stands in a body, and where it begins there. It lies in the buffer that it was
 * read into, so it is of use only until the next one is asked for.
 */
public final class Frame {

    private final ByteBuffer bytes;
    private final boolean whole;
    private final int maxBytes;
    private final Place place;

    /** A place in a body, both from 1; columns count characters. */
    public record Place(int line, int column) {

        /** The place in the body that another place, in what begins here, is at. */
        public Place plus(int lineWithin, int columnWithin) {
            return lineWithin == 1
                    ? new Place(line, column + columnWithin - 1)
                    : new Place(line + lineWithin - 1, columnWithin);
        }

        @Override
        public String toString() {
            return "line " + line + ", column " + column;
        }
    }

    /**
     * @param whole whether all its bytes are here, and not only the first ones of too many
     * @param maxBytes that it may have
     */
    Frame(ByteBuffer bytes, boolean whole, int maxBytes, Place place) {
        this.bytes = bytes;
        this.whole = whole;
        this.maxBytes = maxBytes;
        this.place = place;
    }

    /** How many bytes are held. */
    public int length() {
        return bytes.remaining();
    }

    /** Where it begins. */
    public Place place() {
        return place;
    }

    /** Whether all its bytes are here, and not only the first ones of too many. */
    public boolean isWhole() {
        return whole;
    }

    /** What is said when it is not whole. */
    public Problem tooLarge() {
        return Problem.of(
                413,
                ProblemType.EVENT_TOO_LARGE,
                "An event may have at most " + maxBytes + " bytes.");
    }

    /**
     * The item as text.
     *
     * @throws Refusal 413 when it is larger than an event may be, 400 when it is not UTF-8
     */
    public CharBuffer text() {
        if (!whole) {
            throw new Refusal(tooLarge());
        }
        ByteBuffer input = bytes.duplicate();
        CharBuffer text = CharBuffer.allocate(input.remaining());
        CoderResult result = decode(input, text);
        if (result.isError()) {
            throw new Refusal(
                    400,
                    ProblemType.INVALID_BODY,
                    "This is not UTF-8, from byte "
                            + (input.position() - bytes.position())
                            + " on of what begins at "
                            + place
                            + ".");
        }
        return text.flip();
    }

    /** The item's text as far as it can be read. */
    public CharBuffer beginning() {
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult whereverItEnds = decode(bytes.duplicate(), text);
        assert !whereverItEnds.isOverflow();
        return text.flip();
    }

    private static CoderResult decode(ByteBuffer input, CharBuffer text) {
        return StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(input, text, true);
    }
}
