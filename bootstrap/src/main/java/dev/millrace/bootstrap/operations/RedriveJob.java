package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

/** What is told of the retries of many events. */
final class RedriveJob implements JobWatch.Kind {

    @Override
    public String name() {
        return "redrive";
    }

    @Override
    public String path() {
        return "/redrives";
    }

    @Override
    public int end(Target target, JsonNode redrive) {
        String state = Screen.text(redrive.path("state"));
        String detail = Screen.text(redrive.path("detail"));
        target.printDone(
                redrive,
                "Redrive "
                        + Screen.text(redrive.path("id"))
                        + " is "
                        + state
                        + (detail.isEmpty() ? "" : ": " + detail)
                        + ". "
                        + counts(redrive));
        boolean all = state.equals("done") && redrive.path("failed").asLong(0) == 0;
        return all ? ExitCodes.DONE : ExitCodes.NOT_DONE;
    }

    @Override
    public String progress(JsonNode redrive) {
        return counts(redrive) + " Rate now: " + redrive.path("rate").asLong(0) + " a second.";
    }

    private static String counts(JsonNode redrive) {
        return Screen.number(redrive.path("retried").asLong(0))
                + " retried, "
                + Screen.number(redrive.path("succeeded").asLong(0))
                + " succeeded, "
                + Screen.number(redrive.path("failed").asLong(0))
                + " failed, "
                + Screen.number(redrive.path("remaining").asLong(0))
                + " remaining.";
    }
}
