-- What is still to be done for uploads. A job's row goes in the transaction that writes what it has done.

CREATE TABLE jobs (
    -- Half of an advisory lock's key: whoever works on the job holds the lock, and a process that dies lets go of it.
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- embed: the vectors that are missing; read: the pages that are still to be read.
    task       text NOT NULL CHECK (task IN ('embed', 'read')),
    file_id    text NOT NULL REFERENCES uploads ON DELETE CASCADE,
    due_at     timestamptz NOT NULL,
    -- How often it was begun since it last came to an end, good or bad: more than one begin means that a process died.
    begun      integer NOT NULL DEFAULT 0,
    failures   integer NOT NULL DEFAULT 0,
    parked     boolean NOT NULL DEFAULT false,
    -- Why it failed or waits.
    reason     text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (file_id, task)
);
CREATE INDEX jobs_due ON jobs (task, due_at) WHERE NOT parked;

CREATE INDEX papers_owner ON papers (owner) WHERE owner IS NOT NULL;
