-- Keys of our own for scripts: what each reads, and a hash by which it is known.

CREATE TABLE api_keys (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    -- SHA-256 of the key, which is 256 random bits.
    hash       bytea NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_at IS NULL;

CREATE TABLE api_key_collections (
    api_key_id    integer NOT NULL REFERENCES api_keys ON DELETE CASCADE,
    collection_id integer NOT NULL REFERENCES collections ON DELETE CASCADE,
    PRIMARY KEY (api_key_id, collection_id)
);
CREATE INDEX api_key_collections_collection_id ON api_key_collections (collection_id);

-- Open WebUI's hash of the text that it keeps of the file, as it was when it was last read here; '' before it was seen. Another
-- hash than this means that somebody edited the text.
ALTER TABLE uploads ADD COLUMN text_hash text NOT NULL DEFAULT '';
