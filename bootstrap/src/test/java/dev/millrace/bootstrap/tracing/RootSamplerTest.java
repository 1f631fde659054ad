package dev.millrace.bootstrap.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

final class RootSamplerTest {

    private static final long SEED = 20_261_130;

    private final AtomicLong now = new AtomicLong(Duration.ofDays(3).toNanos());
    private final SplittableRandom random = new SplittableRandom(SEED);

    private boolean samples(RootSampler sampler, Context parent) {
        String traceId = TraceId.fromLongs(random.nextLong(), random.nextLong());
        return sampler.shouldSample(
                                parent,
                                traceId,
                                "POST",
                                SpanKind.SERVER,
                                Attributes.empty(),
                                List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    @Test
    void the_first_of_each_second_is_sampled_whatever_the_share() {
        RootSampler sampler = new RootSampler(0, now::get);

        assertThat(samples(sampler, Context.root())).isTrue();
        assertThat(samples(sampler, Context.root())).isFalse();
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(samples(sampler, Context.root())).isTrue();
        assertThat(samples(sampler, Context.root())).isFalse();
    }

    @Test
    void of_the_others_the_share_is() {
        RootSampler sampler = new RootSampler(0.1, now::get);
        int sampled = 0;
        for (int i = 0; i < 10_000; i++) {
            sampled += samples(sampler, Context.root()) ? 1 : 0;
        }
        assertThat(sampled).isBetween(850, 1_150);
    }

    @Test
    void what_is_linked_to_something_sampled_always_is() {
        RootSampler sampler = new RootSampler(0, now::get);
        assertThat(samples(sampler, Context.root())).isTrue();

        assertThat(samples(sampler, Context.root().with(RootSampler.WANTED, true))).isTrue();
    }
}
