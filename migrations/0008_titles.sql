-- Titles as they are looked up when a question is a title, or names a paper as titles do ("BERT: Pre-training of …").
-- Digests, because a title may be longer than an index takes.

CREATE FUNCTION title_key(title text) RETURNS text IMMUTABLE PARALLEL SAFE
RETURN md5(btrim(regexp_replace(lower(normalize(title, NFKC)), '[[:punct:][:space:]]+', ' ', 'g')));

-- Of the name before the colon; empty without one.
CREATE FUNCTION name_key(title text) RETURNS text IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN normalize(title, NFKC) LIKE '%:%' THEN md5(btrim(lower(split_part(normalize(title, NFKC), ':', 1)))) ELSE '' END;

ALTER TABLE papers
    ADD COLUMN title_key text GENERATED ALWAYS AS (title_key(title)) STORED,
    ADD COLUMN name_key text GENERATED ALWAYS AS (name_key(title)) STORED;

CREATE INDEX papers_title_key ON papers (title_key);
CREATE INDEX papers_name_key ON papers (name_key) WHERE name_key <> '';
