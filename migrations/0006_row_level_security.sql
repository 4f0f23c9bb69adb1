-- Whoever reads sees the rows of his collections and no others, whatever the query: the role below cannot pass by the policies.
-- docs/decisions/0008-access.md says how, and what it costs.

-- Roles belong to the whole server: another database of it may have made this one already.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'paper_finder_reader') THEN
        CREATE ROLE paper_finder_reader NOLOGIN;
    END IF;
EXCEPTION
    WHEN duplicate_object OR unique_violation THEN
        NULL;  -- made by another database's migration at this moment
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'this user may not make the role that readers have; let an administrator of the server run: '
            'CREATE ROLE paper_finder_reader NOLOGIN; GRANT paper_finder_reader TO %;', quote_ident(current_user);
END
$$;
DO $$
BEGIN
    -- Since Postgres 16 whoever makes a role is its member but may not become it.
    IF NOT pg_has_role(
        current_user, 'paper_finder_reader',
        CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END
    ) THEN
        EXECUTE format('GRANT paper_finder_reader TO %I', current_user);
    END IF;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'this user may not become the reader; let an administrator of the server run: '
            'GRANT paper_finder_reader TO %;', quote_ident(current_user);
END
$$;

-- The collections that this transaction said it may read; none when it said nothing.
CREATE FUNCTION readable() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('paper_finder.readable', true), ''), '{}')::integer[]
$$;

CREATE FUNCTION protect(tables text[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY tables LOOP
        EXECUTE format('GRANT SELECT ON paper_finder.%I TO paper_finder_reader', name);
        EXECUTE format('ALTER TABLE paper_finder.%I ENABLE ROW LEVEL SECURITY', name);
        -- Without coalesce the planner takes one row in a hundred to pass, and then leaves the vector indexes.
        EXECUTE format(
            'CREATE POLICY readable ON paper_finder.%I FOR SELECT TO paper_finder_reader
             USING (coalesce(collections && (SELECT paper_finder.readable()), false))', name);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA paper_finder TO paper_finder_reader;
SELECT protect(ARRAY['papers', 'passages', 'paper_stems']);
SELECT protect(ARRAY['paper_vectors_' || id, 'passage_vectors_' || id]) FROM embedding_spaces;

GRANT SELECT ON collections, memberships TO paper_finder_reader;
ALTER TABLE collections ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON collections FOR SELECT TO paper_finder_reader
    USING (id = ANY ((SELECT paper_finder.readable())::integer[]));
ALTER TABLE memberships ENABLE ROW LEVEL SECURITY;
CREATE POLICY readable ON memberships FOR SELECT TO paper_finder_reader
    USING (collection_id = ANY ((SELECT paper_finder.readable())::integer[]));

-- Stems are single words without their papers; the statistics are the shared library's alone.
GRANT SELECT ON stems, lexical_statistics, embedding_spaces TO paper_finder_reader;

-- What was uploaded is read by the owner alone.
ALTER TABLE uploads ENABLE ROW LEVEL SECURITY;

-- A new embedding space is protected like the first.
ALTER FUNCTION create_embedding_space(text, integer) RENAME TO make_embedding_space;
CREATE FUNCTION create_embedding_space(model text, dimensions integer) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    space smallint := paper_finder.make_embedding_space(model, dimensions);
BEGIN
    PERFORM paper_finder.protect(ARRAY['paper_vectors_' || space, 'passage_vectors_' || space]);
    RETURN space;
END
$$;
