-- Causes: why a copy lies in quarantine, in words that others share, written when it comes in. Whoever groups by them or
-- looks for one reads one column instead of every event's tries.
--
-- A trigger writes it, as one fills the outbox: so does every process, also one of the version before, and every hand.

ALTER TABLE quarantine ADD COLUMN cause text COLLATE "C" NOT NULL DEFAULT '';
COMMENT ON COLUMN quarantine.cause IS
    'The exception of the last try and the innermost frame of our own code; where nothing was tried, the detail with N for its numbers.';

CREATE FUNCTION tell_cause() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.cause := left(coalesce(
        CASE WHEN NEW.parked_sequence IS NOT NULL THEN (
            SELECT a.exception || coalesce(' at ' || nullif(split_part(a.frames, E'\n', 1), ''), '')
            FROM event_attempt a
            WHERE a.subscription_id = NEW.subscription_id AND a.message_id = NEW.message_id
            ORDER BY a.number DESC LIMIT 1) END,
        regexp_replace(NEW.detail, '[0-9]+', 'N', 'g')), 200);
    RETURN NEW;
END
$$;
CREATE TRIGGER tell_cause BEFORE INSERT OR UPDATE OF detail ON quarantine
    FOR EACH ROW EXECUTE FUNCTION tell_cause();
UPDATE quarantine SET detail = detail;
CREATE INDEX quarantine_by_cause ON quarantine (subscription_id, reason, cause, quarantined_at);

ALTER TABLE redrive ADD COLUMN cause text COLLATE "C" NOT NULL DEFAULT '';

-- The keys that wait are listed page by page, in the order of their names, however many there are.
CREATE INDEX key_lock_waiting ON key_lock (subscription_id, key) WHERE parked > 0 OR awaits_person;
DROP INDEX key_lock_blocked;
