-- Statements for changing the model: a second space filled beside the active one, and the switch.

-- name: spaces
SELECT id, model, dimensions, active, endpoint FROM paper_finder.embedding_spaces ORDER BY id

-- name: active_space
SELECT id, model, dimensions, indexed FROM paper_finder.embedding_spaces WHERE active

-- name: make_space
-- Of the model in that size; the one that is there already, if it is.
WITH made AS (
    SELECT create_embedding_space(%(model)s, %(dimensions)s, %(indexed)s) AS id, %(indexed)s::integer AS indexed
    WHERE NOT EXISTS (SELECT FROM embedding_spaces WHERE model = %(model)s AND dimensions = %(dimensions)s)
)
SELECT id, indexed FROM made UNION ALL SELECT id, indexed FROM embedding_spaces WHERE model = %(model)s AND dimensions = %(dimensions)s

-- name: set_endpoint
UPDATE embedding_spaces SET endpoint = %(endpoint)s WHERE id = %(id)s

-- name: texts_to_reembed
-- How many papers and passages have a vector in the old space and none, or one of other words, in the new.
SELECT (
    SELECT count(*) FROM {old_paper_vectors} o LEFT JOIN {paper_vectors} v USING (paper_id)
    WHERE v.paper_id IS NULL OR v.text_hash <> o.text_hash
), (
    SELECT count(*) FROM {old_passage_vectors} o LEFT JOIN {passage_vectors} v USING (passage_id) WHERE v.passage_id IS NULL
)

-- name: papers_to_reembed
SELECT p.id, p.title, p.abstract, o.text_hash
FROM {old_paper_vectors} o JOIN papers p ON p.id = o.paper_id LEFT JOIN {paper_vectors} v ON v.paper_id = o.paper_id
WHERE o.paper_id > %(after)s AND (v.paper_id IS NULL OR v.text_hash <> o.text_hash)
ORDER BY o.paper_id LIMIT %(n)s

-- name: passages_to_reembed
SELECT s.id, p.title, s.text, s.page, s.section
FROM {old_passage_vectors} o JOIN passages s ON s.id = o.passage_id JOIN papers p ON p.id = s.paper_id
LEFT JOIN {passage_vectors} v ON v.passage_id = o.passage_id
WHERE o.passage_id > %(after)s AND v.passage_id IS NULL
ORDER BY o.passage_id LIMIT %(n)s

-- name: put_paper_vector
-- Nothing, when the paper is gone or has other words by now.
INSERT INTO {paper_vectors} (paper_id, text_hash, embedding)
SELECT id, %(text_hash)s, %(embedding)s FROM papers WHERE id = %(id)s AND title = %(title)s AND abstract = %(abstract)s
ON CONFLICT (paper_id) DO UPDATE SET text_hash = excluded.text_hash, embedding = excluded.embedding

-- name: put_index_aside
-- It answers until its successor is built.
ALTER INDEX IF EXISTS {index} RENAME TO {former}

-- name: drop_former_index
DROP INDEX IF EXISTS {former}

-- name: set_indexed
UPDATE embedding_spaces SET indexed = %(indexed)s WHERE id = %(id)s

-- name: hold_old_vectors
-- Nobody writes to them until this transaction ends; everybody reads.
LOCK TABLE {old_paper_vectors}, {old_passage_vectors} IN SHARE ROW EXCLUSIVE MODE

-- name: retire_space
UPDATE embedding_spaces SET active = false WHERE active

-- name: activate_space
UPDATE embedding_spaces SET active = true WHERE id = %(id)s

-- name: tell_of_switch
SELECT pg_notify('paper_finder_space', %(id)s::text)

-- name: listen_for_switch
LISTEN paper_finder_space

-- name: users_of_space
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = %(name)s

-- name: drop_space_tables
DROP TABLE {old_paper_vectors}, {old_passage_vectors}

-- name: forget_space
DELETE FROM embedding_spaces WHERE id = %(id)s AND NOT active
