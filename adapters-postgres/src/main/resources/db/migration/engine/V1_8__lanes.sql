-- Lanes: what people want of them, which is kept, and what they do, which is of this second.

CREATE TABLE lane_pause (
    subscription_id smallint PRIMARY KEY REFERENCES subscription,
    paused_by text NOT NULL,
    why text NOT NULL,
    paused_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE lane_pause IS
    'The subscriptions of which nothing is to be applied, in any process, until the row is gone.';

-- Each process writes its rows again every half second, so nothing is lost with them: they are in no log of the database.
CREATE UNLOGGED TABLE lane_report (
    subscription_id smallint NOT NULL,
    process text COLLATE "C" NOT NULL,
    lane integer NOT NULL,
    state text NOT NULL,
    acknowledged text NOT NULL,
    rate double precision NOT NULL,
    waits_for text NOT NULL,
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (subscription_id, process, lane)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_threshold = 200);
COMMENT ON TABLE lane_report IS 'What each lane of each process said of itself last; silent ones are swept away.';
COMMENT ON COLUMN lane_report.acknowledged IS 'The last position, as ledger:entry:partition:index; empty before the first.';
