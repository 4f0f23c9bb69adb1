-- The library: papers, their passages, the collections they belong to.

CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public;

CREATE TABLE papers (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id    text NOT NULL UNIQUE,
    title        text NOT NULL,
    abstract     text NOT NULL DEFAULT '',
    authors      text[] NOT NULL DEFAULT '{}',
    -- Folded full names and family names, for "by Hinton".
    author_keys  text[] NOT NULL DEFAULT '{}',
    year         smallint,
    venue        text NOT NULL DEFAULT '',
    venue_key    text NOT NULL DEFAULT '',
    doi          text NOT NULL DEFAULT '',
    arxiv_id     text NOT NULL DEFAULT '',
    url          text NOT NULL DEFAULT '',
    language     text NOT NULL DEFAULT '',
    keywords     text[] NOT NULL DEFAULT '{}',
    -- Title, first author and year, folded; empty unless all three are known.
    work_key     text NOT NULL DEFAULT '',
    content_hash bytea NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX papers_year ON papers (year);
CREATE INDEX papers_author_keys ON papers USING gin (author_keys);
CREATE INDEX papers_venue_key ON papers (venue_key) WHERE venue_key <> '';
CREATE INDEX papers_doi ON papers (doi) WHERE doi <> '';
CREATE INDEX papers_arxiv_id ON papers (arxiv_id) WHERE arxiv_id <> '';
CREATE INDEX papers_work_key ON papers (work_key) WHERE work_key <> '';

CREATE TABLE passages (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    paper_id bigint NOT NULL REFERENCES papers ON DELETE CASCADE,
    ordinal  integer NOT NULL,
    -- 0-based; NULL where the text has no pages.
    page     integer,
    section  text NOT NULL DEFAULT '',
    text     text NOT NULL,
    UNIQUE (paper_id, ordinal)
);

CREATE TABLE collections (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE memberships (
    collection_id integer NOT NULL REFERENCES collections ON DELETE CASCADE,
    source_id     text NOT NULL,
    paper_id      bigint NOT NULL REFERENCES papers ON DELETE CASCADE,
    -- Of the record as it came, so that the same record again changes nothing.
    record_hash   bytea NOT NULL,
    PRIMARY KEY (collection_id, source_id)
);
CREATE INDEX memberships_paper_id ON memberships (paper_id);
