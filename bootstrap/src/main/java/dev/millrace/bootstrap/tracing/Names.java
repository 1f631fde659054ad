package dev.millrace.bootstrap.tracing;

import dev.millrace.ports.operations.driving.KeptSpan;

import io.opentelemetry.api.common.AttributeKey;

/**
 * How attributes are called: as OpenTelemetry's conventions for messaging have it where these know
 * one, else {@code millrace}. None holds a key, a payload, or what an exception says.
 */
final class Names {

    static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    static final AttributeKey<String> OPERATION =
            AttributeKey.stringKey("messaging.operation.name");
    static final AttributeKey<String> OPERATION_TYPE =
            AttributeKey.stringKey("messaging.operation.type");
    static final AttributeKey<String> DESTINATION =
            AttributeKey.stringKey("messaging.destination.name");
    static final AttributeKey<String> SUBSCRIPTION =
            AttributeKey.stringKey("messaging.destination.subscription.name");
    static final AttributeKey<String> MESSAGE_ID = AttributeKey.stringKey(KeptSpan.MESSAGE_ID);
    static final AttributeKey<Long> MESSAGES =
            AttributeKey.longKey("messaging.batch.message_count");
    static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    static final AttributeKey<String> POSITION = AttributeKey.stringKey("millrace.position");
    static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("millrace.outcome");
    static final AttributeKey<String> REASON = AttributeKey.stringKey("millrace.reason");
    static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("millrace.attempt");
    static final AttributeKey<String> FATE = AttributeKey.stringKey("millrace.fate");
    static final AttributeKey<String> WAY = AttributeKey.stringKey("millrace.way");
    static final AttributeKey<Long> REPLAY = AttributeKey.longKey("millrace.replay.id");
    static final AttributeKey<Long> REDRIVE = AttributeKey.longKey("millrace.redrive.id");
    static final AttributeKey<Long> QUARANTINE = AttributeKey.longKey("millrace.quarantine.id");
    static final AttributeKey<Long> EDITION = AttributeKey.longKey("millrace.edition");

    private Names() {}
}
