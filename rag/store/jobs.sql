-- Statements about jobs. Whoever works on a job holds the advisory lock (7809633, id) in a session of its own.

-- name: add_job
INSERT INTO jobs (task, file_id, due_at) VALUES (%(task)s, %(file_id)s, now())
ON CONFLICT (file_id, task) DO UPDATE SET due_at = now(), begun = 0, failures = 0, parked = false, reason = ''

-- name: drop_job
DELETE FROM jobs WHERE task = %(task)s AND file_id = %(file_id)s

-- name: wake_workers
SELECT pg_notify('paper_finder_jobs', '')

-- name: listen
LISTEN paper_finder_jobs

-- name: due_jobs
-- Those that nobody works on. Which that are is looked at again when the lock is held.
SELECT j.id FROM jobs j
WHERE j.task = ANY(%(tasks)s) AND NOT j.parked AND j.due_at <= %(now)s
  AND NOT EXISTS (SELECT FROM pg_locks l WHERE {is_lock_of_job})
ORDER BY j.due_at, j.id LIMIT 10

-- name: is_lock_of_job
l.locktype = 'advisory' AND l.classid = 7809633 AND l.objid = j.id AND l.objsubid = 2
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())

-- name: lock_job
SELECT pg_try_advisory_lock(7809633, %(id)s::integer)

-- name: unlock_job
SELECT pg_advisory_unlock(7809633, %(id)s::integer)

-- name: begin_job
UPDATE jobs SET begun = begun + 1 WHERE id = %(id)s AND NOT parked AND due_at <= %(now)s
RETURNING id, task, file_id, begun, failures

-- name: job
SELECT id, task, file_id, begun, failures FROM jobs WHERE id = %(id)s

-- name: next_due
SELECT min(due_at) FROM jobs WHERE task = ANY(%(tasks)s) AND NOT parked

-- name: hold_job
-- Held to the end of the transaction: of two that finish the same job, the second finds nothing to do.
SELECT id FROM jobs WHERE id = %(id)s FOR UPDATE

-- name: finish_job
DELETE FROM jobs WHERE id = %(id)s

-- name: postpone_job
-- This beginning has come to its end; those that a process died at have not.
UPDATE jobs SET due_at = %(due_at)s, failures = %(failures)s, reason = %(reason)s, begun = greatest(begun - 1, 0) WHERE id = %(id)s

-- name: continue_job
UPDATE jobs SET due_at = now(), failures = 0, reason = '', begun = 0 WHERE id = %(id)s

-- name: park_job
WITH parked AS (
    UPDATE jobs SET parked = true, failures = %(failures)s, reason = %(reason)s, begun = greatest(begun - 1, 0)
    WHERE id = %(id)s RETURNING file_id
)
UPDATE uploads u SET state = 'failed', reason = %(reason)s, reason_code = %(code)s, updated_at = now() FROM parked p WHERE u.file_id = p.file_id

-- name: retry_job
WITH again AS (
    UPDATE jobs SET parked = false, failures = 0, reason = '', due_at = now()
    WHERE parked AND (%(id)s::integer IS NULL OR id = %(id)s) RETURNING file_id
)
UPDATE uploads u SET state = CASE WHEN u.content IS NULL THEN 'embedding' ELSE 'reading' END, reason = '', updated_at = now()
FROM again a WHERE u.file_id = a.file_id
RETURNING u.file_id

-- name: jobs
SELECT j.id, j.task, j.file_id, u.name, CASE WHEN j.parked THEN 'parked' WHEN EXISTS (
           SELECT FROM pg_locks l WHERE {is_lock_of_job}) THEN 'running' ELSE 'queued' END,
       j.reason, j.failures, j.created_at, j.due_at, u.pages_read, u.page_count, made.passages, made.vectors
FROM jobs j JOIN uploads u USING (file_id)
CROSS JOIN LATERAL (
    SELECT count(s.id), count(v.passage_id) FROM papers p JOIN passages s ON s.paper_id = p.id
    LEFT JOIN {passage_vectors} v ON v.passage_id = s.id WHERE p.file_id = j.file_id
) made (passages, vectors)
ORDER BY j.created_at, j.id

-- name: job_states
SELECT CASE WHEN j.parked THEN 'parked' WHEN EXISTS (SELECT FROM pg_locks l WHERE {is_lock_of_job}) THEN 'running' ELSE 'queued' END,
       count(*)
FROM jobs j GROUP BY 1
