-- Statements of the store. {curly names} are identifiers or pieces filled in by Queries.get.

-- name: search
-- One round trip: candidates of both rankings and papers that the question names, under the same limits, each scored exactly
-- by both rankings.
-- An empty list of stems, or no embedding, leaves that ranking out. {exactly} adds nothing to a distance, so that
-- the index, which would lose papers under narrow limits, does not match the order and the few are all read. coalesce tells the
-- planner nothing about how many rows may be read, which it would else take for one in a hundred. The indexes hold the library
-- ({shared}), and perhaps only the first numbers of its vectors, while scores come of all numbers; the uploads that may be read are
-- compared beside it.
WITH terms AS (
    SELECT s.id, s.papers > 0 AS known, t.n * ln(1 + (l.papers - s.papers + 0.5) / (s.papers + 0.5)) AS weight
    FROM unnest(%(stems)s::text[], %(counts)s::real[]) AS t (stem, n)
    JOIN stems s USING (stem)
    CROSS JOIN lexical_statistics l
),
asked AS MATERIALIZED (
    SELECT (chr(123) || string_agg(id || ':' || greatest(weight, 1e-6)::real, ',') || chr(125) || '/16777216')::sparsevec AS stems,
           (
               SELECT (chr(123) || string_agg(id || ':1', ',') || chr(125) || '/16777216')::sparsevec
               FROM terms WHERE known AND weight = (SELECT max(weight) FROM terms WHERE known)
           ) AS telling
    FROM terms
),
lexical AS (
    (
        SELECT v.paper_id, -(v.weights <#> (SELECT stems FROM asked)) AS score
        FROM paper_stems v {join_papers}
        WHERE (SELECT stems FROM asked) IS NOT NULL AND coalesce(v.collections && %(readable)s::integer[], false) {shared} {limits}
        ORDER BY (v.weights <#> (SELECT stems FROM asked)) {exactly}
        LIMIT %(candidates)s
    ) {rare_lexical} {uploads_lexical}
),
dense AS (
    (
        SELECT v.paper_id, NULL::bigint AS passage_id, 1 - (v.embedding <=> %(embedding)s::halfvec) AS score
        FROM {paper_vectors} v {join_papers}
        WHERE %(embedding)s::halfvec IS NOT NULL AND coalesce(v.collections && %(readable)s::integer[], false) {shared} {limits}
        ORDER BY {nearest}
        LIMIT %(candidates)s
    ) {uploads_dense}
),
dense_passages AS (
    (
        SELECT v.paper_id, v.passage_id, 1 - (v.embedding <=> %(embedding)s::halfvec) AS score
        FROM {passage_vectors} v {join_papers}
        WHERE %(embedding)s::halfvec IS NOT NULL AND coalesce(v.collections && %(readable)s::integer[], false) {shared_passages} {limits}
        ORDER BY {nearest_passages}
        LIMIT %(candidates)s
    ) {uploads_dense_passages}
),
named AS (
    SELECT v.paper_id FROM {paper_vectors} v JOIN papers p ON p.id = v.paper_id
    WHERE p.id IN (
        SELECT id FROM papers WHERE doi <> '' AND doi = ANY(%(dois)s)
        UNION ALL SELECT id FROM papers WHERE arxiv_id <> '' AND arxiv_id = ANY(%(arxiv_ids)s)
        UNION ALL SELECT id FROM papers WHERE title_key IN (SELECT title_key(title) FROM unnest(%(titles)s::text[]) AS title)
        UNION ALL SELECT id FROM papers WHERE name_key <> '' AND name_key IN (SELECT name_key(name || ':') FROM unnest(%(names)s::text[]) AS name)
    ) AND p.collections && %(readable)s::integer[] {limits}
    LIMIT %(candidates)s
),
candidates AS (
    SELECT paper_id FROM lexical WHERE score > 0
    UNION SELECT paper_id FROM dense
    UNION SELECT paper_id FROM dense_passages
    UNION SELECT paper_id FROM named
)
SELECT
    c.paper_id,
    greatest(1 - (v.embedding <=> %(embedding)s::halfvec), best.score)::double precision AS dense_score,
    coalesce(-(t.weights <#> (SELECT stems FROM asked)), 0)::double precision AS lexical_score,
    coalesce(best.passage_ids, '{{}}') AS passage_ids,
    coalesce(best.scores, '{{}}')::double precision[] AS passage_scores,
    c.paper_id IN (SELECT paper_id FROM named) AS named,
    coalesce(t.weights <#> (SELECT telling FROM asked) < 0, true) AS telling,
    CASE WHEN %(vectors)s THEN v.embedding END AS vector
FROM candidates c
LEFT JOIN {paper_vectors} v ON v.paper_id = c.paper_id
LEFT JOIN paper_stems t ON t.paper_id = c.paper_id
LEFT JOIN (
    SELECT paper_id, max(score) AS score, array_agg(passage_id ORDER BY score DESC) AS passage_ids,
           array_agg(score ORDER BY score DESC) AS scores
    FROM dense_passages GROUP BY paper_id
) best ON best.paper_id = c.paper_id

-- name: stem_frequencies
SELECT stem, papers FROM stems WHERE stem = ANY(%(stems)s)

-- name: stems_of
SELECT paper_id, weights FROM paper_stems WHERE paper_id = ANY(%(keys)s) AND collections && %(readable)s::integer[]

-- name: likeness
-- How much papers are worded like examples, in [0, 1]: their share of the examples' heaviest stems, each weighed by its idf.
WITH heaviest AS (
    SELECT s.id, e.weight * ln(1 + (l.papers - s.papers + 0.5) / (s.papers + 0.5)) AS weight
    FROM unnest(%(ids)s::integer[], %(weights)s::real[]) AS e (id, weight)
    JOIN stems s USING (id)
    CROSS JOIN lexical_statistics l
    ORDER BY weight DESC, s.id
    LIMIT %(stems)s
),
asked AS MATERIALIZED (
    SELECT (chr(123) || string_agg(id || ':' || greatest(weight, 1e-6)::real, ',') || chr(125) || '/16777216')::sparsevec AS stems,
           sum(greatest(weight, 1e-6)) AS total
    FROM heaviest
)
SELECT t.paper_id, (-(t.weights <#> a.stems) / a.total)::double precision
FROM paper_stems t CROSS JOIN asked a
WHERE t.paper_id = ANY(%(keys)s) AND t.collections && %(readable)s::integer[]

-- name: eligible
-- How many papers are within the limits, up to %(most)s, which ones, and how many passages they have, up to %(most_passages)s.
WITH within AS MATERIALIZED (SELECT p.id FROM papers p WHERE true {limits} LIMIT %(most)s),
     ids AS MATERIALIZED (SELECT count(*) AS papers, coalesce(array_agg(id), '{{}}') AS ids FROM within)
SELECT papers, ids::text, (
    SELECT count(*) FROM (
        SELECT FROM {passage_vectors} v WHERE papers < %(most)s AND v.paper_id = ANY(ids) LIMIT %(most_passages)s
    ) few
) FROM ids

-- name: eligible_papers
 AND v.paper_id = ANY(%(eligible)s::bigint[])

-- name: shared
 AND NOT v.uploaded

-- name: exactly
+ 0

-- name: nearest_in_index
{indexed} <=> {asked_in_index}

-- name: nearest_of_all
(v.embedding <=> %(embedding)s::halfvec) + 0

-- name: first_numbers
(subvector({vector}, 1, {n})::halfvec({n}))

-- name: rare_lexical
-- The papers that have the question's rare words, all of them: the index gives up on some (docs/decisions/0009-ranking.md).
UNION (
    SELECT v.paper_id, -(v.weights <#> (SELECT stems FROM asked))
    FROM paper_stems v {join_papers}
    WHERE v.paper_id = ANY((SELECT papers_with_rare_stems(%(stems)s::text[], %(rare)s, (SELECT stems FROM asked), {best_rare}))::bigint[])
      AND coalesce(v.collections && %(readable)s::integer[], false) {limits}
    ORDER BY (v.weights <#> (SELECT stems FROM asked)) + 0
    LIMIT %(candidates)s
)

-- name: uploads_lexical
UNION (
    SELECT v.paper_id, -(v.weights <#> (SELECT stems FROM asked))
    FROM paper_stems v {join_papers}
    WHERE (SELECT stems FROM asked) IS NOT NULL AND {own_papers} {limits}
    ORDER BY (v.weights <#> (SELECT stems FROM asked)) + 0
    LIMIT %(candidates)s
)

-- name: uploads_dense
UNION (
    SELECT v.paper_id, NULL::bigint, 1 - (v.embedding <=> %(embedding)s::halfvec)
    FROM {paper_vectors} v {join_papers}
    WHERE %(embedding)s::halfvec IS NOT NULL AND {own_papers} {limits}
    ORDER BY (v.embedding <=> %(embedding)s::halfvec) + 0
    LIMIT %(candidates)s
)

-- name: uploads_dense_passages
UNION (
    SELECT v.paper_id, v.passage_id, 1 - (v.embedding <=> %(embedding)s::halfvec)
    FROM {passage_vectors} v {join_papers}
    WHERE %(embedding)s::halfvec IS NOT NULL AND {own_passages} {limits}
    ORDER BY {nearest_own}
    LIMIT %(candidates)s
)

-- name: own_papers
v.paper_id = ANY(ARRAY(SELECT m.paper_id FROM memberships m WHERE m.collection_id = ANY(%(uploads)s::integer[])))

-- name: own_by_index
-- Among very many passages: by the index over everybody's.
v.uploaded AND coalesce(v.collections && %(uploads)s::integer[], false)

-- name: join_papers
JOIN papers p ON p.id = v.paper_id

-- name: limit_readable
p.collections && %(readable)s::integer[]

-- name: limit_few_readable
p.id IN (SELECT m.paper_id FROM memberships m WHERE m.collection_id = ANY(%(readable)s::integer[]))

-- name: limit_year_from
p.year >= %(year_from)s

-- name: limit_year_to
p.year <= %(year_to)s

-- name: limit_authors
p.author_keys @> %(authors)s::text[]

-- name: limit_venues
-- The expression costs microseconds a row; hardly any row gets past the plain comparison before it.
p.venue_key LIKE ANY(%(venue_parts)s) AND p.venue_key ~ %(venues)s

-- name: limit_exclude_years
-- A paper without a year is of none of them.
(p.year IS NULL OR p.year <> ALL(%(exclude_years)s::integer[]))

-- name: limit_exclude_authors
NOT p.author_keys && %(exclude_authors)s::text[]

-- name: limit_exclude_venues
p.venue_key !~ %(exclude_venues)s

-- name: limit_languages
p.language = ANY(%(languages)s)

-- name: limit_exclude
NOT (p.title || ' ' || array_to_string(p.keywords, ' ')) ~* %(exclude)s

-- name: limit_collections
EXISTS (
    SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id
    WHERE m.paper_id = p.id AND c.kind <> 'file' AND c.name = ANY(%(collections)s) AND c.id = ANY(%(readable)s)
)

-- name: limit_exclude_collections
NOT EXISTS (
    SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id
    WHERE m.paper_id = p.id AND c.kind <> 'file' AND c.name = ANY(%(exclude_collections)s) AND c.id = ANY(%(readable)s)
)

-- name: limit_among
-- Single files are in reach only where they are attached to the chat.
(p.file_id IS NOT NULL AND (%(among)s = 'uploads' OR EXISTS (
    SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id
    WHERE m.paper_id = p.id AND c.kind = 'file' AND c.id = ANY(%(readable)s)
)))

-- name: limit_added_since
p.created_at >= %(added_since)s

-- name: limit_has_full_text
%(has_full_text)s = EXISTS (SELECT FROM passages s WHERE s.paper_id = p.id)

-- name: query_weight
-- The greatest BM25 score that a paper could have for these stems: all of them, saturated.
SELECT coalesce(sum(t.n * ln(1 + (l.papers - coalesce(s.papers, 0) + 0.5) / (coalesce(s.papers, 0) + 0.5))), 0)::double precision
FROM unnest(%(stems)s::text[], %(counts)s::real[]) AS t (stem, n)
LEFT JOIN stems s USING (stem)
CROSS JOIN lexical_statistics l

-- name: papers_by_key
-- A paper of the caller's scope, with nothing of the collections that are not in it.
SELECT p.id, p.public_id, p.title, p.abstract, p.authors, p.year, p.venue, p.doi, p.arxiv_id, p.url, p.language, p.keywords,
       m.source_ids, m.names, m.knowledge, coalesce(p.file_id, '')
FROM papers p
JOIN LATERAL (
    SELECT array_agg(m.source_id ORDER BY c.id) AS source_ids,
           coalesce(array_agg(c.name ORDER BY c.id) FILTER (WHERE c.kind <> 'file'), '{{}}') AS names,
           coalesce(array_agg(c.name ORDER BY c.id) FILTER (WHERE c.kind = 'knowledge'), '{{}}') AS knowledge
    FROM memberships m JOIN collections c ON c.id = m.collection_id
    WHERE m.paper_id = p.id AND c.id = ANY(%(readable)s)
      AND (%(collections)s::text[] IS NULL OR (c.kind <> 'file' AND c.name = ANY(%(collections)s)))
) m ON true
WHERE p.id = ANY(%(keys)s) AND p.collections && %(readable)s::integer[]

-- name: keys_of_papers
SELECT public_id, id FROM papers WHERE public_id = ANY(%(public_ids)s) AND collections && %(readable)s::integer[]

-- name: keys_within
SELECT p.public_id, p.id FROM papers p WHERE p.collections && %(readable)s::integer[] AND p.public_id = ANY(%(public_ids)s) {limits}

-- name: keys_of_identifier
SELECT p.id FROM papers p
WHERE p.collections && %(readable)s::integer[] AND ((p.doi <> '' AND p.doi = %(doi)s) OR (p.arxiv_id <> '' AND p.arxiv_id = %(arxiv_id)s)) {limits}
ORDER BY p.id LIMIT 10

-- name: keys_of_attached
-- Single files are in reach only where they are attached to the chat.
SELECT p.id FROM papers p JOIN memberships m ON m.paper_id = p.id JOIN collections c ON c.id = m.collection_id
WHERE c.kind = 'file' AND c.id = ANY(%(readable)s) {limits}
ORDER BY p.id LIMIT %(n)s

-- name: keys_after
-- Papers of a collection, or all of them, a page at a time.
SELECT p.id FROM papers p WHERE p.collections && %(readable)s::integer[] AND p.id > %(after)s {limits} ORDER BY p.id LIMIT %(n)s

-- name: newest_keys
SELECT p.id FROM papers p WHERE p.collections && %(readable)s::integer[] {limits} ORDER BY p.id DESC LIMIT %(n)s

-- name: passages_of_paper
SELECT s.text, s.page, s.section FROM passages s JOIN papers p ON p.id = s.paper_id
WHERE p.collections && %(readable)s::integer[] AND p.public_id = %(public_id)s {limits} ORDER BY s.ordinal LIMIT %(n)s

-- name: outline_of_paper
SELECT p.outline FROM papers p WHERE p.collections && %(readable)s::integer[] AND p.public_id = %(public_id)s {limits}

-- name: count_by_year
SELECT coalesce(p.year::text, ''), count(*) FROM papers p WHERE p.collections && %(readable)s::integer[] {limits} GROUP BY 1 ORDER BY 1

-- name: count_by_venue
SELECT p.venue, count(*) FROM papers p WHERE p.collections && %(readable)s::integer[] {limits} GROUP BY 1 ORDER BY 2 DESC, 1

-- name: count_by_author
SELECT a.name, count(*) FROM papers p CROSS JOIN LATERAL unnest(p.authors) AS a (name) WHERE p.collections && %(readable)s::integer[] {limits} GROUP BY 1 ORDER BY 2 DESC, 1

-- name: vectors_by_key
SELECT paper_id, embedding FROM {paper_vectors} WHERE paper_id = ANY(%(keys)s) AND collections && %(readable)s::integer[]

-- name: members
-- The papers of a collection, the latest first.
SELECT DISTINCT m.paper_id FROM memberships m JOIN collections c ON c.id = m.collection_id
WHERE c.kind <> 'file' AND c.name = %(collection)s AND c.id = ANY(%(readable)s) ORDER BY m.paper_id DESC LIMIT %(most)s

-- name: rarity
-- BM25's idf of each stem that is known.
SELECT s.stem, ln(1 + (l.papers - s.papers + 0.5) / (s.papers + 0.5))::double precision
FROM stems s CROSS JOIN lexical_statistics l WHERE s.stem = ANY(%(stems)s)

-- name: passages_by_key
SELECT id, text, page, section FROM passages WHERE id = ANY(%(keys)s) AND collections && %(readable)s::integer[]

-- name: count_papers
-- Of the shared library: uploads are counted for nobody.
SELECT count(*) FROM papers WHERE file_id IS NULL

-- name: collections
SELECT c.name, count(m.paper_id) FROM collections c LEFT JOIN memberships m ON m.collection_id = c.id
WHERE c.kind = 'library' GROUP BY c.id ORDER BY c.id

-- name: source_ids
-- The first source id of each paper in a collection.
SELECT m.paper_id, min(m.source_id) FROM memberships m JOIN collections c ON c.id = m.collection_id
WHERE c.kind <> 'file' AND c.name = %(collection)s AND c.id = ANY(%(readable)s) AND m.paper_id = ANY(%(keys)s)
GROUP BY m.paper_id

-- name: lock_for_writing
-- One writer at a time: stems and statistics are shared, and two imports must not both add the same work.
SELECT pg_advisory_xact_lock(7809632)

-- name: ensure_collection
WITH made AS (INSERT INTO collections (name) VALUES (%(name)s) ON CONFLICT DO NOTHING RETURNING id)
SELECT id FROM made UNION ALL SELECT id FROM collections WHERE kind = 'library' AND name = %(name)s LIMIT 1

-- name: ensure_groups
-- Collections of a file's groups are read by whoever reads the collection that the file went into.
INSERT INTO collections (name, groups)
SELECT DISTINCT g.name, c.groups FROM unnest(%(names)s::text[]) AS g (name), collections c WHERE c.id = %(collection_id)s
ON CONFLICT DO NOTHING

-- name: join_groups
-- Never into a collection that was there before and that others read than the records' own.
INSERT INTO memberships (collection_id, source_id, paper_id, record_hash)
SELECT c.id, m.source_id, m.paper_id, m.record_hash
FROM unnest(%(names)s::text[], %(source_ids)s::text[]) AS g (name, source_id)
JOIN collections own ON own.id = %(collection_id)s
JOIN collections c ON c.kind = 'library' AND c.name = g.name AND c.groups IS NOT DISTINCT FROM own.groups
JOIN memberships m ON m.collection_id = own.id AND m.source_id = g.source_id
ON CONFLICT DO NOTHING

-- name: leave_groups
DELETE FROM memberships m USING collections c
WHERE c.id = m.collection_id AND c.kind = 'library' AND starts_with(c.name, %(prefix)s) AND m.source_id = ANY(%(source_ids)s)

-- name: known_records
SELECT m.source_id, m.paper_id, m.record_hash
FROM memberships m JOIN collections c ON c.id = m.collection_id
WHERE c.kind = 'library' AND c.name = %(collection)s AND m.source_id = ANY(%(source_ids)s)

-- name: same_works
-- Papers that may be the same work as a new record and are not in its collection yet. Uploads are nobody else's works.
SELECT p.id, p.doi, p.arxiv_id, p.work_key
FROM papers p
WHERE p.file_id IS NULL AND ((p.doi <> '' AND p.doi = ANY(%(dois)s)) OR (p.arxiv_id <> '' AND p.arxiv_id = ANY(%(arxiv_ids)s))
                              OR (p.work_key <> '' AND p.work_key = ANY(%(work_keys)s)))
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.paper_id = p.id AND m.collection_id = %(collection_id)s)
  -- Merging stays within one visibility: a paper that others may read takes nothing from here, and gives nothing.
  AND NOT EXISTS (
      SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id
      WHERE m.paper_id = p.id AND c.groups IS DISTINCT FROM (SELECT groups FROM collections WHERE id = %(collection_id)s)
  )
ORDER BY p.id

-- name: taken_public_ids
SELECT public_id FROM papers WHERE public_id = ANY(%(public_ids)s)

-- name: new_paper_keys
SELECT nextval(pg_get_serial_sequence('paper_finder.papers', 'id')) FROM generate_series(1, %(n)s)

-- name: take_members
DELETE FROM memberships WHERE (collection_id, source_id) IN (
    SELECT m.collection_id, m.source_id FROM memberships m JOIN collections c ON c.id = m.collection_id
    WHERE c.kind = 'library' AND c.name = %(name)s LIMIT %(n)s
) RETURNING paper_id

-- name: take_papers
DELETE FROM memberships m USING papers p, collections c
WHERE p.id = m.paper_id AND c.id = m.collection_id AND c.kind = 'library' AND p.public_id = ANY(%(public_ids)s)
RETURNING p.id

-- name: papers_without_members
SELECT p.id FROM papers p
WHERE p.id = ANY(%(keys)s) AND p.file_id IS NULL AND NOT EXISTS (SELECT FROM memberships m WHERE m.paper_id = p.id)

-- name: delete_papers
DELETE FROM papers WHERE id = ANY(%(keys)s)

-- name: delete_collection
DELETE FROM collections WHERE kind = 'library' AND name = %(name)s

-- name: copy_papers
COPY papers (id, public_id, title, abstract, authors, author_keys, year, venue, venue_key, doi, arxiv_id, url, language, keywords,
             work_key, content_hash) FROM STDIN (FORMAT binary)

-- name: copy_paper_vectors
COPY {paper_vectors} (paper_id, text_hash, embedding) FROM STDIN (FORMAT binary)

-- name: copy_paper_stems
COPY paper_stems (paper_id, length, mean_length, stems, weights) FROM STDIN (FORMAT binary)

-- name: copy_memberships
COPY memberships (collection_id, source_id, paper_id, record_hash) FROM STDIN (FORMAT binary)

-- name: update_paper
-- An abstract that another collection's record gave stays when this record has none.
UPDATE papers SET title = %(title)s,
    abstract = CASE WHEN %(abstract)s = '' AND EXISTS (
        SELECT FROM memberships m WHERE m.paper_id = papers.id AND m.collection_id <> %(collection_id)s
    ) THEN abstract ELSE %(abstract)s END, authors = %(authors)s, author_keys = %(author_keys)s, year = %(year)s,
    venue = %(venue)s, venue_key = %(venue_key)s, doi = %(doi)s, arxiv_id = %(arxiv_id)s, url = %(url)s, language = %(language)s,
    keywords = %(keywords)s, work_key = %(work_key)s, content_hash = %(content_hash)s, updated_at = now()
WHERE id = %(id)s
RETURNING abstract = %(abstract)s, EXISTS (
    SELECT FROM memberships m WHERE m.paper_id = papers.id AND m.collection_id <> %(collection_id)s
)

-- name: fill_in_paper
-- A second record of a known work adds what the first one lacked and changes nothing else; but what we wrote ourselves, for the
-- sample library, gives way to an abstract.
UPDATE papers SET
    title = CASE WHEN gives_way THEN %(title)s ELSE title END,
    abstract = CASE WHEN abstract = '' OR gives_way THEN %(abstract)s ELSE abstract END,
    language = CASE WHEN gives_way THEN %(language)s ELSE language END,
    authors = CASE WHEN authors = '{{}}' THEN %(authors)s ELSE authors END,
    author_keys = CASE WHEN authors = '{{}}' THEN %(author_keys)s ELSE author_keys END,
    year = coalesce(year, %(year)s),
    venue_key = CASE WHEN venue = '' THEN %(venue_key)s ELSE venue_key END,
    venue = CASE WHEN venue = '' THEN %(venue)s ELSE venue END,
    doi = CASE WHEN doi = '' THEN %(doi)s ELSE doi END,
    arxiv_id = CASE WHEN arxiv_id = '' THEN %(arxiv_id)s ELSE arxiv_id END,
    url = CASE WHEN url = '' THEN %(url)s ELSE url END,
    work_key = CASE WHEN work_key = '' THEN %(work_key)s ELSE work_key END,
    updated_at = now()
FROM (
    SELECT %(abstract)s <> '' AND NOT EXISTS (
        SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id WHERE m.paper_id = %(id)s AND c.name <> %(sample)s
    ) AS gives_way
) AS sample
WHERE id = %(id)s
RETURNING abstract = %(abstract)s AND title = %(title)s, NOT EXISTS (SELECT FROM passages s WHERE s.paper_id = papers.id), keywords

-- name: new_passage_keys
SELECT nextval(pg_get_serial_sequence('paper_finder.passages', 'id')) FROM generate_series(1, %(n)s)

-- name: copy_passages
COPY passages (id, paper_id, ordinal, page, section, text) FROM STDIN (FORMAT binary)

-- name: copy_passage_vectors
COPY {passage_vectors} (passage_id, paper_id, embedding) FROM STDIN (FORMAT binary)

-- name: delete_passages
DELETE FROM passages WHERE paper_id = %(paper_id)s

-- name: keep_outline
UPDATE papers SET outline = %(outline)s WHERE id = %(paper_id)s

-- name: delete_outline
UPDATE papers SET outline = DEFAULT WHERE id = %(paper_id)s

-- name: replace_paper_vector
INSERT INTO {paper_vectors} (paper_id, text_hash, embedding) VALUES (%(id)s, %(text_hash)s, %(embedding)s)
ON CONFLICT (paper_id) DO UPDATE SET text_hash = excluded.text_hash, embedding = excluded.embedding

-- name: paper_stems
SELECT length, stems FROM paper_stems WHERE paper_id = ANY(%(keys)s)

-- name: delete_paper_stems
DELETE FROM paper_stems WHERE paper_id = ANY(%(keys)s)

-- name: replace_record_hash
UPDATE memberships SET record_hash = %(record_hash)s WHERE collection_id = %(collection_id)s AND source_id = %(source_id)s

-- name: stem_ids
SELECT stem, id FROM stems WHERE stem = ANY(%(stems)s)

-- name: add_stems
INSERT INTO stems (stem) SELECT unnest(%(stems)s::text[]) ON CONFLICT DO NOTHING RETURNING stem, id

-- name: count_stems
UPDATE stems SET papers = stems.papers + d.n
FROM unnest(%(ids)s::integer[], %(counts)s::bigint[]) AS d (id, n) WHERE stems.id = d.id

-- name: count_lengths
UPDATE lexical_statistics SET papers = papers + %(papers)s, tokens = tokens + %(tokens)s,
    weighted_mean_length = coalesce(weighted_mean_length, %(mean)s)
RETURNING weighted_mean_length

-- name: lexical_statistics
SELECT papers, tokens, weighted_mean_length FROM lexical_statistics

-- name: keep_mean_length
UPDATE lexical_statistics SET weighted_mean_length = %(mean)s

-- name: stems_to_weigh
-- Rows that were computed with another mean length than that of now.
SELECT t.paper_id, t.length, t.weights, t.mean_length, l.weighted_mean_length
FROM paper_stems t JOIN lexical_statistics l ON t.mean_length <> l.weighted_mean_length
WHERE t.paper_id > %(after)s ORDER BY t.paper_id LIMIT %(n)s

-- name: reweigh
UPDATE paper_stems SET weights = %(weights)s, mean_length = %(mean)s WHERE paper_id = %(id)s

-- name: try_to_build
-- A session's turn to build indexes, drop them, or analyse tables.
SELECT pg_try_advisory_lock(7809634)

-- name: drop_index
DROP INDEX CONCURRENTLY IF EXISTS {index}

-- name: prepare_to_build
SET maintenance_work_mem = '1GB'

-- name: build_paper_stems_hnsw
CREATE INDEX {beside_writers} IF NOT EXISTS paper_stems_hnsw ON paper_stems
USING hnsw (weights sparsevec_ip_ops) WITH (m = 16, ef_construction = 100) WHERE NOT uploaded

-- name: build_paper_vectors_hnsw
CREATE INDEX {beside_writers} IF NOT EXISTS {paper_vectors_hnsw} ON {paper_vectors}
USING hnsw ({index_key} halfvec_cosine_ops) WHERE NOT uploaded

-- name: build_passage_vectors_hnsw
CREATE INDEX {beside_writers} IF NOT EXISTS {passage_vectors_hnsw} ON {passage_vectors}
USING hnsw ({index_key} halfvec_cosine_ops) WHERE NOT uploaded

-- name: build_passage_vectors_uploads_hnsw
CREATE INDEX {beside_writers} IF NOT EXISTS {passage_vectors_uploads_hnsw} ON {passage_vectors}
USING hnsw ({index_key} halfvec_cosine_ops) WHERE uploaded

-- name: refresh_planner_statistics
ANALYZE papers, passages, memberships, paper_stems, {paper_vectors}, {passage_vectors}
