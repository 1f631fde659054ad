package dev.millrace.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.millrace.e2e.TcpProxy.Verdict;
import dev.millrace.e2e.TcpProxy.Way;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Cuts connections to PostgreSQL: at every other COMMIT on average, in each of the ways in turn,
 * and for a third of all cuts at any other place of the conversation. Makes no more than it may.
 * Thread-safe.
 */
final class CommitCuts {

    /** Where a connection was cut. */
    enum Kind {
        /** The server never hears of it, and rolls back. */
        BEFORE_THE_COMMIT,
        /** The server has the beginning of a message, and rolls back. */
        WITHIN_THE_COMMIT,
        /** Commit and reset race each other. */
        RIGHT_AFTER_THE_COMMIT,
        /** The server has answered, and nobody hears it. */
        BEFORE_THE_ANSWER,
        /** The client has the beginning of an answer. */
        WITHIN_THE_ANSWER,
        /** Any other chunk of bytes, each way, cut anywhere. */
        ELSEWHERE
    }

    private static final byte[] COMMIT = "COMMIT\0".getBytes(ISO_8859_1);
    private static final List<Kind> AT_COMMITS =
            List.copyOf(EnumSet.complementOf(EnumSet.of(Kind.ELSEWHERE)));
    private static final double AT_A_COMMIT = 0.5;
    private static final double AT_ANY_OTHER_CHUNK = 0.005;

    private final SplittableRandom random;
    private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);
    private int allowed;
    private int commitsCut;
    private int unheardCommits;

    CommitCuts(long seed) {
        random = new SplittableRandom(seed);
    }

    /** From now on, so many more. */
    synchronized void allow(int cuts) {
        allowed = cuts;
    }

    /** How many were made, by kind. */
    synchronized Map<Kind, Integer> made() {
        return new EnumMap<>(made);
    }

    synchronized int total() {
        return made.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many transactions surely were committed while their client never heard the end of it. */
    synchronized int unheardCommits() {
        return unheardCommits;
    }

    /** For one connection. */
    TcpProxy.Tap tap() {
        return new Conversation();
    }

    private synchronized Kind kindOfNextCommit() {
        if (allowed == 0 || random.nextDouble() >= AT_A_COMMIT) {
            return Kind.ELSEWHERE;
        }
        return AT_COMMITS.get(commitsCut++ % AT_COMMITS.size());
    }

    private synchronized Verdict cut(Kind kind, int bytes) {
        if (allowed == 0) {
            return Verdict.FORWARD;
        }
        allowed--;
        made.merge(kind, 1, Integer::sum);
        return new Verdict.CutAfter(bytes);
    }

    private synchronized Verdict cutAnswer(Kind kind, byte[] answer) {
        Verdict verdict = cut(kind, kind == Kind.BEFORE_THE_ANSWER ? 0 : within(answer));
        if (verdict instanceof Verdict.CutAfter && contains(answer)) {
            unheardCommits++;
        }
        return verdict;
    }

    private synchronized Verdict cutElsewhere(byte[] chunk) {
        boolean fewSoFar = 3 * made.getOrDefault(Kind.ELSEWHERE, 0) <= total();
        return fewSoFar && random.nextDouble() < AT_ANY_OTHER_CHUNK
                ? cut(Kind.ELSEWHERE, random.nextInt(chunk.length + 1))
                : Verdict.FORWARD;
    }

    private synchronized int within(byte[] chunk) {
        return 1 + random.nextInt(chunk.length - 1);
    }

    private static boolean contains(byte[] chunk) {
        return new String(chunk, ISO_8859_1).contains(new String(COMMIT, ISO_8859_1));
    }

    private final class Conversation implements TcpProxy.Tap {

        private volatile Kind planned = Kind.ELSEWHERE;

        @Override
        public Verdict see(Way way, byte[] chunk) {
            if (way == Way.TO_SERVER && contains(chunk)) {
                Kind kind = kindOfNextCommit();
                return switch (kind) {
                    case BEFORE_THE_COMMIT -> cut(kind, 0);
                    case WITHIN_THE_COMMIT -> cut(kind, within(chunk));
                    case RIGHT_AFTER_THE_COMMIT -> cut(kind, chunk.length);
                    case BEFORE_THE_ANSWER, WITHIN_THE_ANSWER -> {
                        planned = kind;
                        yield Verdict.FORWARD;
                    }
                    case ELSEWHERE -> cutElsewhere(chunk);
                };
            }
            if (way == Way.TO_CLIENT && planned != Kind.ELSEWHERE) {
                return cutAnswer(planned, chunk);
            }
            return cutElsewhere(chunk);
        }
    }
}
