package dev.millrace.adapters.postgres.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.postgres.DatabaseTests;
import dev.millrace.adapters.postgres.PostgresInbox;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.ledger.Account;
import dev.millrace.domain.ledger.AccountId;
import dev.millrace.domain.ledger.Amount;
import dev.millrace.domain.ledger.CurrencyCode;
import dev.millrace.domain.ledger.Entry;
import dev.millrace.domain.ledger.EntryType;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.contract.ledger.BooksContract;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.ledger.driven.Books;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class PostgresBooksTest extends DatabaseTests implements BooksContract {

    private static final Tenant TENANT = new Tenant("millrace");

    PostgresBooksTest() throws SQLException {}

    @Test
    void any_instant_of_the_years_1_to_9999_is_read_back_exactly() {
        Random random = new Random(20_261_123);
        long first = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
        long end = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
        List<Instant> instants =
                new ArrayList<>(
                        List.of(
                                Instant.parse("0001-01-01T00:00:00.000001Z"),
                                Instant.parse("1582-10-10T12:00:00Z"),
                                Instant.parse("1883-11-18T17:00:00.999999Z"),
                                Instant.parse("1969-12-31T23:59:59.999999Z"),
                                Instant.parse("2016-12-31T23:59:59.999999Z"),
                                Instant.parse("9999-12-31T23:59:59.999999Z")));
        for (int i = 0; i < 1_000; i++) {
            instants.add(
                    Instant.ofEpochSecond(
                            random.nextLong(first, end), random.nextInt(1_000_000) * 1_000L));
        }
        List<Delivery<LedgerEvent>> batch = new ArrayList<>();
        for (Instant instant : instants) {
            batch.add(credit("m" + batch.size(), "a", instant, batch.size()));
        }
        assertThat(inbox().apply(batch, PlainDeciding.on(STREAM)))
                .isInstanceOf(Settlement.Committed.class);

        assertThat(books().entries(new AccountId("a"), 0, 2_000))
                .extracting(booked -> booked.entry().event().occurredAt())
                .isEqualTo(instants);
    }

    @Test
    void two_lanes_of_a_shared_subscription_open_the_same_accounts_and_lose_nothing()
            throws Exception {
        int rounds = 30;
        CyclicBarrier start = new CyclicBarrier(2);
        Inbox<LedgerEvent, Account, Entry> shared = inbox(SubscriptionType.SHARED, TENANT);
        List<Callable<Integer>> lanes = new ArrayList<>();
        for (int lane = 0; lane < 2; lane++) {
            int number = lane;
            lanes.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    start.await();
                    List<Delivery<LedgerEvent>> batch = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        int account = number == 0 ? i : 9 - i;
                        int id = (number * rounds + round) * 10 + i;
                        batch.add(credit("m" + id, "r" + round + "a" + account, Instant.EPOCH, id));
                    }
                    assertThat(shared.apply(batch, PlainDeciding.on(STREAM)))
                            .isInstanceOf(Settlement.Committed.class);
                }
                return rounds;
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Integer> lane : threads.invokeAll(lanes)) {
                assertThat(lane.get()).isEqualTo(rounds);
            }
        }
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < 10; i++) {
                AccountId id = new AccountId("r" + round + "a" + i);
                assertThat(books().account(id))
                        .isEqualTo(new Account.Open(id, 2, new CurrencyCode("CZK"), 2, 2));
                assertThat(books().entries(id, 0, 10)).hasSize(2);
            }
        }
        assertThat(database.number("SELECT count(*) FROM key_lock")).isZero();
    }

    @Test
    void the_books_of_another_tenant_are_others() {
        AccountId id = new AccountId("a");
        assertThat(
                        inbox(SubscriptionType.KEY_SHARED, new Tenant("elsewhere"))
                                .apply(
                                        List.of(credit("m1", "a", Instant.EPOCH, 1)),
                                        PlainDeciding.on(STREAM)))
                .isInstanceOf(Settlement.Committed.class);

        assertThat(books().account(id)).isEqualTo(new Account.Unopened(id));
        assertThat(books().entries(id, 0, 10)).isEmpty();
    }

    private static Delivery<LedgerEvent> credit(
            String messageId, String account, Instant occurredAt, int entry) {
        LedgerEvent event =
                new LedgerEvent(
                        new AccountId(account),
                        EntryType.CREDIT,
                        new Amount(1),
                        new CurrencyCode("CZK"),
                        occurredAt,
                        "");
        return new Delivery.Decoded<>(
                new MessageId(messageId),
                event.account().key(),
                event,
                STREAM.digest(event),
                new Copy(
                        new Position(1, entry, 0, 0), Instant.EPOCH, Payload.EMPTY, "1", Map.of()));
    }

    private Inbox<LedgerEvent, Account, Entry> inbox(SubscriptionType type, Tenant tenant) {
        SubscriptionId subscription =
                new SubscriptionId(tenant, new Namespace("events"), LedgerStream.NAME, "books");
        return new PostgresInbox<>(
                database.database(), subscription, type, new LedgerStateStore(tenant));
    }

    @Override
    public Books books() {
        return new PostgresBooks(database.database(), TENANT);
    }

    @Override
    public Inbox<LedgerEvent, Account, Entry> inbox() {
        return inbox(SubscriptionType.KEY_SHARED, TENANT);
    }
}
