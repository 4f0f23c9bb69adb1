-- Searches log in as a role of their own, and what they say they may read counts only with a signature: whoever gets a statement
-- into a search can neither become the owner nor widen the search (docs/decisions/0008-access.md).

-- For the owner alone. ``migrate`` makes the role, a member of paper_finder_reader, because roles belong to the whole server.
CREATE TABLE reader_secrets (
    only_row  boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    password  text NOT NULL,
    inner_key bytea NOT NULL,
    outer_key bytea NOT NULL
);
INSERT INTO reader_secrets (password, inner_key, outer_key)
SELECT encode(sha256(random), 'hex'), sha512('inner' || random), sha512('outer' || random)
FROM convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8') AS random;

-- The collections that this transaction may read: those it named, if the name bears the signature for them and this connection
-- (NMAC over SHA-256; Bellare, Canetti, Krawczyk 1996); else none. Parallel restricted: a worker is another process.
CREATE OR REPLACE FUNCTION readable() RETURNS integer[] STABLE PARALLEL RESTRICTED SECURITY DEFINER
BEGIN ATOMIC
    SELECT coalesce((
        SELECT current_setting('paper_finder.readable', true)::integer[]
        FROM paper_finder.reader_secrets
        WHERE current_setting('paper_finder.signature', true) = encode(sha256(outer_key || sha256(
            inner_key || convert_to(pg_backend_pid() || ' ' || current_setting('paper_finder.readable', true), 'UTF8')
        )), 'hex')
    ), '{}');
END;
