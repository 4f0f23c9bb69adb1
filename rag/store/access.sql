-- Statements about who may read what.

-- name: reader_secrets
SELECT current_database()::text, password, inner_key, outer_key FROM paper_finder.reader_secrets

-- name: reader_may_log_in
SELECT rolcanlogin FROM pg_roles WHERE rolname = %(role)s

-- name: reader_is_bound
SELECT NOT (r.rolsuper OR r.rolbypassrls OR pg_has_role(r.oid, c.relowner, 'MEMBER')) AND pg_has_role(r.oid, 'paper_finder_reader', 'USAGE')
FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = 'paper_finder.papers'::regclass

-- name: become_reader
SET LOCAL ROLE paper_finder_reader

-- name: say_readable
-- What this transaction may read, with a signature that ``readable()`` checks.
SELECT set_config('paper_finder.readable', %(collections)s, true), set_config('paper_finder.signature', %(signature)s, true)

-- name: scope
-- The collections in reach and how many papers they have up to %(most)s; those of uploads among them and how many passages
-- these have up to %(most_passages)s; how many are single files; and how many uploads (the person's own, where it is known who
-- asks) are still being read.
WITH mine AS MATERIALIZED (
    SELECT id, kind FROM collections
    WHERE (kind = 'library' AND %(library)s AND (%(restricted)s OR groups IS NULL OR groups && %(groups)s::text[]))
       OR (kind = 'knowledge' AND webui_id = ANY(%(knowledge)s))
       OR (kind = 'file' AND webui_id = ANY(%(files)s))
)
SELECT coalesce(array_agg(id ORDER BY id), '{{}}'),
       (SELECT count(*) FROM (
           SELECT FROM memberships m WHERE m.collection_id IN (SELECT id FROM mine) LIMIT %(most)s
       ) few),
       coalesce(array_agg(id ORDER BY id) FILTER (WHERE kind <> 'library'), '{{}}'),
       (SELECT count(*) FROM (
           SELECT FROM memberships m JOIN passages s USING (paper_id)
           WHERE m.collection_id IN (SELECT id FROM mine WHERE kind <> 'library') LIMIT %(most_passages)s
       ) few),
       count(*) FILTER (WHERE kind = 'file'),
       (SELECT count(*) FROM uploads u WHERE u.state IN ('reading', 'embedding') AND %(person)s IN ('', u.owner) AND EXISTS (
           SELECT FROM papers p WHERE p.file_id = u.file_id AND p.collections && ARRAY(SELECT id FROM mine WHERE kind <> 'library')
       ))
FROM mine

-- name: upload_notes
-- Of a person's uploads in these collections: those set aside, and those read within a day of which pages could not be.
SELECT u.name, CASE WHEN u.state = 'failed' THEN u.reason ELSE '' END, u.reason_code, u.unread
FROM uploads u JOIN papers p USING (file_id)
WHERE u.owner = %(person)s AND p.collections && %(uploads)s::integer[]
  AND (u.state = 'failed' OR (u.content IS NULL AND u.unread <> '[]' AND u.updated_at > now() - interval '1 day'))
ORDER BY u.updated_at DESC, u.file_id LIMIT %(most)s

-- name: any_restricted
SELECT EXISTS (SELECT FROM collections WHERE groups IS NOT NULL)

-- name: readable_collections
SELECT c.name, count(m.paper_id), c.groups FROM collections c LEFT JOIN memberships m ON m.collection_id = c.id
WHERE c.kind <> 'file' AND c.id = ANY(%(readable)s) GROUP BY c.id ORDER BY c.id

-- name: set_groups
UPDATE collections SET groups = %(groups)s::text[] WHERE kind = 'library' AND name = %(name)s

-- name: also_open
-- Papers of a collection that others may read in another one.
SELECT count(DISTINCT m.paper_id)
FROM memberships m
JOIN collections c ON c.id = m.collection_id AND c.kind = 'library' AND c.name = %(name)s
JOIN memberships o ON o.paper_id = m.paper_id
JOIN collections other ON other.id = o.collection_id
WHERE other.groups IS DISTINCT FROM c.groups

-- name: add_key
INSERT INTO api_keys (name, hash) VALUES (%(name)s, %(hash)s) ON CONFLICT DO NOTHING RETURNING id

-- name: add_key_collections
INSERT INTO api_key_collections (api_key_id, collection_id)
SELECT k.id, c.id FROM api_keys k, collections c
WHERE k.hash = %(hash)s AND c.kind = 'library' AND c.name = ANY(%(collections)s)

-- name: keys
SELECT k.name, coalesce(array_agg(c.name ORDER BY c.id) FILTER (WHERE c.id IS NOT NULL), '{{}}'), k.created_at, k.revoked_at
FROM api_keys k
LEFT JOIN api_key_collections s ON s.api_key_id = k.id
LEFT JOIN collections c ON c.id = s.collection_id
GROUP BY k.id ORDER BY k.id

-- name: revoke_key
UPDATE api_keys SET revoked_at = now() WHERE name = %(name)s AND revoked_at IS NULL RETURNING id

-- name: scope_of_key
SELECT coalesce((SELECT array_agg(s.collection_id ORDER BY s.collection_id) FROM api_key_collections s WHERE s.api_key_id = k.id), '{{}}'),
       (SELECT count(*) FROM (
           SELECT FROM memberships m JOIN api_key_collections s USING (collection_id) WHERE s.api_key_id = k.id LIMIT %(most)s
       ) few)
FROM api_keys k WHERE k.hash = %(hash)s AND k.revoked_at IS NULL
