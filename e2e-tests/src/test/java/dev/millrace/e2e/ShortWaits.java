package dev.millrace.e2e;

import java.util.HashMap;
import java.util.Map;

/**
 * A service that notices within seconds that a side of it is gone, and has many small batches under
 * way: what tests need that break it again and again.
 */
final class ShortWaits {

    static final int PARTITIONS = 3;
    static final int LANES = 2;

    /** So many that every lane has some: the broker spreads them by a hash of names. */
    static final String BUCKETS = "16";

    /** Of {@link StackToBreak}, too. */
    static final int KEEP_ALIVE_SECONDS = 2;

    private ShortWaits() {}

    /** For a gate; a map that may be changed. */
    static Map<String, String> ofGate() {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PARTITIONS", String.valueOf(PARTITIONS));
        settings.put("MILLRACE_BUCKETS", BUCKETS);
        settings.put("MILLRACE_PULSAR_KEEP_ALIVE", KEEP_ALIVE_SECONDS + "s");
        return settings;
    }

    /** For a worker, which may be a gate, too; a map that may be changed. */
    static Map<String, String> ofWorker() {
        Map<String, String> settings = ofGate();
        settings.put("MILLRACE_LANES", String.valueOf(LANES));
        settings.put("MILLRACE_BATCH_MAX_EVENTS", "50");
        settings.put("MILLRACE_PULSAR_OPERATION_TIMEOUT", "3s");
        settings.put("MILLRACE_RECEIPT_TIMEOUT", "1s");
        settings.put("MILLRACE_DECISION_TIMEOUT", "300ms");
        settings.put("MILLRACE_POSTGRES_LOCK_TIMEOUT", "500ms");
        settings.put("MILLRACE_POSTGRES_STATEMENT_TIMEOUT", "2s");
        settings.put("MILLRACE_POSTGRES_IDLE_TIMEOUT", "2500ms");
        settings.put("MILLRACE_POSTGRES_TRANSACTION_TIMEOUT", "3s");
        settings.put("MILLRACE_POSTGRES_SOCKET_TIMEOUT", "4s");
        settings.put("MILLRACE_OUTAGE_WITHDRAW_AFTER", "2s");
        return settings;
    }
}
