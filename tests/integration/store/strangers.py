"""Uploads of strangers, written past the parser: copies of the library's papers, each with a passage."""

from psycopg import AsyncClientCursor

from rag.store import Database

COPY = """
    INSERT INTO collections (name, kind, webui_id) VALUES ('base', 'knowledge', %(base)s);
    INSERT INTO uploads (file_id, owner, name, content_hash, state, page_count, pages_read, pages)
    SELECT %(base)s || i, 'owner', 'a.pdf', '', 'ready', 1, 1, '{}' FROM generate_series(1, %(n)s) i;
    CREATE TEMP TABLE twins ON COMMIT DROP AS
    SELECT i, nextval(pg_get_serial_sequence('paper_finder.papers', 'id')) AS id, p.id AS twin
    FROM generate_series(1, %(n)s) i JOIN (
        SELECT id, row_number() OVER (ORDER BY id) AS place, count(*) OVER () AS papers FROM papers WHERE file_id IS NULL
    ) p ON p.place = 1 + i %% p.papers;
    INSERT INTO memberships (collection_id, source_id, paper_id, record_hash)
    SELECT c.id, %(base)s || t.i, t.id, '' FROM twins t, collections c WHERE c.webui_id = %(base)s;
    INSERT INTO papers (id, public_id, title, content_hash, owner, file_id) OVERRIDING SYSTEM VALUE
    SELECT t.id, %(base)s || t.i, p.title, '', 'owner', %(base)s || t.i FROM twins t JOIN papers p ON p.id = t.twin;
    INSERT INTO paper_vectors_1 (paper_id, text_hash, embedding)
    SELECT t.id, v.text_hash, v.embedding FROM twins t JOIN paper_vectors_1 v ON v.paper_id = t.twin;
    INSERT INTO paper_stems (paper_id, length, mean_length, stems, weights)
    SELECT t.id, s.length, s.mean_length, s.stems, s.weights FROM twins t JOIN paper_stems s ON s.paper_id = t.twin;
    INSERT INTO passages (paper_id, ordinal, page, text) SELECT id, 0, 0, 'A passage.' FROM twins;
    INSERT INTO passage_vectors_1 (passage_id, paper_id, embedding)
    SELECT s.id, t.id, v.embedding FROM twins t JOIN passages s ON s.paper_id = t.id JOIN paper_vectors_1 v ON v.paper_id = t.twin
"""


async def upload_copies(database: Database, base: str, n: int) -> None:
    """Put ``n`` uploads into a new knowledge base of that id."""
    async with database.connection() as connection:
        cursor = AsyncClientCursor(connection)
        await cursor.execute(COPY.encode(), {"base": base, "n": n})
