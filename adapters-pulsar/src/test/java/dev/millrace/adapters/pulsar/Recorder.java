package dev.millrace.adapters.pulsar;

import dev.millrace.domain.Delivery;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Stands for the core: writes down what it is handed and answers as it is told. Thread-safe. */
final class Recorder implements ProcessEvents<CountEvent> {

    private final List<List<Delivery<CountEvent>>> batches = new ArrayList<>();
    private final List<Delivery<CountEvent>> acknowledged = new ArrayList<>();
    private volatile Function<List<Delivery<CountEvent>>, Instruction> answer =
            _ -> new Instruction.Acknowledge();

    /** From now on each batch gets this answer. */
    void answer(Function<List<Delivery<CountEvent>>, Instruction> next) {
        answer = next;
    }

    @Override
    public Instruction process(Supplier<List<Delivery<CountEvent>>> batch) {
        List<Delivery<CountEvent>> deliveries = batch.get();
        Instruction instruction = answer.apply(deliveries);
        synchronized (this) {
            batches.add(deliveries);
            if (instruction instanceof Instruction.Acknowledge) {
                acknowledged.addAll(deliveries);
            }
        }
        return instruction;
    }

    /** Every batch that was handed over, empty ones too. */
    synchronized List<List<Delivery<CountEvent>>> batches() {
        return List.copyOf(batches);
    }

    /** The deliveries that the lanes were told to acknowledge, in the order of their batches. */
    synchronized List<Delivery<CountEvent>> acknowledged() {
        return List.copyOf(acknowledged);
    }

    /** The message IDs of what was acknowledged. */
    List<String> acknowledgedIds() {
        return acknowledged().stream().map(Recorder::id).toList();
    }

    static String id(Delivery<CountEvent> delivery) {
        return switch (delivery) {
            case Delivery.Decoded<CountEvent> decoded -> decoded.messageId().value();
            case Delivery.Undecodable<CountEvent> undecodable -> undecodable.messageId();
        };
    }
}
