package dev.millrace.ports.fake;

import dev.millrace.domain.DeadLetter;
import dev.millrace.ports.contract.DeadLettersContract;
import dev.millrace.ports.driven.DeadLetters;

import java.util.List;

final class InMemoryDeadLettersTest implements DeadLettersContract {

    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();

    @Override
    public DeadLetters deadLetters() {
        return deadLetters;
    }

    @Override
    public List<DeadLetter> topic() {
        return deadLetters.topic();
    }

    @Override
    public void makeUnavailable() {
        deadLetters.unavailable(true);
    }

    @Override
    public void makeAvailable() {
        deadLetters.unavailable(false);
    }
}
