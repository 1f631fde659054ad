package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connection to the database is cut at random points of the conversation, above all between a
 * COMMIT and its answer, when nobody can tell whether it was committed. The lane asks nobody: it
 * runs the same batch again, and the records tell. {@code -Dmillrace.cuts=200} makes so many.
 */
class AmbiguousCommitTest {

    private static final int SLICE = 300;
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", "2",
                    "MILLRACE_LANES", "2",
                    "MILLRACE_BATCH_MAX_EVENTS", "20",
                    "MILLRACE_OUTAGE_BACKOFF_FIRST", "10ms",
                    "MILLRACE_OUTAGE_BACKOFF_CAP", "50ms");

    @TempDir private Path folder;

    @Test
    void commits_that_nobody_heard_of_lose_nothing_and_double_nothing() {
        int wished = Integer.getInteger("millrace.cuts", 20);
        assertThat(cut(19_700_102, wished, Duration.ofMinutes(5))).isEqualTo(wished);
    }

    @Seeded
    void cuts_by_the_clock_lose_nothing_and_double_nothing() {
        int cuts = cut(System.nanoTime(), 10_000, Duration.ofSeconds(45));
        assertThat(cuts).as("cuts in the time given").isGreaterThanOrEqualTo(60);
    }

    /** Cuts so often at most, for so long at most, and answers how often. */
    private int cut(long seed, int most, Duration time) {
        History history = History.generate(seed, 60, 200 * SLICE);
        Site site = Site.on(Stacks.shared(), AmbiguousCommitTest.class);
        Database database = new Database(site);
        CommitCuts cuts = new CommitCuts(seed);
        try (TcpProxy proxy = TcpProxy.to(URI.create(site.databaseUrl().substring(5)).getPort());
                ServiceProcess service =
                        ServiceProcess.ready(site, folder, through(proxy, site.databaseUrl()))) {
            proxy.tap(cuts::tap);
            proxy.cutAll();
            cuts.allow(most);
            OrderedSender sender = new OrderedSender(service::gate, 4);
            long end = System.nanoTime() + time.toNanos();
            int sent = 0;
            while (cuts.total() < most
                    && System.nanoTime() < end
                    && sent < history.reports().size()) {
                sender.send(history.reports().subList(sent, sent + SLICE));
                sent += SLICE;
                database.awaitRecords(sent);
            }
            cuts.allow(0);
            List<Report> reports = history.reports().subList(0, sent);
            System.out.printf(
                    "seed %d: %d cuts %s, %d of them with a commit that nobody heard of; %d"
                            + " events%n",
                    seed, cuts.total(), cuts.made(), cuts.unheardCommits(), sent);
            assertThat(cuts.made()).containsKeys(CommitCuts.Kind.values());
            assertThat(cuts.unheardCommits()).isPositive();
            assertThat(sender.accepted()).hasSize(sent);
            assertThat(database.books()).isEqualTo(new History(seed, reports).books(0));
            assertThat(database.count("select count(*) from inbox_record")).isEqualTo(sent);
            assertThat(database.count("select count(*) from quarantine")).isZero();
            assertThat(service.terminate()).isZero();
            return cuts.total();
        }
    }

    private static Map<String, String> through(TcpProxy proxy, String databaseUrl) {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put(
                "MILLRACE_POSTGRES_URL",
                databaseUrl.replaceFirst(":\\d+/", ":" + proxy.port() + "/"));
        return settings;
    }
}
