-- Which papers have a question's rare words: the HNSW index over BM25 rows misses some of the best among them.

-- The numbers of the stems in a BM25 row.
CREATE FUNCTION stem_numbers(weights sparsevec) RETURNS integer[] IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql AS $$
    SELECT array_agg(split_part(element, ':', 1)::integer)
    FROM unnest(string_to_array(btrim(split_part(weights::text, '/', 1), '{}'), ',')) AS element
$$;

CREATE INDEX paper_stems_rare ON paper_stems USING gin (stem_numbers(weights));

-- The keys of all papers that have one of the rarest of these stems: as many stems as together have `most` papers at most. With
-- the owner's rights, since the reader's policy would keep the index out of it; who reads rows by these keys has the reader's.
CREATE FUNCTION papers_with_rare_stems(wanted text[], most integer) RETURNS bigint[] STABLE STRICT SECURITY DEFINER LANGUAGE sql
SET search_path FROM CURRENT SET enable_seqscan = off AS $$
    WITH counted AS (
        SELECT s.id, sum(s.papers) OVER (ORDER BY s.papers, s.id) AS together
        FROM stems s WHERE s.stem = ANY(wanted) AND s.papers > 0
    )
    SELECT array_agg(t.paper_id) FROM paper_stems t
    WHERE stem_numbers(t.weights) && (SELECT array_agg(id) FROM counted WHERE together <= most)
$$;

REVOKE ALL ON FUNCTION papers_with_rare_stems(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION papers_with_rare_stems(text[], integer) TO paper_finder_reader;
