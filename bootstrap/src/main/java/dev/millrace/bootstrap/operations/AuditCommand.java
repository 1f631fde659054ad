package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Whether anything is lost. */
@Command(
        name = "audit",
        description =
                "Holds a subscription's tables against its topic, while both are in use: every copy"
                    + " in the topic must be exactly one of what it may be, and every record must"
                    + " be about a copy. Names each one that is not.",
        footer = {
            "",
            "Examples:",
            "  millrace audit --stream ledger-entries --subscription ledger",
            "  millrace audit --stream ledger-entries --subscription ledger --from 2h -o json"
        })
final class AuditCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    @Mixin private Target target = new Target();
    @Mixin private Place place = new Place();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "only what was published from then on: a time, or how long ago (default: all"
                            + " that the topic has)")
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description = "only what was published before then (default: until now)")
    private String to = "";

    AuditCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        Map<String, String> parameters = new LinkedHashMap<>(place.require());
        parameters.put("from", When.of("--from", from, InstantSource.system()));
        parameters.put("to", When.of("--to", to, InstantSource.system()));
        try (Management management = target.open(environment);
                AuditPrinter printer = new AuditPrinter(target)) {
            management.follow("/audit", parameters, printer::take);
            return printer.exitCode();
        }
    }
}
