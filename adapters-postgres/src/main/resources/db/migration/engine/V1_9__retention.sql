-- Retention: what is old is found without a look at what is young.

CREATE INDEX audit_log_by_age ON audit_log (tenant, namespace, acted_at);
CREATE INDEX redrive_by_end ON redrive (tenant, namespace, ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX discarded_copy_by_age ON discarded_copy (subscription_id, published_at);

COMMENT ON TABLE audit_log IS
    'Every act of a person, written in the transaction of what it did. Rows are added, never changed, and go by their age.';
COMMENT ON COLUMN discarded_copy.audit_id IS 'Who gave it up, and why: the row of audit_log, as long as that is kept.';
