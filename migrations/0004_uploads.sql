-- Uploads, and the collections a row may be read through, kept on every row that a search reads.

ALTER TABLE collections
    ADD COLUMN kind     text NOT NULL DEFAULT 'library' CHECK (kind IN ('library', 'knowledge', 'file')),
    -- Open WebUI's id of the knowledge base or file; NULL for the library's own.
    ADD COLUMN webui_id text UNIQUE,
    -- Open WebUI's groups that a library collection is restricted to; NULL: everyone.
    ADD COLUMN groups   text[],
    ADD CONSTRAINT collections_webui_id_check CHECK ((kind = 'library') = (webui_id IS NULL)),
    ADD CONSTRAINT collections_groups_check CHECK (groups IS NULL OR kind = 'library'),
    DROP CONSTRAINT collections_name_key;
CREATE UNIQUE INDEX collections_library_name ON collections (name) WHERE kind = 'library';

CREATE TABLE uploads (
    -- Open WebUI's id of the file, and of the person who uploaded it.
    file_id      text PRIMARY KEY,
    owner        text NOT NULL,
    name         text NOT NULL,
    -- SHA-256 of the file's bytes.
    content_hash bytea NOT NULL,
    -- reading: pages are still to be read; embedding: vectors are missing; ready; failed: parked, see reason.
    state        text NOT NULL CHECK (state IN ('reading', 'embedding', 'ready', 'failed')),
    reason       text NOT NULL DEFAULT '',
    page_count   integer NOT NULL,
    pages_read   integer NOT NULL,
    -- The clean text of each page that was read, as Open WebUI was given it.
    pages        text[] NOT NULL,
    -- The file itself, as long as pages of it are still to be read.
    content      bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX uploads_owner ON uploads (owner, content_hash);
CREATE INDEX uploads_pending ON uploads (owner) WHERE state IN ('reading', 'embedding');

-- A paper of the shared library has neither; an upload is a row of its own with both.
ALTER TABLE papers
    ADD COLUMN owner       text,
    ADD COLUMN file_id     text UNIQUE REFERENCES uploads ON DELETE CASCADE,
    ADD COLUMN collections integer[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT papers_upload_check CHECK ((owner IS NULL) = (file_id IS NULL));
ALTER TABLE passages ADD COLUMN collections integer[] NOT NULL DEFAULT '{}';
ALTER TABLE paper_stems ADD COLUMN collections integer[] NOT NULL DEFAULT '{}';

-- Memberships are written before their papers, so that a paper's row is right from the start and not written twice.
ALTER TABLE memberships ALTER CONSTRAINT memberships_paper_id_fkey DEFERRABLE INITIALLY DEFERRED;

-- ``collections`` is always what memberships say: triggers alone write it, whatever a statement gives.

CREATE FUNCTION collections_of_paper(paper bigint) RETURNS integer[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(DISTINCT collection_id ORDER BY collection_id), '{}')
    FROM paper_finder.memberships WHERE paper_id = paper
$$;

CREATE FUNCTION set_paper_collections() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.collections := paper_finder.collections_of_paper(NEW.id);
    RETURN NEW;
END
$$;

CREATE FUNCTION copy_paper_collections() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Locked, so that a change of memberships at the same time either waits for this row or is seen by it.
    SELECT p.collections INTO NEW.collections FROM paper_finder.papers p WHERE p.id = NEW.paper_id FOR SHARE;
    RETURN NEW;
END
$$;

CREATE FUNCTION follow_memberships() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    moved   bigint[];
    follows text;
BEGIN
    -- First locked and then read: what another transaction changed meanwhile is seen.
    PERFORM FROM paper_finder.papers p WHERE p.id IN (SELECT paper_id FROM changed) ORDER BY p.id FOR NO KEY UPDATE;
    WITH written AS (
        UPDATE paper_finder.papers p SET collections = '{}'
        WHERE p.id IN (SELECT paper_id FROM changed)
          AND p.collections <> paper_finder.collections_of_paper(p.id)
        RETURNING p.id
    )
    SELECT array_agg(id) INTO moved FROM written;
    IF moved IS NULL THEN
        RETURN NULL;
    END IF;
    FOR follows IN
        SELECT unnest(ARRAY['passages', 'paper_stems'])
        UNION ALL
        SELECT format(kind, s.id) FROM paper_finder.embedding_spaces s, unnest(ARRAY['paper_vectors_%s', 'passage_vectors_%s']) kind
    LOOP
        EXECUTE format('UPDATE paper_finder.%I SET collections = ''{}'' WHERE paper_id = ANY($1)', follows) USING moved;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER set_collections BEFORE INSERT OR UPDATE OF collections ON papers
    FOR EACH ROW EXECUTE FUNCTION set_paper_collections();
CREATE TRIGGER copy_collections BEFORE INSERT OR UPDATE OF collections, paper_id ON passages
    FOR EACH ROW EXECUTE FUNCTION copy_paper_collections();
CREATE TRIGGER copy_collections BEFORE INSERT OR UPDATE OF collections, paper_id ON paper_stems
    FOR EACH ROW EXECUTE FUNCTION copy_paper_collections();
CREATE TRIGGER follow_inserted AFTER INSERT ON memberships REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_memberships();
CREATE TRIGGER follow_deleted AFTER DELETE ON memberships REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_memberships();
CREATE TRIGGER follow_before AFTER UPDATE ON memberships REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_memberships();
CREATE TRIGGER follow_after AFTER UPDATE ON memberships REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION follow_memberships();

CREATE OR REPLACE FUNCTION create_embedding_space(model text, dimensions integer) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    space smallint;
    name  text;
BEGIN
    INSERT INTO paper_finder.embedding_spaces (model, dimensions) VALUES (model, dimensions) RETURNING id INTO space;
    EXECUTE format(
        'CREATE TABLE paper_finder.paper_vectors_%s (
             paper_id    bigint PRIMARY KEY REFERENCES paper_finder.papers ON DELETE CASCADE,
             text_hash   bytea NOT NULL,
             embedding   halfvec(%s) NOT NULL,
             collections integer[] NOT NULL DEFAULT ''{}'')', space, dimensions);
    EXECUTE format(
        'CREATE TABLE paper_finder.passage_vectors_%s (
             passage_id  bigint PRIMARY KEY REFERENCES paper_finder.passages ON DELETE CASCADE,
             paper_id    bigint NOT NULL REFERENCES paper_finder.papers ON DELETE CASCADE,
             embedding   halfvec(%s) NOT NULL,
             collections integer[] NOT NULL DEFAULT ''{}'')', space, dimensions);
    EXECUTE format('CREATE INDEX passage_vectors_%s_paper_id ON paper_finder.passage_vectors_%s (paper_id)', space, space);
    FOREACH name IN ARRAY ARRAY['paper_vectors_' || space, 'passage_vectors_' || space] LOOP
        EXECUTE format('CREATE INDEX %s_hnsw ON paper_finder.%s USING hnsw (embedding halfvec_cosine_ops)', name, name);
        EXECUTE format(
            'CREATE TRIGGER copy_collections BEFORE INSERT OR UPDATE OF collections, paper_id ON paper_finder.%s
             FOR EACH ROW EXECUTE FUNCTION paper_finder.copy_paper_collections()', name);
    END LOOP;
    RETURN space;
END
$$;

-- The rows that are there already: all of the shared library.
UPDATE papers SET collections = '{}';
UPDATE passages SET collections = '{}';
UPDATE paper_stems SET collections = '{}';
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN
        SELECT format(kind, s.id) FROM embedding_spaces s, unnest(ARRAY['paper_vectors_%s', 'passage_vectors_%s']) kind
    LOOP
        EXECUTE format('ALTER TABLE paper_finder.%s ADD COLUMN collections integer[] NOT NULL DEFAULT ''{}''', name);
        EXECUTE format(
            'CREATE TRIGGER copy_collections BEFORE INSERT OR UPDATE OF collections, paper_id ON paper_finder.%s
             FOR EACH ROW EXECUTE FUNCTION paper_finder.copy_paper_collections()', name);
        EXECUTE format('UPDATE paper_finder.%s SET collections = ''{}''', name);
    END LOOP;
END
$$;
