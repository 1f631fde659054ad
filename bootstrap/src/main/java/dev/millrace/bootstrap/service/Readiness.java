package dev.millrace.bootstrap.service;

import dev.millrace.ports.Condition;
import dev.millrace.ports.driving.CheckReadiness;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * What the roles of this process need, each under its name. A condition is there from the
 * beginning, unmet, and is asked once its part has been opened: so a process is never ready for
 * want of a question.
 */
final class Readiness implements CheckReadiness {

    private final Map<String, Supplier<Condition>> conditions = new ConcurrentSkipListMap<>();

    /** Expects a condition that nobody can answer for yet. */
    void expect(String name, String why) {
        conditions.put(name, () -> Condition.unmet(name, why));
    }

    /** From here on the condition is asked there. */
    void ask(String name, Supplier<Condition> condition) {
        conditions.put(name, condition);
    }

    /** Whether one of them is met. */
    boolean isMet(String name) {
        Supplier<Condition> condition = conditions.get(name);
        return condition != null && condition.get().met();
    }

    @Override
    public List<Condition> check() {
        return conditions.values().stream().map(Supplier::get).toList();
    }
}
