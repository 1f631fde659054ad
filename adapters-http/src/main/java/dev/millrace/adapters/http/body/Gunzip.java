package dev.millrace.adapters.http.body;

import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a gzip file (RFC 1952) holds: one member after the other to the very end, each checked. The
 * library's own stream lets the pieces in which bytes happen to arrive decide whether it looks for
 * a further member; here all bytes count, however they come.
 */
final class Gunzip extends Bytes {

    /** About what one holds: its piece, and the library's window and tables. */
    static final int MEMORY = 48 << 10;

    private static final int PIECE = 4 << 10;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECK = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final InputStream input;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 check = new CRC32();
    private final byte[] piece = new byte[PIECE];
    private int position;
    private int limit;
    private State state = State.FIRST_HEADER;

    private enum State {
        FIRST_HEADER,
        DATA,
        TRAILER,
        FURTHER_HEADER,
        BROKEN
    }

    Gunzip(InputStream input) {
        this.input = input;
    }

    /**
     * Reads on.
     *
     * @throws Refusal 400 when it is no gzip file, or one that is cut off; all that could be read
     *     before was
     */
    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (true) {
            switch (state) {
                case FIRST_HEADER -> header();
                case DATA -> {
                    int count = inflate(bytes, offset, length);
                    if (count > 0) {
                        check.update(bytes, offset, count);
                        return count;
                    }
                }
                case TRAILER -> trailer();
                case FURTHER_HEADER -> {
                    if (position == limit && !fill()) {
                        return -1;
                    }
                    header();
                }
                case BROKEN -> throw broken();
            }
        }
    }

    private void header() throws IOException {
        check.reset();
        require(next() == 0x1F && next() == 0x8B && next() == DEFLATE);
        int flags = next();
        require((flags & RESERVED) == 0);
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(next() | next() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECK) != 0) {
            int expected = (int) check.getValue() & 0xFFFF;
            require((next() | next() << 8) == expected);
        }
        check.reset();
        inflater.reset();
        inflater.setInput(piece, position, limit - position);
        position = limit;
        state = State.DATA;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        long before = inflater.getBytesWritten();
        try {
            int count = inflater.inflate(bytes, offset, length);
            if (inflater.finished()) {
                position = limit - inflater.getRemaining();
                state = State.TRAILER;
            } else if (count == 0) {
                require(fill());
                inflater.setInput(piece, 0, limit);
                position = limit;
            }
            return count;
        } catch (DataFormatException broken) {
            state = State.BROKEN;
            return (int) (inflater.getBytesWritten() - before);
        }
    }

    private void trailer() throws IOException {
        int expectedCheck = (int) check.getValue();
        int expectedLength = (int) inflater.getBytesWritten();
        require(number() == expectedCheck && number() == expectedLength);
        state = State.FURTHER_HEADER;
    }

    private int number() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private void skipText() throws IOException {
        while (next() != 0) {
            // Names and comments mean nothing here.
        }
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            next();
        }
    }

    private int next() throws IOException {
        require(position < limit || fill());
        int value = piece[position++] & 0xFF;
        check.update(value);
        return value;
    }

    private boolean fill() throws IOException {
        limit = Math.max(0, input.read(piece, 0, piece.length));
        position = 0;
        return limit > 0;
    }

    private void require(boolean asItMustBe) {
        if (!asItMustBe) {
            state = State.BROKEN;
            throw broken();
        }
    }

    private static Refusal broken() {
        return new Refusal(
                400,
                ProblemType.INVALID_BODY,
                "The body is not gzip, or it is cut off or damaged.");
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        input.close();
    }
}
