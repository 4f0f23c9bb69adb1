-- The vector indexes of a space may hold only the first numbers of each vector (Matryoshka); what they bring up is ordered by all of
-- them. pgvector indexes 4,000 numbers of a halfvec and stores 16,000.

ALTER TABLE embedding_spaces ADD COLUMN indexed integer;
UPDATE embedding_spaces SET indexed = dimensions;
ALTER TABLE embedding_spaces ALTER COLUMN indexed SET NOT NULL,
    DROP CONSTRAINT embedding_spaces_dimensions_check,
    ADD CONSTRAINT embedding_spaces_dimensions_check CHECK (dimensions BETWEEN 1 AND 16000),
    ADD CONSTRAINT embedding_spaces_indexed_check CHECK (indexed BETWEEN 1 AND least(dimensions, 4000));

-- The vector indexes are made by whoever calls it: their expression stands in one place, beside the search that has to match it.
DROP FUNCTION create_embedding_space(text, integer);
DROP FUNCTION index_embedding_space(integer);
CREATE FUNCTION create_embedding_space(model text, dimensions integer, indexed integer) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    space smallint;
    name  text;
BEGIN
    INSERT INTO paper_finder.embedding_spaces (model, dimensions, indexed) VALUES (model, dimensions, indexed) RETURNING id INTO space;
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
    PERFORM paper_finder.protect(ARRAY['paper_vectors_' || space, 'passage_vectors_' || space]);
    RETURN space;
END
$$;
