-- The tests' own stream: a store that refuses a counter below zero.
CREATE TABLE counter (
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value bigint NOT NULL CHECK (value >= 0),
    PRIMARY KEY (owner, key)
);
CREATE TABLE counted (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    value_after bigint NOT NULL,
    counted_at timestamptz NOT NULL DEFAULT now()
);
