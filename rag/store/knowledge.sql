-- Statements that keep our collections like Open WebUI's knowledge bases.

-- name: knowledge_bases
SELECT webui_id, name FROM collections WHERE kind = 'knowledge'

-- name: keep_knowledge_bases
INSERT INTO collections (webui_id, name, kind)
SELECT id, name, 'knowledge' FROM unnest(%(ids)s::text[], %(names)s::text[]) AS b (id, name)
ON CONFLICT (webui_id) DO UPDATE SET name = excluded.name

-- name: drop_knowledge_bases
DELETE FROM collections WHERE kind = 'knowledge' AND webui_id = ANY(%(ids)s)

-- name: files_in_knowledge
SELECT m.source_id FROM memberships m JOIN collections c ON c.id = m.collection_id
WHERE c.kind = 'knowledge' AND c.webui_id = %(knowledge)s

-- name: put_into_knowledge
INSERT INTO memberships (collection_id, source_id, paper_id, record_hash)
SELECT c.id, p.file_id, p.id, p.content_hash FROM collections c, papers p
WHERE c.kind = 'knowledge' AND c.webui_id = %(knowledge)s AND p.file_id = ANY(%(files)s)
ON CONFLICT DO NOTHING

-- name: take_out_of_knowledge
DELETE FROM memberships m USING collections c
WHERE c.id = m.collection_id AND c.kind = 'knowledge' AND c.webui_id = %(knowledge)s AND m.source_id = ANY(%(files)s)

-- name: texts_read
SELECT file_id, text_hash FROM uploads WHERE file_id = ANY(%(files)s)

-- name: texts_given
SELECT file_id, given_hash FROM uploads WHERE file_id = ANY(%(files)s) AND given_hash <> ''

-- name: keep_text_hashes
UPDATE uploads u SET text_hash = h.hash FROM unnest(%(files)s::text[], %(hashes)s::text[]) AS h (file_id, hash)
WHERE u.file_id = h.file_id

-- name: metadata_of_upload
SELECT title, abstract, authors, year, venue, doi, arxiv_id, url, language FROM papers WHERE file_id = %(file_id)s

-- name: uploads_outside
-- Uploads that lie in no knowledge base, after one of them in order.
SELECT u.file_id FROM uploads u JOIN papers p USING (file_id)
WHERE u.file_id > %(after)s AND u.created_at < now() - %(age)s * interval '1 second'
  AND NOT EXISTS (
      SELECT FROM memberships m JOIN collections c ON c.id = m.collection_id WHERE m.paper_id = p.id AND c.kind = 'knowledge'
  )
ORDER BY u.file_id LIMIT %(n)s
