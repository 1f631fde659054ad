package dev.millrace.adapters.http;

import dev.millrace.adapters.http.body.Budget;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Bytes that are written now and sent later. It grows by blocks, so that nothing is copied, and
 * packs what grows long: the answers to ten thousand events are much alike, and would together be
 * most of what a gate holds.
 */
final class Draft extends OutputStream {

    private static final int BLOCK = 8 << 10;
    private static final int MOST_PLAIN = 8 * BLOCK;

    /** About what the library's compressor holds, outside of the heap. */
    private static final int PACKER = 256 << 10;

    private final Budget.Share share;
    private Blocks blocks = new Blocks();
    private @Nullable Deflater packer;
    private @Nullable DeflaterOutputStream packing;
    private long length;

    /**
     * @param share what the draft holds is counted here
     */
    Draft(Budget.Share share) {
        this.share = share;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (packing == null && length + count > MOST_PLAIN) {
            packing = pack();
        }
        length += count;
        (packing == null ? blocks : packing).write(bytes, offset, count);
    }

    private DeflaterOutputStream pack() throws IOException {
        Blocks plain = blocks;
        blocks = new Blocks();
        share.force(PACKER);
        packer = new Deflater(Deflater.BEST_SPEED, true);
        DeflaterOutputStream output = new DeflaterOutputStream(blocks, packer, BLOCK);
        plain.read().transferTo(output);
        share.give(plain.held());
        return output;
    }

    /** How many bytes were written. */
    long length() {
        return length;
    }

    /** Sends all of it; nothing more can be written then. */
    void sendTo(OutputStream output) throws IOException {
        if (packing == null) {
            blocks.read().transferTo(output);
            return;
        }
        packing.finish();
        Inflater inflater = new Inflater(true);
        try (InputStream unpacked = new InflaterInputStream(blocks.read(), inflater, BLOCK)) {
            unpacked.transferTo(output);
        } finally {
            inflater.end();
        }
    }

    /** Frees what is held outside of the heap. */
    @Override
    public void close() {
        if (packer != null) {
            packer.end();
        }
    }

    /** What is held, as it is held. */
    private final class Blocks extends OutputStream {
        private final List<byte[]> all = new ArrayList<>();
        private int end = BLOCK;

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            int from = offset;
            for (int left = count; left > 0; ) {
                if (end == BLOCK) {
                    // What is stored must be answered, so this is what is never refused.
                    share.force(BLOCK);
                    all.add(new byte[BLOCK]);
                    end = 0;
                }
                int some = Math.min(left, BLOCK - end);
                System.arraycopy(bytes, from, all.getLast(), end, some);
                end += some;
                from += some;
                left -= some;
            }
        }

        InputStream read() {
            List<InputStream> parts = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                int filled = i == all.size() - 1 ? end : BLOCK;
                parts.add(new ByteArrayInputStream(all.get(i), 0, filled));
            }
            return new SequenceInputStream(Collections.enumeration(parts));
        }

        long held() {
            return (long) all.size() * BLOCK;
        }
    }
}
