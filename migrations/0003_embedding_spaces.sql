-- A space holds the vectors of one model in one size. One space is active; a new model fills a second beside it.

CREATE TABLE embedding_spaces (
    id         smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    model      text NOT NULL,
    dimensions integer NOT NULL CHECK (dimensions BETWEEN 1 AND 4000),
    active     boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (model, dimensions)
);
CREATE UNIQUE INDEX embedding_spaces_one_active ON embedding_spaces (active) WHERE active;

CREATE FUNCTION create_embedding_space(model text, dimensions integer) RETURNS smallint
LANGUAGE plpgsql AS $$
DECLARE
    space smallint;
BEGIN
    INSERT INTO paper_finder.embedding_spaces (model, dimensions) VALUES (model, dimensions) RETURNING id INTO space;
    EXECUTE format(
        'CREATE TABLE paper_finder.paper_vectors_%s (
             paper_id  bigint PRIMARY KEY REFERENCES paper_finder.papers ON DELETE CASCADE,
             text_hash bytea NOT NULL,
             embedding halfvec(%s) NOT NULL)', space, dimensions);
    EXECUTE format(
        'CREATE TABLE paper_finder.passage_vectors_%s (
             passage_id bigint PRIMARY KEY REFERENCES paper_finder.passages ON DELETE CASCADE,
             paper_id   bigint NOT NULL REFERENCES paper_finder.papers ON DELETE CASCADE,
             embedding  halfvec(%s) NOT NULL)', space, dimensions);
    EXECUTE format('CREATE INDEX passage_vectors_%s_paper_id ON paper_finder.passage_vectors_%s (paper_id)', space, space);
    EXECUTE format(
        'CREATE INDEX paper_vectors_%s_hnsw ON paper_finder.paper_vectors_%s USING hnsw (embedding halfvec_cosine_ops)',
        space, space);
    EXECUTE format(
        'CREATE INDEX passage_vectors_%s_hnsw ON paper_finder.passage_vectors_%s USING hnsw (embedding halfvec_cosine_ops)',
        space, space);
    RETURN space;
END
$$;
