package dev.millrace.ports.usecase;

import dev.millrace.domain.Position;

/**
 * Tells whether two sets of message IDs with their positions are the same, in memory that does not
 * grow with them: each of many buckets, chosen by the message ID, holds the sum of one set less the
 * sum of the other. Where they differ it tells the few message IDs that may be why.
 *
 * <p>Invariant: a bucket that both sets fill alike is 0; one that they do not is not, but once in
 * 2⁶⁴ cases.
 */
final class Balance {

    private static final int BUCKETS = 1 << 16;
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long[] sums = new long[BUCKETS];

    /** One more of the first set. */
    void add(String messageId, Position position) {
        sums[bucket(messageId)] += hash(messageId, position);
    }

    /** One more of the second set. */
    void subtract(String messageId, Position position) {
        sums[bucket(messageId)] -= hash(messageId, position);
    }

    /** Whether the sets are the same. */
    boolean isEven() {
        for (long sum : sums) {
            if (sum != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether this message ID may be one on which the sets differ. */
    boolean isSuspect(String messageId) {
        return sums[bucket(messageId)] != 0;
    }

    private static int bucket(String messageId) {
        return (int) (spread(hash(FNV_BASIS, messageId)) >>> 48);
    }

    private static long hash(String messageId, Position position) {
        long hash = hash(FNV_BASIS, messageId);
        hash = spread(hash + position.ledger());
        hash = spread(hash + position.entry());
        hash = spread(hash + position.partition());
        return spread(hash + position.batchIndex());
    }

    private static long hash(long basis, String text) {
        long hash = basis;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash;
    }

    /** Lets every bit of the one depend on every bit of the other, as in SplitMix64. */
    private static long spread(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
