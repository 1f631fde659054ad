package dev.millrace.adapters.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/** Bytes that are written now and sent later. It grows by blocks, so that nothing is copied. */
final class Draft extends OutputStream {

    private static final int BLOCK = 8 << 10;

    private final Budget.Share share;
    private final List<byte[]> blocks = new ArrayList<>();
    private int end = BLOCK;

    /**
     * @param share what it holds is counted here
     */
    Draft(Budget.Share share) {
        this.share = share;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        for (int from = offset, left = length; left > 0; ) {
            if (end == BLOCK) {
                // What is stored must be answered, so this is the one thing that is not refused.
                share.force(BLOCK);
                blocks.add(new byte[BLOCK]);
                end = 0;
            }
            int count = Math.min(left, BLOCK - end);
            System.arraycopy(bytes, from, blocks.getLast(), end, count);
            end += count;
            from += count;
            left -= count;
        }
    }

    /** How many bytes were written. */
    long length() {
        return (long) blocks.size() * BLOCK - (BLOCK - end);
    }

    /** Writes all of it. */
    void sendTo(OutputStream output) throws IOException {
        for (int i = 0; i < blocks.size(); i++) {
            output.write(blocks.get(i), 0, i == blocks.size() - 1 ? end : BLOCK);
        }
    }
}
