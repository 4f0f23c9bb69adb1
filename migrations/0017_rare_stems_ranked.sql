-- The papers with a question's rare words are ranked where they are found, so that a search reads only the best of them again.

DROP FUNCTION papers_with_rare_stems(text[], integer);

-- Of the library's papers that have one of the rarest of these stems (as many stems as together have `most` papers at most), those
-- that may be read: the keys of the `best` by their inner product with `asked`. With the owner's rights, since the reader's policy
-- would keep the index out of it; so it asks itself what may be read.
CREATE FUNCTION papers_with_rare_stems(wanted text[], most integer, asked sparsevec, best integer) RETURNS bigint[]
STABLE STRICT SECURITY DEFINER SET enable_seqscan = off
BEGIN ATOMIC
    WITH counted AS (
        SELECT s.id, sum(s.papers) OVER (ORDER BY s.papers, s.id) AS together
        FROM stems s WHERE s.stem = ANY(wanted) AND s.papers > 0
    )
    SELECT array_agg(paper_id) FROM (
        SELECT t.paper_id FROM paper_stems t
        WHERE t.stems && (SELECT array_agg(id) FROM counted WHERE together <= most) AND NOT t.uploaded
          AND t.collections && (SELECT readable())
        ORDER BY (t.weights <#> asked) + 0 LIMIT best
    ) found;
END;

REVOKE ALL ON FUNCTION papers_with_rare_stems(text[], integer, sparsevec, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION papers_with_rare_stems(text[], integer, sparsevec, integer) TO paper_finder_reader;
