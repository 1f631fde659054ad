package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.FieldError;
import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.json.EventFields;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.json.JsonValue;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.operations.Signature;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * An act as it was asked for. A handler asks for each part by its name and then calls {@link
 * #requireValid}; whatever is wrong is collected, and what nobody asked for is unknown and refused.
 * Not thread-safe.
 */
public final class ActRequest {

    private final ReadRequest head;
    private final EventFields body;
    private final Map<String, EventFields> objects;
    private final Map<String, EventFields> asked = new LinkedHashMap<>();
    private final List<FieldError> errors = new ArrayList<>();

    /**
     * @param head path and query
     * @param body the members of the body's object
     * @param objects those of them that are objects, with theirs
     */
    ActRequest(ReadRequest head, EventFields body, Map<String, EventFields> objects) {
        this.head = head;
        this.body = body;
        this.objects = objects;
    }

    /**
     * A part of the path.
     *
     * @param type makes the value; its {@link InvalidValue} is an error of this parameter
     */
    public <T> Field<T> path(String name, Function<String, T> type) {
        return head.path(name, type);
    }

    /** The members of the body. */
    public EventFields body() {
        return body;
    }

    /** The members of an object in the body; empty when it is left out. */
    public Optional<EventFields> object(String name) {
        Optional<EventFields> members = find(name);
        members.ifPresent(found -> asked.put(name, found));
        return members;
    }

    /** An object that must be there, and whose errors its reader tells. */
    public Optional<EventFields> rawObject(String name) {
        require(name);
        return find(name);
    }

    private Optional<EventFields> find(String name) {
        Optional<JsonValue> value = body.take(name);
        EventFields members = objects.get(name);
        if (members == null) {
            value.ifPresent(other -> errors.add(noObject(name, other)));
        }
        return Optional.ofNullable(members);
    }

    private void require(String name) {
        if (!body.has(name)) {
            errors.add(FieldError.of(name, "is required"));
        }
    }

    /** The same, where it must be there. */
    public Optional<EventFields> requiredObject(String name) {
        require(name);
        return object(name);
    }

    private static FieldError noObject(String name, JsonValue value) {
        return FieldError.of(
                name,
                value == JsonValue.Unfit.REPEATED
                        ? JsonValue.Unfit.REPEATED.rule()
                        : "must be an object");
    }

    /** Who acts, and perhaps why. */
    public Field<Signature> signature() {
        return signature(body.optionalText("why", "", why -> new Signature("-", why).why()));
    }

    /** Who acts, and why: for an act that gives something up. */
    public Field<Signature> signatureWithReason() {
        return signature(body.text("why", why -> new Signature("-", why).withReason().why()));
    }

    private Field<Signature> signature(Field<String> why) {
        Field<String> by = body.text("by", name -> new Signature(name, "").by());
        return by.isValid() && why.isValid()
                ? Field.of(new Signature(by.value(), why.value()))
                : Field.invalid();
    }

    /** Adds what is wrong. */
    public void refuse(FieldError error) {
        errors.add(error);
    }

    /** Ends the request with a 400 that names everything that is wrong, when anything is. */
    public void requireValid() {
        List<FieldError> all = new ArrayList<>(head.errors());
        all.addAll(errors);
        all.addAll(body.errors());
        asked.forEach((name, members) ->
                members.errors()
                        .forEach(error ->
                                all.add(
                                        new FieldError(
                                                FieldError.pointer(name) + error.field(),
                                                error.rule()))));
        if (!all.isEmpty()) {
            throw Refusal.invalidRequest(all);
        }
    }
}
