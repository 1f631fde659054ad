package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A body byte by byte, with the place that is reached, and the frame that is being cut out of it.
 * It holds a piece of the body and one frame, however long the body is.
 */
public final class BodyBytes {

    /** What {@link #peek} answers at the end. */
    static final int END = -1;

    private static final int PIECE = 8 << 10;
    private static final int FIRST_FRAME = 1 << 10;
    private static final int[] BYTE_ORDER_MARK = {0xEF, 0xBB, 0xBF};

    private final InputStream input;
    private final int maxFrame;
    private final Budget.Share share;

    private final byte[] piece = new byte[PIECE];
    private int position;
    private int limit;
    private boolean begun;
    private int line = 1;
    private int column = 1;

    private byte[] frame;
    private int length;
    private boolean whole = true;
    private Frame.Place start = place();

    /**
     * @param maxFrame how many bytes of a frame are kept
     * @param share what it holds is counted here
     * @throws Refusal 429 when there is no room for its buffers
     */
    public BodyBytes(InputStream input, int maxFrame, Budget.Share share) {
        this.input = input;
        this.maxFrame = maxFrame;
        this.share = share;
        this.frame = new byte[Math.min(FIRST_FRAME, maxFrame)];
        share.take(piece.length + frame.length);
    }

    /**
     * The next byte, from 0 to 255, which stays the next one; {@link #END} at the end.
     *
     * @throws Refusal when reading cannot go on
     * @throws IOException when the caller is gone
     */
    int peek() throws IOException {
        if (position == limit && !fill()) {
            return END;
        }
        return piece[position] & 0xFF;
    }

    private boolean fill() throws IOException {
        if (!begun) {
            begun = true;
            return fillFirst();
        }
        limit = Math.max(0, input.read(piece, 0, piece.length));
        position = 0;
        return limit > 0;
    }

    /** Reads as far as it takes to know a byte order mark. */
    private boolean fillFirst() throws IOException {
        int marks = 0;
        while (marks == limit && marks < BYTE_ORDER_MARK.length) {
            int count = input.read(piece, limit, piece.length - limit);
            if (count < 0) {
                break;
            }
            limit += count;
            while (marks < Math.min(limit, BYTE_ORDER_MARK.length)
                    && (piece[marks] & 0xFF) == BYTE_ORDER_MARK[marks]) {
                marks++;
            }
        }
        if (marks == BYTE_ORDER_MARK.length) {
            throw new Refusal(
                    400,
                    ProblemType.INVALID_BODY,
                    "The body begins with a byte order mark; send UTF-8 without one.");
        }
        return limit > 0;
    }

    /** Goes past the next byte. */
    void skip() throws IOException {
        int value = peek();
        position++;
        if (value == '\n') {
            line++;
            column = 1;
        } else if ((value & 0xC0) != 0x80) {
            column++;
        }
    }

    /** Goes past everything that JSON takes for white space. */
    void skipBlanks() throws IOException {
        while (isBlank(peek())) {
            skip();
        }
    }

    /** Begins a frame here. */
    void begin() {
        length = 0;
        whole = true;
        start = place();
    }

    /** Goes past the next byte and takes it into the frame, as long as that has room. */
    void keep() throws IOException {
        int value = peek();
        if (length < maxFrame) {
            if (length == frame.length) {
                grow();
            }
            frame[length++] = (byte) value;
        } else if (!isBlank(value)) {
            whole = false;
        }
        skip();
    }

    private void grow() {
        int capacity = Math.min(2 * frame.length, maxFrame);
        share.take(capacity - frame.length);
        frame = Arrays.copyOf(frame, capacity);
    }

    /** What was kept, without the blanks at its end; of use until the next one begins. */
    Frame frame() {
        int end = length;
        while (end > 0 && isBlank(frame[end - 1])) {
            end--;
        }
        return new Frame(ByteBuffer.wrap(frame, 0, end), whole, maxFrame, start);
    }

    /** Where the next byte is. */
    Frame.Place place() {
        return new Frame.Place(line, column);
    }

    private static boolean isBlank(int value) {
        return value == ' ' || value == '\t' || value == '\r' || value == '\n';
    }
}
