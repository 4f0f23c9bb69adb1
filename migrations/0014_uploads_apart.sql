-- Uploads are in no index of neighbours with the library: those of strangers could fill it around a question, so that a search
-- gave up before it met what its reader may see, and took the longer the more of them there were (docs/decisions/0008-access.md).
-- A reader's own are compared one by one; passages have an index for those who have very many.

DROP INDEX paper_stems_hnsw, paper_stems_rare;
DROP FUNCTION papers_with_rare_stems(text[], integer);

-- Written by the trigger, like ``collections``.
ALTER TABLE passages ADD COLUMN uploaded boolean NOT NULL DEFAULT false;
ALTER TABLE paper_stems
    ADD COLUMN uploaded boolean NOT NULL DEFAULT false,
    -- The numbers of all its stems.
    ADD COLUMN stems integer[] NOT NULL DEFAULT '{}',
    -- That the weights were computed with.
    ADD COLUMN mean_length double precision NOT NULL DEFAULT 0;
UPDATE passages s SET uploaded = true FROM papers p WHERE p.id = s.paper_id AND p.file_id IS NOT NULL;
UPDATE paper_stems t SET uploaded = p.file_id IS NOT NULL, stems = coalesce(stem_numbers(t.weights), '{}'),
    mean_length = l.weighted_mean_length
FROM papers p, lexical_statistics l WHERE p.id = t.paper_id;
ALTER TABLE paper_stems ALTER COLUMN stems DROP DEFAULT, ALTER COLUMN mean_length DROP DEFAULT;
DROP FUNCTION stem_numbers(sparsevec);

CREATE OR REPLACE FUNCTION copy_paper_collections() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    -- Locked, so that a change of memberships at the same time either waits for this row or is seen by it.
    SELECT p.collections, p.file_id IS NOT NULL INTO NEW.collections, NEW.uploaded
    FROM paper_finder.papers p WHERE p.id = NEW.paper_id FOR SHARE;
    RETURN NEW;
END
$$;

SET LOCAL maintenance_work_mem = '1GB';
CREATE INDEX paper_stems_hnsw ON paper_stems USING hnsw (weights sparsevec_ip_ops) WITH (m = 16, ef_construction = 100)
    WHERE NOT uploaded;
CREATE INDEX paper_stems_rare ON paper_stems USING gin (stems) WHERE NOT uploaded;

-- The indexes of neighbours of one space.
CREATE FUNCTION index_embedding_space(space integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE INDEX paper_vectors_%1$s_hnsw ON paper_finder.paper_vectors_%1$s
         USING hnsw (embedding halfvec_cosine_ops) WHERE NOT uploaded', space);
    EXECUTE format(
        'CREATE INDEX passage_vectors_%1$s_hnsw ON paper_finder.passage_vectors_%1$s
         USING hnsw (embedding halfvec_cosine_ops) WHERE NOT uploaded', space);
    EXECUTE format(
        'CREATE INDEX passage_vectors_%1$s_uploads_hnsw ON paper_finder.passage_vectors_%1$s
         USING hnsw (embedding halfvec_cosine_ops) WHERE uploaded', space);
END
$$;

DO $$
DECLARE
    space integer;
    name  text;
BEGIN
    FOR space IN SELECT id FROM embedding_spaces LOOP
        FOREACH name IN ARRAY ARRAY['paper_vectors_' || space, 'passage_vectors_' || space] LOOP
            EXECUTE format('DROP INDEX IF EXISTS paper_finder.%I', name || '_hnsw');
            EXECUTE format('ALTER TABLE paper_finder.%I ADD COLUMN uploaded boolean NOT NULL DEFAULT false', name);
            EXECUTE format(
                'UPDATE paper_finder.%I v SET uploaded = true FROM paper_finder.papers p
                 WHERE p.id = v.paper_id AND p.file_id IS NOT NULL', name);
        END LOOP;
        PERFORM index_embedding_space(space);
    END LOOP;
END
$$;

-- A space from now on.
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
             collections integer[] NOT NULL DEFAULT ''{}'',
             uploaded    boolean NOT NULL DEFAULT false)', space, dimensions);
    EXECUTE format(
        'CREATE TABLE paper_finder.passage_vectors_%s (
             passage_id  bigint PRIMARY KEY REFERENCES paper_finder.passages ON DELETE CASCADE,
             paper_id    bigint NOT NULL REFERENCES paper_finder.papers ON DELETE CASCADE,
             embedding   halfvec(%s) NOT NULL,
             collections integer[] NOT NULL DEFAULT ''{}'',
             uploaded    boolean NOT NULL DEFAULT false)', space, dimensions);
    EXECUTE format('CREATE INDEX passage_vectors_%s_paper_id ON paper_finder.passage_vectors_%s (paper_id)', space, space);
    FOREACH name IN ARRAY ARRAY['paper_vectors_' || space, 'passage_vectors_' || space] LOOP
        EXECUTE format(
            'CREATE TRIGGER copy_collections BEFORE INSERT OR UPDATE OF collections, paper_id ON paper_finder.%s
             FOR EACH ROW EXECUTE FUNCTION paper_finder.copy_paper_collections()', name);
    END LOOP;
    PERFORM paper_finder.index_embedding_space(space);
    PERFORM paper_finder.protect(ARRAY['paper_vectors_' || space, 'passage_vectors_' || space]);
    RETURN space;
END
$$;
DROP FUNCTION make_embedding_space(text, integer);

-- The keys of the library's papers that have one of the rarest of these stems: as many stems as together have `most` papers at
-- most. With the owner's rights, since the reader's policy would keep the index out of it; who reads rows by these keys has the
-- reader's.
CREATE FUNCTION papers_with_rare_stems(wanted text[], most integer) RETURNS bigint[] STABLE STRICT SECURITY DEFINER
SET enable_seqscan = off
BEGIN ATOMIC
    WITH counted AS (
        SELECT s.id, sum(s.papers) OVER (ORDER BY s.papers, s.id) AS together
        FROM stems s WHERE s.stem = ANY(wanted) AND s.papers > 0
    )
    SELECT array_agg(t.paper_id) FROM paper_stems t
    WHERE t.stems && (SELECT array_agg(id) FROM counted WHERE together <= most) AND NOT t.uploaded;
END;

REVOKE ALL ON FUNCTION papers_with_rare_stems(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION papers_with_rare_stems(text[], integer) TO paper_finder_reader;
