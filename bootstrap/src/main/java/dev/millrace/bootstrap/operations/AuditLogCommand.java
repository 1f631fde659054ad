package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What people did. */
@Command(
        name = "audit-log",
        description = "Lists what people did: who, when, what, on what, and why.",
        footer = {"", "Example:", "  millrace audit-log --limit 20"})
final class AuditLogCommand implements Callable<Integer> {

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("ID", "/id"),
                    new Screen.Column("AT", "/at"),
                    new Screen.Column("BY", "/by"),
                    new Screen.Column("ACT", "/act"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("KEY", "/key"),
                    new Screen.Column("MESSAGE ID", "/messageId"),
                    new Screen.Column("WHY", "/why"));

    private final Map<String, String> environment;

    @Mixin private Target target = new Target();
    @Mixin private Page page = new Page();

    AuditLogCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        try (Management management = target.open(environment)) {
            target.printList(management.get("/audit-log", page.with(Map.of())), "acts", COLUMNS);
        }
        return ExitCodes.DONE;
    }
}
