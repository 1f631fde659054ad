-- Replays: a topic is gone through once more, to tell what the tables lack, or to put it back.

ALTER TABLE key_lock ADD COLUMN watched boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN key_lock.watched IS
    'Set by a replay that is about to fill a gap, and cleared by whoever gives a fresh event of the key a record meanwhile.';

CREATE TABLE replay (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id smallint NOT NULL REFERENCES subscription,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled')),
    actor text NOT NULL,
    why text NOT NULL,
    mode text NOT NULL CHECK (mode IN ('verify', 'fill-gaps')),
    out_of_order boolean NOT NULL,
    begins text NOT NULL,
    ends text NOT NULL,
    rate integer NOT NULL,
    copies bigint NOT NULL DEFAULT 0,
    in_flight bigint NOT NULL DEFAULT 0,
    purged bigint NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    detail text NOT NULL DEFAULT '',
    lease_number bigint NOT NULL DEFAULT 0,
    lease_holder text NOT NULL DEFAULT '',
    leased_until timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE replay IS 'A job that goes through a topic once more: what for, what it has counted, and who drives it.';
COMMENT ON COLUMN replay.begins IS 'As it was asked for: a time, a position, or empty; likewise ends.';
COMMENT ON COLUMN replay.lease_number IS 'Counts the leases. Every write of a job names its own, so an older one can do nothing.';
CREATE UNIQUE INDEX replay_running ON replay (subscription_id) WHERE state = 'running';

CREATE TABLE replay_span (
    replay_id bigint NOT NULL REFERENCES replay ON DELETE CASCADE,
    partition integer NOT NULL,
    next_ledger bigint NOT NULL,
    next_entry bigint NOT NULL,
    next_index integer NOT NULL,
    until_ledger bigint NOT NULL,
    until_entry bigint NOT NULL,
    until_index integer NOT NULL,
    PRIMARY KEY (replay_id, partition)
);
COMMENT ON TABLE replay_span IS 'What of each partition a replay has still to look at: from the next position to the end, which is not part of it.';

CREATE TABLE replay_count (
    replay_id bigint NOT NULL REFERENCES replay ON DELETE CASCADE,
    kind text NOT NULL,
    findings bigint NOT NULL,
    PRIMARY KEY (replay_id, kind)
);
COMMENT ON TABLE replay_count IS 'How many findings of each kind a replay has, kept or not.';

CREATE TABLE replay_finding (
    replay_id bigint NOT NULL REFERENCES replay ON DELETE CASCADE,
    number bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    detail text NOT NULL,
    PRIMARY KEY (replay_id, number)
);
COMMENT ON TABLE replay_finding IS 'The copies on which topic and tables did not agree, and those that were put back: the first ones of each replay.';
