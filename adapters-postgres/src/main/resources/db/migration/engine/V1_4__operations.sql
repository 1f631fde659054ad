-- Operations: what people do about events that need them, and what is kept of it.

CREATE TABLE audit_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    acted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL CHECK (actor <> ''),
    act text NOT NULL,
    why text NOT NULL,
    tenant text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL DEFAULT '',
    subscription text COLLATE "C" NOT NULL DEFAULT '',
    key text COLLATE "C" NOT NULL DEFAULT '',
    message_id text COLLATE "C" NOT NULL DEFAULT '',
    quarantine_id bigint,
    details jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE audit_log IS
    'Every act of a person, written in the transaction of what it did. Rows are added, and never changed.';
COMMENT ON COLUMN audit_log.actor IS 'Whom the caller claimed to be: the management port is not public, and asks for no proof.';
COMMENT ON COLUMN audit_log.quarantine_id IS
    'Which stay in quarantine the act was about: tells who comes later by whom and when it was ended.';
CREATE INDEX audit_log_by_quarantine ON audit_log (quarantine_id) WHERE quarantine_id IS NOT NULL;

-- A retention job says that it is one by SET LOCAL millrace.purge = 'on'; nobody does so by mistake.
CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' AND current_setting('millrace.purge', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit_log is append-only: % is refused', TG_OP;
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_audit_log();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log();

-- Whether a key waits can rest on more than one event, when the policy of its stream has changed.
ALTER TABLE quarantine ADD COLUMN holds_key boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN quarantine.holds_key IS 'Whether its key waits until a person has dealt with it.';
UPDATE quarantine q SET holds_key = true
FROM key_lock k
WHERE k.subscription_id = q.subscription_id AND k.key = q.key AND k.awaits_person AND q.parked_sequence IS NOT NULL;
CREATE INDEX quarantine_holding ON quarantine (subscription_id, key) WHERE holds_key;

CREATE TABLE discarded_copy (
    subscription_id smallint NOT NULL REFERENCES subscription,
    position_ledger bigint NOT NULL,
    position_entry bigint NOT NULL,
    position_partition integer NOT NULL,
    position_index integer NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    published_at timestamptz NOT NULL,
    audit_id bigint NOT NULL,
    PRIMARY KEY (subscription_id, position_ledger, position_entry, position_partition, position_index)
);
COMMENT ON TABLE discarded_copy IS
    'Accounts for the positions of copies that were given up and have no record of their own: none is ever taken for fresh.';
COMMENT ON COLUMN discarded_copy.audit_id IS 'Who gave it up, and why: the row of audit_log.';
-- Hash, as for quarantine: a message ID of an undecodable copy may be longer than a B-tree takes.
CREATE INDEX discarded_copy_by_message ON discarded_copy USING hash (message_id);

-- Jobs that retry many quarantined events. They go on in another process when theirs dies.

CREATE TABLE redrive (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text COLLATE "C" NOT NULL,
    namespace text COLLATE "C" NOT NULL,
    state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped', 'cancelled')),
    actor text NOT NULL,
    why text NOT NULL,
    stream text COLLATE "C" NOT NULL,
    subscription text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    up_to bigint NOT NULL,
    most integer NOT NULL,
    rate integer NOT NULL DEFAULT 1,
    rate_succeeded bigint NOT NULL DEFAULT 0,
    rate_failed bigint NOT NULL DEFAULT 0,
    retried bigint NOT NULL DEFAULT 0,
    succeeded bigint NOT NULL DEFAULT 0,
    failed bigint NOT NULL DEFAULT 0,
    remaining bigint NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    detail text NOT NULL DEFAULT '',
    lease_number bigint NOT NULL DEFAULT 0,
    lease_holder text NOT NULL DEFAULT '',
    leased_until timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE redrive IS 'A job that retries quarantined events: what for, how far it has come, and who drives it.';
COMMENT ON COLUMN redrive.up_to IS
    'The last stay in quarantine that was there when the job began: an event that comes back is not retried by it again.';
COMMENT ON COLUMN redrive.lease_number IS 'Counts the leases. Every write of a job names its own, so an older one can do nothing.';
COMMENT ON COLUMN redrive.rate_succeeded IS 'How many retries had come out well when the rate changed last; likewise for failed.';
CREATE INDEX redrive_running ON redrive (id) WHERE state = 'running';

CREATE TABLE redriven_event (
    redrive_id bigint NOT NULL REFERENCES redrive,
    subscription_id smallint NOT NULL REFERENCES subscription,
    message_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (redrive_id, subscription_id, message_id)
);
COMMENT ON TABLE redriven_event IS 'Events that a job has retried and that have no outcome since.';

-- Edits: what a person makes of an event in quarantine, beside what came.

CREATE TABLE event_edit (
    subscription_id smallint NOT NULL REFERENCES subscription,
    message_id text COLLATE "C" NOT NULL,
    edition integer NOT NULL CHECK (edition >= 0),
    edited_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL,
    why text NOT NULL,
    schema_version text NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (subscription_id, message_id, edition)
);
COMMENT ON TABLE event_edit IS
    'Every edition of an event that was edited; 0 is what came, and the last one is what takes effect. Goes with its record.';
