-- BM25 as sparse vectors: one dimension a stem. Rows hold term saturation only; the idf is in the query,
-- so that the library may grow without rewriting rows.

CREATE TABLE stems (
    id     integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stem   text NOT NULL UNIQUE,
    papers bigint NOT NULL DEFAULT 0
);

CREATE TABLE paper_stems (
    paper_id bigint PRIMARY KEY REFERENCES papers ON DELETE CASCADE,
    length   integer NOT NULL,
    weights  sparsevec(16777216) NOT NULL
);
CREATE INDEX paper_stems_hnsw ON paper_stems USING hnsw (weights sparsevec_ip_ops) WITH (m = 16, ef_construction = 100);

CREATE TABLE lexical_statistics (
    only_row             boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    papers               bigint NOT NULL DEFAULT 0,
    tokens               bigint NOT NULL DEFAULT 0,
    -- The mean length that the stored weights were computed with; NULL before the first paper.
    weighted_mean_length double precision
);
INSERT INTO lexical_statistics DEFAULT VALUES;
