-- What a next version might bring: it only expands, so processes of this version keep working.
ALTER TABLE inbox_record ADD COLUMN note text NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN opened_at timestamptz;
CREATE TABLE annotation (subscription_id smallint NOT NULL, message_id text NOT NULL);
