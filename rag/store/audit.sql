-- Statements about the state of the library: what is missing, what is there twice, and merging it. Uploads are their owners' business.

-- name: audit_counts
SELECT count(*),
       count(*) FILTER (WHERE abstract = ''),
       count(*) FILTER (WHERE authors = '{{}}'),
       count(*) FILTER (WHERE year IS NULL),
       count(*) FILTER (WHERE venue = ''),
       count(*) FILTER (WHERE doi = '' AND arxiv_id = '' AND url = '')
FROM papers WHERE file_id IS NULL

-- name: audit_languages
SELECT language, count(*) FROM papers WHERE file_id IS NULL GROUP BY 1 ORDER BY 2 DESC, 1

-- name: audit_placeholders
SELECT public_id, title, doi FROM papers WHERE file_id IS NULL AND doi ~ %(pattern)s ORDER BY id

-- name: audit_broken_uploads
SELECT name, CASE WHEN state = 'failed' THEN reason ELSE '' END, unread
FROM uploads WHERE state = 'failed' OR unread <> '[]' ORDER BY created_at, file_id

-- name: audit_same
-- Papers that share a name of their work.
SELECT name, ids FROM (
    SELECT 'doi ' || doi AS name, array_agg(id ORDER BY id) AS ids FROM papers
    WHERE file_id IS NULL AND doi <> '' AND NOT doi ~ %(pattern)s GROUP BY doi HAVING count(*) > 1
    UNION ALL
    SELECT 'arxiv ' || arxiv_id, array_agg(id ORDER BY id) FROM papers
    WHERE file_id IS NULL AND arxiv_id <> '' GROUP BY arxiv_id HAVING count(*) > 1
    UNION ALL
    SELECT 'work ' || work_key, array_agg(id ORDER BY id) FROM papers
    WHERE file_id IS NULL AND work_key <> '' GROUP BY work_key HAVING count(*) > 1
) same ORDER BY ids

-- name: audit_papers
-- With who may read them: merging stays within one visibility, '' where the collections of a paper differ in it.
SELECT p.id, p.public_id, p.title, p.doi, p.abstract <> '', EXISTS (SELECT FROM passages s WHERE s.paper_id = p.id),
       (
           SELECT CASE WHEN count(DISTINCT coalesce(c.groups::text, 'everyone')) = 1
                       THEN min(coalesce(c.groups::text, 'everyone')) ELSE '' END
           FROM memberships m JOIN collections c ON c.id = m.collection_id WHERE m.paper_id = p.id
       )
FROM papers p WHERE p.id = ANY(%(ids)s) ORDER BY p.id

-- name: audit_near
-- Documents that may be one text: the beginning of each, and the passages of others whose vectors are near to it.
SELECT DISTINCT p.id, n.paper_id
FROM papers p
CROSS JOIN LATERAL (
    SELECT v.embedding FROM passages s JOIN {passage_vectors} v ON v.passage_id = s.id
    WHERE s.paper_id = p.id ORDER BY s.ordinal LIMIT 1
) v
CROSS JOIN LATERAL (
    SELECT o.paper_id, o.embedding <=> v.embedding AS distance FROM {passage_vectors} o
    WHERE NOT o.uploaded AND o.paper_id <> p.id ORDER BY o.embedding <=> v.embedding LIMIT 5
) n
JOIN papers q ON q.id = n.paper_id
WHERE p.file_id IS NULL AND q.file_id IS NULL AND n.distance < %(distance)s
ORDER BY p.id, n.paper_id LIMIT %(most)s

-- name: audit_text
SELECT paper_id, string_agg(text, ' ' ORDER BY ordinal) FROM passages
WHERE paper_id = ANY(%(ids)s) AND ordinal < 100 GROUP BY paper_id

-- name: rows_of_papers
SELECT to_jsonb(p) FROM papers p WHERE p.id = ANY(%(ids)s) ORDER BY p.id

-- name: rows_of_members
SELECT collection_id, source_id, paper_id FROM memberships WHERE paper_id = ANY(%(ids)s) ORDER BY 1, 2

-- name: rows_of_passages
SELECT to_jsonb(s) FROM passages s WHERE s.paper_id = ANY(%(ids)s) ORDER BY s.id

-- name: rows_of_vectors
SELECT to_jsonb(v) FROM {paper_vectors} v WHERE v.paper_id = ANY(%(ids)s) ORDER BY v.paper_id

-- name: rows_of_passage_vectors
SELECT to_jsonb(v) FROM {passage_vectors} v WHERE v.paper_id = ANY(%(ids)s) ORDER BY v.passage_id

-- name: move_members
UPDATE memberships SET paper_id = %(target)s WHERE paper_id = ANY(%(ids)s)

-- name: move_member
UPDATE memberships SET paper_id = %(target)s WHERE collection_id = %(collection_id)s AND source_id = %(source_id)s

-- name: move_passages
UPDATE passages SET paper_id = %(target)s WHERE paper_id = %(source)s

-- name: move_passage_vectors
UPDATE {passage_vectors} SET paper_id = %(target)s WHERE paper_id = %(source)s

-- name: fill_in_from
-- What a paper lacks, from another record of its work; its words (title, abstract, keywords), and with them its vector, stay.
UPDATE papers p SET
    authors = CASE WHEN p.authors = '{{}}' THEN o.authors ELSE p.authors END,
    author_keys = CASE WHEN p.authors = '{{}}' THEN o.author_keys ELSE p.author_keys END,
    year = coalesce(p.year, o.year),
    venue = CASE WHEN p.venue = '' THEN o.venue ELSE p.venue END,
    venue_key = CASE WHEN p.venue = '' THEN o.venue_key ELSE p.venue_key END,
    doi = CASE WHEN p.doi = '' THEN o.doi ELSE p.doi END,
    arxiv_id = CASE WHEN p.arxiv_id = '' THEN o.arxiv_id ELSE p.arxiv_id END,
    url = CASE WHEN p.url = '' THEN o.url ELSE p.url END,
    work_key = CASE WHEN p.work_key = '' THEN o.work_key ELSE p.work_key END,
    updated_at = now()
FROM papers o WHERE p.id = %(target)s AND o.id = %(source)s

-- name: take_outline
UPDATE papers p SET outline = o.outline FROM papers o WHERE p.id = %(target)s AND o.id = %(source)s

-- name: put_row_back
INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE
SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %(row)s)

-- name: put_paper_facts_back
UPDATE papers p SET authors = o.authors, author_keys = o.author_keys, year = o.year, venue = o.venue, venue_key = o.venue_key, doi = o.doi,
    arxiv_id = o.arxiv_id, url = o.url, work_key = o.work_key, outline = o.outline, updated_at = o.updated_at
FROM jsonb_populate_record(NULL::papers, %(row)s) o WHERE p.id = o.id
