-- The sample business. Written in the engine's transaction, read by anyone.

CREATE TABLE account (
    tenant text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    balance_minor bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    entries bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (tenant, account_id)
) WITH (fillfactor = 85);
COMMENT ON TABLE account IS
    'The balance of each account with at least one applied entry. No index on what changes, so that updates stay in the page.';

CREATE TABLE entry (
    tenant text COLLATE "C" NOT NULL,
    account_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    type text NOT NULL CHECK (type IN ('credit', 'debit')),
    amount_minor bigint NOT NULL CHECK (amount_minor > 0),
    currency text COLLATE "C" NOT NULL,
    balance_after_minor bigint NOT NULL,
    occurred_at timestamptz NOT NULL,
    applied_at timestamptz NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (tenant, account_id, sequence)
);
COMMENT ON TABLE entry IS 'The books: every applied entry, numbered without a gap within its account.';
