-- The sections of a paper's full text, and where its references begin.

-- {"sections": [{"heading", "level", "page"}], "references": {"page", "position"} or null}; pages from 0.
ALTER TABLE papers ADD COLUMN outline jsonb NOT NULL DEFAULT '{}';
