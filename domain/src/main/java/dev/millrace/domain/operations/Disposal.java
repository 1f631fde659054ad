package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to give a quarantined event up. */
public sealed interface Disposal permits Disposal.Discarded, Absent {

    /**
     * It takes no effect, ever.
     *
     * @param keyGoesOn whether its key waits for nobody any more
     */
    record Discarded(QuarantinedEvent event, boolean keyGoesOn) implements Disposal {
        public Discarded {
            Objects.requireNonNull(event);
        }
    }
}
