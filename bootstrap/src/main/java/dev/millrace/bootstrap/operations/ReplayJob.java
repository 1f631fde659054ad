package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What is told of a replay. */
final class ReplayJob implements JobWatch.Kind {

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String path() {
        return "/replays";
    }

    @Override
    public String progress(JsonNode replay) {
        return counts(replay);
    }

    @Override
    public int end(Target target, JsonNode replay) {
        long differences = replay.path("differences").asLong(0);
        String id = Screen.text(replay.path("id"));
        String state = Screen.text(replay.path("state"));
        target.printDone(
                replay,
                "Replay "
                        + id
                        + " is "
                        + state
                        + ". "
                        + counts(replay)
                        + (replay.path("copies").asLong(0) == 0
                                ? " The topic has nothing of what was asked for."
                                : "")
                        + (differences == 0 ? "" : " See millrace replay findings " + id + "."));
        if (!state.equals("done")) {
            return ExitCodes.NOT_DONE;
        }
        return differences == 0 ? ExitCodes.DONE : ExitCodes.DIFFERENCES;
    }

    private static String counts(JsonNode replay) {
        List<String> counts = new ArrayList<>();
        counts.add(Screen.number(replay.path("copies").asLong(0)) + " copies looked at");
        replay.path("findings")
                .propertyStream()
                .filter(count -> count.getValue().asLong(0) > 0)
                .forEach(count ->
                        counts.add(
                                Screen.number(count.getValue().asLong(0))
                                        + " "
                                        + Screen.printable(count.getKey())));
        return String.join(", ", counts)
                + ": "
                + Screen.number(replay.path("differences").asLong(0))
                + " differences.";
    }
}
