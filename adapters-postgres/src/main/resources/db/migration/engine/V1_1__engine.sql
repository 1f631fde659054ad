-- The engine's own tables. What they have in common: one row says one thing about one copy, event or key of one
-- subscription, and the subscription says whose tenant it is. Identities are compared bytewise (COLLATE "C"), as the
-- processes sort them before they lock.

CREATE TABLE subscription (
    id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant, namespace, stream, name)
);
COMMENT ON TABLE subscription IS 'Gives each subscription the short number that its rows carry.';
COMMENT ON COLUMN subscription.written_at IS
    'Last proof that the database takes a write, by a batch that had nothing else to write.';

-- No foreign key from the three tables that every event touches: it would look its subscription up once more for each.
CREATE TABLE inbox_record (
    subscription_id smallint NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    state text NOT NULL CHECK (state IN ('applied', 'rejected', 'parked', 'quarantined', 'discarded')),
    reason text NOT NULL DEFAULT '',
    digest bytea NOT NULL CHECK (octet_length(digest) = 32),
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    copies integer NOT NULL DEFAULT 1 CHECK (copies >= 1),
    published_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subscription_id, message_id)
);
COMMENT ON TABLE inbox_record IS
    'Makes a second effect impossible: the one outcome of each message ID, written in the transaction of its effect.';
COMMENT ON COLUMN inbox_record.published_at IS
    'When the newest counted copy was published: the purge goes by it, so that no copy outlives its record.';
-- For the purge alone. Not BRIN: the room of purged rows is filled again, so that old and new rows share pages and each
-- range would soon span all times. New rows go to the right edge of this one, which stays in memory.
CREATE INDEX inbox_record_by_age ON inbox_record (subscription_id, published_at);

CREATE TABLE inbox_duplicate (
    subscription_id smallint NOT NULL,
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (subscription_id, position_ledger, position_entry, position_partition, position_index)
);
COMMENT ON TABLE inbox_duplicate IS
    'Counts each further copy of a recorded event once, however often it is delivered, and accounts for its position.';
-- For the purge, which takes the copies away with their record.
CREATE INDEX inbox_duplicate_by_message ON inbox_duplicate (subscription_id, message_id);

CREATE TABLE processing_key (
    subscription_id smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    PRIMARY KEY (subscription_id, key)
);
COMMENT ON TABLE processing_key IS
    'The row that is locked while events of a key take effect: it serialises lanes that meet on the key.';

CREATE TABLE quarantine (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    subscription_id smallint NOT NULL REFERENCES subscription,
    reason text NOT NULL,
    detail text NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest bytea CHECK (octet_length(digest) = 32),
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    schema_version text NOT NULL,
    payload bytea NOT NULL,
    properties jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (subscription_id, position_ledger, position_entry, position_partition, position_index)
);
COMMENT ON TABLE quarantine IS 'Keeps the copies that need a person, as they came, each once.';
COMMENT ON COLUMN quarantine.message_id IS 'As found on the copy; empty when there was none.';
COMMENT ON COLUMN quarantine.digest IS 'Absent when the copy could not be read.';
-- Hash: what an undecodable copy calls its message ID may be longer than a B-tree takes.
CREATE INDEX quarantine_by_message ON quarantine USING hash (message_id);

CREATE TABLE purge_watermark (
    subscription_id smallint PRIMARY KEY REFERENCES subscription,
    published_before timestamptz NOT NULL
);
COMMENT ON TABLE purge_watermark IS
    'Says up to where records may be missing: a copy published before it and without a record is never applied.';
