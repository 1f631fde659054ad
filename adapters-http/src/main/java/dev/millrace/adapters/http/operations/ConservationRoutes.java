package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.answers.JsonLines;
import dev.millrace.adapters.http.answers.ProblemType;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Difference;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Period;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.AuditNote;
import dev.millrace.ports.driving.AuditSubscription;

import tools.jackson.core.JsonGenerator;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Whether anything is lost: {@code /ops/v1/audit}. The answer comes line by line while the audit
 * runs, and its last line says how it ended; without such a line it did not. One runs at a time.
 * Thread-safe.
 */
public final class ConservationRoutes {

    /** One line of progress for so many copies or records. */
    private static final long STEP = 10_000;

    private final AuditSubscription auditSubscription;
    private final Subscriptions subscriptions;
    private final Semaphore turn = new Semaphore(1);

    /**
     * @param subscriptions that can be audited here
     */
    public ConservationRoutes(
            AuditSubscription auditSubscription, List<SubscriptionId> subscriptions) {
        this.auditSubscription = Objects.requireNonNull(auditSubscription);
        this.subscriptions = new Subscriptions(subscriptions);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(new OperationRoute.Report("/ops/v1/audit", this::audit));
    }

    private JsonLines audit(ReadRequest request) {
        Field<String> stream = request.text("stream", "", text -> text);
        Field<String> subscription = request.text("subscription", "", text -> text);
        Field<Instant> from = request.instant("from", Period.ALL.from());
        Field<Instant> to = request.instant("to", Period.ALL.to());
        request.requireValid();
        Period period = period(from.value(), to.value());
        SubscriptionId audited = subscriptions.find(stream.value(), subscription.value());
        return lines -> {
            if (!turn.tryAcquire()) {
                throw new Refusal(
                        409,
                        ProblemType.AUDIT_RUNNING,
                        "An audit runs here already: wait for its end.");
            }
            try {
                audit(audited, period, new Telling(lines));
            } finally {
                turn.release();
            }
        };
    }

    private static Period period(Instant from, Instant to) {
        try {
            return new Period(from, to);
        } catch (InvalidValue broken) {
            throw Refusal.invalidRequest(List.of(new FieldError(broken.field(), broken.rule())));
        }
    }

    private void audit(SubscriptionId subscription, Period period, Telling telling) {
        AuditReport report;
        try {
            report = auditSubscription.audit(subscription, period, telling::tell);
        } catch (Unavailable outage) {
            if (telling.isSilent()) {
                throw outage;
            }
            telling.end(String.valueOf(outage.getMessage()));
            return;
        }
        telling.end(report);
    }

    /** Makes lines of what an audit tells. */
    private static final class Telling {
        private final Consumer<JsonBody> lines;
        private boolean silent = true;
        private long steps;

        Telling(Consumer<JsonBody> lines) {
            this.lines = lines;
        }

        boolean isSilent() {
            return silent;
        }

        void tell(AuditNote note) {
            switch (note) {
                case AuditNote.Progress(long copies, long records) -> {
                    if ((copies + records) / STEP > steps) {
                        steps = (copies + records) / STEP;
                        line(json -> write(json, copies, records));
                    }
                }
                case AuditNote.Found(Difference difference) ->
                        line(json -> write(json, difference));
            }
        }

        void end(AuditReport report) {
            line(json -> write(json, report));
        }

        void end(String outage) {
            line(json -> {
                json.writeObjectPropertyStart("problem");
                json.writeStringProperty("type", ProblemType.UNAVAILABLE.uri());
                json.writeStringProperty("detail", outage);
                json.writeEndObject();
            });
        }

        private void line(JsonBody members) {
            silent = false;
            lines.accept(json -> {
                json.writeStartObject();
                members.writeTo(json);
                json.writeEndObject();
            });
        }

        private static void write(JsonGenerator json, long copies, long records) {
            json.writeObjectPropertyStart("progress");
            json.writeNumberProperty("copies", copies);
            json.writeNumberProperty("records", records);
            json.writeEndObject();
        }

        private static void write(JsonGenerator json, Difference difference) {
            json.writeObjectPropertyStart("difference");
            json.writeStringProperty("kind", difference.kind().word());
            json.writeStringProperty("position", difference.position().toString());
            json.writeStringProperty("messageId", difference.messageId());
            json.writeStringProperty("detail", difference.detail());
            json.writeEndObject();
        }

        private static void write(JsonGenerator json, AuditReport report) {
            json.writeObjectPropertyStart("report");
            json.writeBooleanProperty("balances", report.balances());
            json.writeNumberProperty("differences", report.differences());
            json.writeObjectPropertyStart("copies");
            report.copies()
                    .forEach((state, count) -> json.writeNumberProperty(state.word(), count));
            json.writeEndObject();
            json.writeEndObject();
        }
    }
}
