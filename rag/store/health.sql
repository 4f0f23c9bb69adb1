-- Statements of the doctor: what the database is, and whether its indexes do what they are for.

-- name: versions
SELECT current_setting('server_version_num')::integer, current_setting('server_version'),
       (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
       (SELECT default_version FROM pg_available_extensions WHERE name = 'vector'),
       pg_database_size(current_database())

-- name: applied_migrations
SELECT number, checksum FROM paper_finder.migrations ORDER BY number

-- name: broken_indexes
SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'paper_finder'::regnamespace AND NOT (i.indisvalid AND i.indisready) ORDER BY c.relname

-- name: index_sizes
SELECT relname, pg_relation_size(oid) FROM pg_class
WHERE relnamespace = 'paper_finder'::regnamespace AND relname = ANY(%(names)s)

-- name: vector_counts
-- Papers, those of them without a vector, passages, those of them without.
SELECT (SELECT count(*) FROM papers),
       (SELECT count(*) FROM papers p WHERE NOT EXISTS (SELECT FROM {paper_vectors} v WHERE v.paper_id = p.id)),
       (SELECT count(*) FROM passages),
       (SELECT count(*) FROM passages p WHERE NOT EXISTS (SELECT FROM {passage_vectors} v WHERE v.passage_id = p.id))

-- name: found_by_own_vector
-- Of up to %(n)s papers from all over the library: how many there are, and how many the index finds by their own vector.
WITH sample AS MATERIALIZED (
    SELECT embedding FROM {paper_vectors}
    WHERE NOT uploaded AND paper_id %% (SELECT greatest(count(*) / %(n)s, 1) FROM {paper_vectors}) = 0 LIMIT %(n)s
)
SELECT count(*), count(*) FILTER (WHERE nearest.distance < 0.001)
FROM sample s CROSS JOIN LATERAL (
    SELECT v.embedding <=> s.embedding AS distance FROM {paper_vectors} v WHERE NOT v.uploaded
    ORDER BY {indexed} <=> {sampled_in_index} LIMIT 1
) nearest

-- name: replica_state
-- Seconds that a replica is behind, NULL on a primary or one that receives nothing; and the space that it knows as the active one.
SELECT CASE
           WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() IS NULL THEN NULL
           WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver) THEN 0
           ELSE extract(epoch FROM now() - pg_last_xact_replay_timestamp())
       END::double precision,
       (SELECT id FROM paper_finder.embedding_spaces WHERE active)

-- name: spaces_beside
-- Those that are not in use: model, dimensions, bytes.
SELECT model, dimensions, (
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
    WHERE c.relnamespace = 'paper_finder'::regnamespace AND c.relname IN ('paper_vectors_' || s.id, 'passage_vectors_' || s.id)
)::bigint
FROM paper_finder.embedding_spaces s WHERE NOT active ORDER BY id
