package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.ports.operations.driving.ReadAuditLog;

import tools.jackson.core.JsonGenerator;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What people did: {@code /ops/v1/audit-log}. */
public final class AuditRoutes {

    private final ReadAuditLog readAuditLog;

    public AuditRoutes(ReadAuditLog readAuditLog) {
        this.readAuditLog = Objects.requireNonNull(readAuditLog);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(new OperationRoute.Look(new ReadRoute("/ops/v1/audit-log", this::read)));
    }

    private Optional<JsonBody> read(ReadRequest request) {
        Field<Long> after = Paging.after(request);
        Field<Paging> paging = Paging.of(request);
        request.requireValid();
        Paging page = paging.value();
        List<AuditEntry> found = readAuditLog.read(after.value(), page.toFind());
        return Optional.of(json ->
                page.write(
                        json,
                        "acts",
                        found,
                        act -> write(json, act),
                        last -> json.writeNumberProperty("next", last.id())));
    }

    private static void write(JsonGenerator json, AuditEntry act) {
        json.writeStartObject();
        json.writeNumberProperty("id", act.id());
        json.writeStringProperty("at", act.at().toString());
        json.writeStringProperty("by", act.signature().by());
        json.writeStringProperty("act", act.act());
        writeUnlessEmpty(json, "stream", act.stream());
        writeUnlessEmpty(json, "subscription", act.subscription());
        writeUnlessEmpty(json, "key", act.key());
        writeUnlessEmpty(json, "messageId", act.messageId());
        json.writeStringProperty("why", act.signature().why());
        json.writeObjectPropertyStart("details");
        new TreeMap<>(act.details()).forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeUnlessEmpty(JsonGenerator json, String name, String text) {
        if (!text.isEmpty()) {
            json.writeStringProperty(name, text);
        }
    }
}
