package dev.millrace.bootstrap.architecture;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public types of the adapters, listed by hand: what the composition root needs and nothing more. */
final class Entries {

    static final Set<String> OF_ADAPTERS =
            Stream.of("http.GateServer")
                    .map(name -> "dev.millrace.adapters." + name)
                    .collect(Collectors.toUnmodifiableSet());

    private Entries() {}
}
