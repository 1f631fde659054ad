-- The outbox: what of quarantine the dead-letter topic does not have yet.
--
-- A trigger writes it, in the transaction and the statement that write quarantine: so does every process, also one of
-- the version before, and every hand. It is made before the copies that are there already are entered, and keeps
-- writers of quarantine waiting until this migration is committed, so that none falls between.

-- An event has attempts of its own only when it was parked: a conflict's message ID is that of the event before it.
CREATE VIEW quarantine_attempt AS
    SELECT q.id AS quarantine_id, a.number, a.attempted_at, a.exception, a.message, a.frames, a.trace_id
    FROM quarantine q
    JOIN event_attempt a ON a.subscription_id = q.subscription_id AND a.message_id = q.message_id
    WHERE q.parked_sequence IS NOT NULL;
COMMENT ON VIEW quarantine_attempt IS 'Every failed try of each event in quarantine.';

CREATE VIEW dead_letter AS
    SELECT q.id AS quarantine_id, q.subscription_id, q.reason, q.message_id, q.key,
        q.position_ledger, q.position_entry, q.position_partition, q.position_index,
        q.schema_version, q.payload, q.properties, q.published_at,
        coalesce((SELECT jsonb_agg(a ORDER BY a.number) FROM quarantine_attempt a WHERE a.quarantine_id = q.id), '[]')
            AS attempts,
        q.quarantined_at AS entered_at
    FROM quarantine q;
COMMENT ON VIEW dead_letter IS 'What is to be published of each event in quarantine: its row of the outbox.';

CREATE TABLE outbox (
    quarantine_id bigint PRIMARY KEY,
    subscription_id smallint NOT NULL REFERENCES subscription,
    reason text NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    schema_version text NOT NULL,
    payload bytea NOT NULL,
    properties jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    attempts jsonb NOT NULL,
    entered_at timestamptz NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500);
COMMENT ON TABLE outbox IS
    'The entries into quarantine that are still to be published, as they were; a row goes when the broker has confirmed it.';
COMMENT ON COLUMN outbox.quarantine_id IS
    'Also the order within a key. Not a reference: what has left quarantine meanwhile is published all the same.';
CREATE INDEX outbox_by_subscription ON outbox (subscription_id, quarantine_id);

CREATE TABLE relay_turn (
    subscription_id smallint PRIMARY KEY REFERENCES subscription,
    owner text NOT NULL,
    fence bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
COMMENT ON TABLE relay_turn IS 'Whose turn it is to publish a subscription''s outbox.';
COMMENT ON COLUMN relay_turn.fence IS
    'Greater with each new owner. Deleting from the outbox names it, so that one who has lost the turn deletes nothing.';

CREATE FUNCTION enter_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox SELECT d.* FROM dead_letter d JOIN entered e ON e.id = d.quarantine_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER enter_outbox AFTER INSERT ON quarantine
    REFERENCING NEW TABLE AS entered FOR EACH STATEMENT EXECUTE FUNCTION enter_outbox();

INSERT INTO outbox SELECT * FROM dead_letter;
