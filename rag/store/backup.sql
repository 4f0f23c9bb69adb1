-- Statements for backups: tables are copied whole, in the order of their keys, so that two copies of the same rows are the same bytes.

-- name: backup_tables
-- Tables of the schema with the columns that hold data of their own and the columns of their key.
SELECT c.relname,
       (SELECT array_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
       (SELECT array_agg(a.attname ORDER BY array_position(i.indkey::smallint[], a.attnum)) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum = ANY(i.indkey)),
       (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped)
FROM pg_class c JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = 'paper_finder'::regnamespace AND c.relkind = 'r'
ORDER BY c.relname

-- name: backup_out
COPY (SELECT {columns} FROM {table} ORDER BY {key}) TO STDOUT (FORMAT binary)

-- name: backup_in
COPY {table} ({columns}) FROM STDIN (FORMAT binary)

-- name: every_space
SELECT id, model, dimensions, indexed, active FROM embedding_spaces ORDER BY id

-- name: backup_migration
SELECT max(number) FROM migrations

-- name: library_is_there
SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'paper_finder' AND tablename = 'papers')

-- name: library_is_used
SELECT EXISTS (SELECT FROM paper_finder.papers) OR EXISTS (SELECT FROM paper_finder.collections)
       OR EXISTS (SELECT FROM paper_finder.uploads)

-- name: drop_empty_library
DROP SCHEMA paper_finder CASCADE

-- name: next_space
ALTER TABLE embedding_spaces ALTER COLUMN id RESTART WITH {id}

-- name: new_space
SELECT create_embedding_space(%(model)s, %(dimensions)s, %(indexed)s)

-- name: drop_index_of_restore
DROP INDEX IF EXISTS {index}

-- name: clear_table
DELETE FROM {table}

-- name: go_on_counting
SELECT setval(pg_get_serial_sequence(%(table)s, %(column)s), coalesce((SELECT max({column}) FROM {table}), 0) + 1, false)
