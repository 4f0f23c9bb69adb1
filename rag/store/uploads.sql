-- Statements about uploads.

-- name: keep_upload
-- The person who uploaded it first stays its owner.
INSERT INTO uploads (file_id, owner, name, content_hash, state, page_count, pages_read, pages, content, unread)
VALUES (%(file_id)s, %(owner)s, %(name)s, %(content_hash)s, %(state)s, %(page_count)s, %(pages_read)s, %(pages)s, %(content)s,
        %(unread)s)
ON CONFLICT (file_id) DO UPDATE SET name = excluded.name, content_hash = excluded.content_hash, state = excluded.state, reason = '',
    reason_code = '',
    page_count = excluded.page_count, pages_read = excluded.pages_read, pages = excluded.pages, content = excluded.content,
    unread = excluded.unread, updated_at = now()
RETURNING owner

-- name: keep_given_text
-- Its text in Open WebUI is new, and not seen yet.
UPDATE uploads SET given_hash = %(given_hash)s, text_hash = '' WHERE file_id = %(file_id)s

-- name: paper_of_upload
SELECT id FROM papers WHERE file_id = %(file_id)s

-- name: ensure_file_collection
INSERT INTO collections (name, kind, webui_id) VALUES (%(name)s, 'file', %(file_id)s)
ON CONFLICT (webui_id) DO UPDATE SET name = excluded.name RETURNING id

-- name: ensure_membership
INSERT INTO memberships (collection_id, source_id, paper_id, record_hash)
VALUES (%(collection_id)s, %(source_id)s, %(paper_id)s, %(record_hash)s)
ON CONFLICT (collection_id, source_id) DO UPDATE SET record_hash = excluded.record_hash

-- name: add_upload_paper
INSERT INTO papers (id, public_id, title, abstract, authors, author_keys, year, venue, venue_key, doi, arxiv_id, url, language,
                    keywords, work_key, content_hash, owner, file_id)
OVERRIDING SYSTEM VALUE
VALUES (%(id)s, %(public_id)s, %(title)s, %(abstract)s, %(authors)s, %(author_keys)s, %(year)s, %(venue)s, %(venue_key)s, %(doi)s,
        %(arxiv_id)s, %(url)s, %(language)s, %(keywords)s, %(work_key)s, %(content_hash)s, %(owner)s, %(file_id)s)

-- name: update_upload_paper
UPDATE papers SET title = %(title)s, abstract = %(abstract)s, authors = %(authors)s, author_keys = %(author_keys)s, year = %(year)s,
    venue = %(venue)s, venue_key = %(venue_key)s, doi = %(doi)s, arxiv_id = %(arxiv_id)s, url = %(url)s, language = %(language)s,
    keywords = %(keywords)s, work_key = %(work_key)s, content_hash = %(content_hash)s, updated_at = now()
WHERE id = %(id)s

-- name: drop_other_paper_vector
DELETE FROM {paper_vectors} WHERE paper_id = %(id)s AND text_hash <> %(text_hash)s

-- name: twin_upload
-- A whole reading of the same bytes by the same person: what others uploaded is never looked at, so that time tells nothing.
SELECT u.file_id, u.pages, u.page_count, u.unread, p.title, p.abstract, p.authors, p.year, p.venue, p.doi, p.arxiv_id, p.language,
       p.outline
FROM uploads u JOIN papers p USING (file_id)
WHERE u.owner = %(owner)s AND u.content_hash = %(content_hash)s AND u.pages_read = u.page_count AND u.state <> 'failed'
ORDER BY u.created_at LIMIT 1

-- name: passages_of_upload
SELECT s.text, s.page, s.section FROM passages s JOIN papers p ON p.id = s.paper_id
WHERE p.file_id = %(file_id)s ORDER BY s.ordinal

-- name: upload_content
SELECT owner, name, content FROM uploads WHERE file_id = %(file_id)s AND content IS NOT NULL

-- name: fail_upload
UPDATE uploads SET state = 'failed', reason = %(reason)s, reason_code = %(code)s, updated_at = now() WHERE file_id = %(file_id)s

-- name: delete_uploads
-- Papers, passages, vectors and jobs go with them.
WITH gone AS (DELETE FROM collections WHERE kind = 'file' AND webui_id = ANY(%(file_ids)s))
DELETE FROM uploads WHERE file_id = ANY(%(file_ids)s)

-- name: upload_states
SELECT state, count(*) FROM uploads GROUP BY state

-- name: reuse_paper_vector
-- The same owner's paper with the same words has the same vector.
INSERT INTO {paper_vectors} (paper_id, text_hash, embedding)
SELECT n.id, v.text_hash, v.embedding
FROM papers n JOIN papers o ON o.owner = n.owner AND o.id <> n.id AND o.title = n.title AND o.abstract = n.abstract
JOIN {paper_vectors} v ON v.paper_id = o.id
WHERE n.file_id = %(file_id)s
LIMIT 1
ON CONFLICT DO NOTHING

-- name: reuse_passage_vectors
INSERT INTO {passage_vectors} (passage_id, paper_id, embedding)
SELECT DISTINCT ON (s.id) s.id, s.paper_id, v.embedding
FROM papers n JOIN papers o ON o.owner = n.owner AND o.id <> n.id AND o.title = n.title
JOIN passages s ON s.paper_id = n.id
JOIN passages t ON t.paper_id = o.id AND t.ordinal = s.ordinal AND t.section = s.section AND t.text = s.text
JOIN {passage_vectors} v ON v.passage_id = t.id
WHERE n.file_id = %(file_id)s
ON CONFLICT DO NOTHING

-- name: paper_without_vector
SELECT p.id, p.title, p.abstract, v.paper_id IS NULL FROM papers p LEFT JOIN {paper_vectors} v ON v.paper_id = p.id
WHERE p.file_id = %(file_id)s

-- name: passages_without_vector
SELECT s.id, s.text, s.page, s.section
FROM passages s LEFT JOIN {passage_vectors} v ON v.passage_id = s.id
WHERE s.paper_id = %(paper_id)s AND v.passage_id IS NULL
ORDER BY s.ordinal LIMIT %(n)s

-- name: add_paper_vector
-- Nothing, when the paper is gone or has other words by now.
INSERT INTO {paper_vectors} (paper_id, text_hash, embedding)
SELECT id, %(text_hash)s, %(embedding)s FROM papers WHERE id = %(id)s AND title = %(title)s AND abstract = %(abstract)s
ON CONFLICT DO NOTHING

-- name: add_passage_vector
-- Nothing, when the passage was replaced meanwhile.
INSERT INTO {passage_vectors} (passage_id, paper_id, embedding)
SELECT id, paper_id, %(embedding)s FROM passages WHERE id = %(id)s
ON CONFLICT DO NOTHING

-- name: upload_embedded
-- Its last vector is there: ready, unless pages are still to be read.
UPDATE uploads SET state = CASE WHEN content IS NULL THEN 'ready' ELSE 'reading' END, reason = '', updated_at = now()
WHERE file_id = %(file_id)s AND state <> 'failed'
