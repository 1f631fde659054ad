-- Which event kills: what each process has under way is written down before it is run. An entry of the topic goes to one
-- consumer at a time, so that what another process noted is suspect, and what it died at is known after a few more deaths.

CREATE TABLE run_under_way (
    subscription_id smallint NOT NULL,
    process text COLLATE "C" NOT NULL,
    thread bigint NOT NULL,
    entries text[] COLLATE "C" NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subscription_id, process, thread)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE run_under_way IS
    'What each thread of each process took on last; the rows of a process that ended in order are gone.';
COMMENT ON COLUMN run_under_way.entries IS 'Of the topic, each as ledger:entry.';

CREATE TABLE lone_run (
    subscription_id smallint NOT NULL,
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    process text COLLATE "C" NOT NULL,
    began_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subscription_id, position_ledger, position_entry, position_partition, position_index, process)
);
COMMENT ON TABLE lone_run IS
    'Each process that runs, or ran and did not come out of, one suspect event alone: what a conviction rests on.';
