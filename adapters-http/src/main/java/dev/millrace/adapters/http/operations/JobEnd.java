package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Job;

import tools.jackson.core.JsonGenerator;

import java.util.function.BiConsumer;

/** How the wish to end a job is answered, of whatever kind it is, and one about no job. */
final class JobEnd {

    private JobEnd() {}

    /** The job as it is now, when this was its end. */
    static <J extends Job> JsonBody answer(
            Cancelling<J> outcome, BiConsumer<JsonGenerator, J> writing) {
        return switch (outcome) {
            case Cancelling.Cancelled<J>(J job) -> json -> writing.accept(json, job);
            case Cancelling.Ended<J>(J job) ->
                    throw new Refusal(
                            409,
                            ProblemType.ALREADY_ENDED,
                            "Job %d is %s since %s: %s."
                                    .formatted(job.id(), job.word(), job.endedAt(), job.detail()));
            case Cancelling.Unknown<J>() -> throw unknown();
        };
    }

    /** 404, for a number that no job has. */
    static Refusal unknown() {
        return new Refusal(404, ProblemType.NOT_FOUND, "There is no job under this number.");
    }
}
