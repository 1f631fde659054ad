package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.operations.driven.Replays;
import dev.millrace.ports.operations.driving.BeginReplay;

import java.util.Objects;
import java.util.OptionalInt;

/** Begins replays, of what the topic holds at that moment. Thread-safe. */
public final class ReplayStart implements BeginReplay {

    private final TopicLog topic;
    private final Replays replays;

    public ReplayStart(TopicLog topic, Replays replays) {
        this.topic = Objects.requireNonNull(topic);
        this.replays = Objects.requireNonNull(replays);
    }

    @Override
    public ReplayBeginning begin(ReplayPlan plan, Signature signature) {
        OptionalInt meant = plan.scope().partition();
        if (meant.isPresent()) {
            int partitions = topic.partitions(plan.subscription());
            if (meant.getAsInt() >= partitions) {
                return new ReplayBeginning.NoSuchPartition(partitions);
            }
        }
        return replays.begin(plan, topic.spans(plan.subscription(), plan.scope()), signature);
    }
}
