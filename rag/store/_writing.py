"""One batch of records into the tables: what is new, what changed, what is the same work as a paper already there."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pgvector import HalfVector

from rag.papers import SAMPLE, PaperId, PaperRecord, paper_id, work_key, work_names
from rag.store._connection import Connection
from rag.store._passages import Passages, PassageWriter
from rag.store._queries import Queries
from rag.store._stems import StemWriter, Text
from rag.text import family_key, fold, person_key

if TYPE_CHECKING:
    from rag.store._library import Embedded

_PAPER_TYPES = [
    *("int8", "text", "text", "text", "text[]", "text[]", "int2", "text"),
    *("text", "text", "text", "text", "text", "text[]", "text", "bytea"),
]


@dataclass(slots=True)
class Counts:
    """What became of a batch's records."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass(slots=True)
class _Plan:
    """The batch sorted by what is to be done: keys are those of papers."""

    new: "list[Embedded]" = field(default_factory=list)
    joining: "list[tuple[int, Embedded]]" = field(default_factory=list)
    changed: "list[tuple[int, Embedded]]" = field(default_factory=list)


class BatchWriter:
    """Writes one batch inside the transaction of ``connection``."""

    def __init__(self, connection: Connection, queries: Queries, stems: StemWriter) -> None:
        self._connection = connection
        self._queries = queries
        self._stems = stems
        self._passages = PassageWriter(queries)

    async def write(self, collection: str, batch: "Sequence[Embedded]") -> Counts:
        """Write records with distinct source ids."""
        collection_id = (await self._all("ensure_collection", name=collection))[0][0]
        plan, unchanged = await self._plan(collection, collection_id, batch)
        texts: dict[int, Text] = {}
        texts.update(await self._insert(collection, collection_id, plan.new))
        texts.update(await self._join(collection_id, plan.joining))
        # Left before and joined afterwards: the groups of a record are no other records of its paper.
        await self._run("leave_groups", prefix=f"{collection}/", source_ids=[item.record.source_id for _, item in plan.changed])
        texts.update(await self._update(collection_id, plan.changed))
        await self._group(collection, collection_id, [*plan.new, *(item for _, item in (*plan.joining, *plan.changed))])
        await self._stems.write(self._connection, texts)
        return Counts(len(plan.new) + len(plan.joining), len(plan.changed), unchanged)

    async def _plan(self, collection: str, collection_id: int, batch: "Sequence[Embedded]") -> tuple[_Plan, int]:
        rows = await self._all("known_records", collection=collection, source_ids=[item.record.source_id for item in batch])
        known = {source_id: (key, bytes(record_hash)) for source_id, key, record_hash in rows}
        unknown = [item for item in batch if item.record.source_id not in known]
        works = await self._same_works(collection_id, [item.record for item in unknown])
        plan, unchanged = _Plan(), 0
        taken: set[int] = set()
        for item in batch:
            if item.record.source_id in known:
                key, record_hash = known[item.record.source_id]
                if record_hash == item.record.content_hash():
                    unchanged += 1
                else:
                    plan.changed.append((key, item))
                continue
            # Records of one collection stay rows of their own: a paper is joined once in a batch.
            same = (key for name in record_names(item.record) for key in works.get(name, ()) if key not in taken)
            match = next(same, None)
            if match is None:
                plan.new.append(item)
            else:
                taken.add(match)
                plan.joining.append((match, item))
        return plan, unchanged

    async def _same_works(self, collection_id: int, records: Sequence[PaperRecord]) -> dict[str, list[int]]:
        """Name of a work ('doi …', 'arxiv …', 'work …') → keys of the papers that bear it, oldest first."""
        rows = await self._all(
            "same_works",
            collection_id=collection_id,
            dois=[r.doi for r in records if r.doi],
            arxiv_ids=[r.arxiv_id for r in records if r.arxiv_id],
            work_keys=[key for key in map(work_key, records) if key],
        )
        works: dict[str, list[int]] = {}
        for key, doi, arxiv_id, title in rows:
            for name in work_names(doi, arxiv_id, title):
                works.setdefault(name, []).append(key)
        return works

    async def _insert(self, collection: str, collection_id: int, items: "Sequence[Embedded]") -> dict[int, Text]:
        if not items:
            return {}
        keys = [row[0] for row in await self._all("new_paper_keys", n=len(items))]
        public_ids = await self._public_ids(collection, [item.record.source_id for item in items])
        # First the memberships: a paper's row takes its collections from them.
        await self._add_members(collection_id, list(zip(keys, items, strict=True)))
        await self._copy(
            "copy_papers",
            _PAPER_TYPES,
            [
                (key, public_id, *paper_columns(item.record).values())
                for key, public_id, item in zip(keys, public_ids, items, strict=True)
            ],
        )
        await self._copy(
            "copy_paper_vectors",
            ["int8", "bytea", "halfvec"],
            [(key, item.text_hash, HalfVector(item.embedding)) for key, item in zip(keys, items, strict=True)],
        )
        await self._passages.write(self._connection, [Passages.of(key, item) for key, item in zip(keys, items, strict=True)])
        return {key: _text(item.record) for key, item in zip(keys, items, strict=True)}

    async def _public_ids(self, collection: str, source_ids: Sequence[str]) -> list[PaperId]:
        ids = [paper_id(collection, source_id) for source_id in source_ids]
        taken = {row[0] for row in await self._all("taken_public_ids", public_ids=ids)}
        salt = 0
        while taken:
            # The paper first seen under this name has since left the collection but lives on in another.
            salt += 1
            ids = [
                paper_id(collection, f"{source_id}\0{salt}") if given in taken else given
                for given, source_id in zip(ids, source_ids, strict=True)
            ]
            taken = {row[0] for row in await self._all("taken_public_ids", public_ids=ids)}
        return ids

    async def _join(self, collection_id: int, pairs: "Sequence[tuple[int, Embedded]]") -> dict[int, Text]:
        texts: dict[int, Text] = {}
        for key, item in pairs:
            rows = await self._all("fill_in_paper", id=key, sample=SAMPLE, **paper_columns(item.record))
            if rows[0][0]:
                await self._replace_text(key, item)
                texts[key] = (item.record.title, item.record.abstract, rows[0][2])
            if rows[0][1]:
                await self._passages.write(self._connection, [Passages.of(key, item)])
        await self._add_members(collection_id, pairs)
        return texts

    async def _update(self, collection_id: int, pairs: "Sequence[tuple[int, Embedded]]") -> dict[int, Text]:
        texts: dict[int, Text] = {}
        for key, item in pairs:
            rows = await self._all("update_paper", id=key, collection_id=collection_id, **paper_columns(item.record))
            if rows[0][0]:
                await self._replace_text(key, item)
                texts[key] = _text(item.record)
            if item.record.passages or not rows[0][1]:
                await self._passages.replace(self._connection, Passages.of(key, item))
            await self._run(
                "replace_record_hash",
                collection_id=collection_id,
                source_id=item.record.source_id,
                record_hash=item.record.content_hash(),
            )
        return texts

    async def _replace_text(self, key: int, item: "Embedded") -> None:
        vector = HalfVector(item.embedding)
        await self._run("replace_paper_vector", id=key, text_hash=item.text_hash, embedding=vector)
        await self._stems.remove(self._connection, [key])

    async def _add_members(self, collection_id: int, pairs: "Sequence[tuple[int, Embedded]]") -> None:
        rows = [(collection_id, item.record.source_id, key, item.record.content_hash()) for key, item in pairs]
        if rows:
            await self._copy("copy_memberships", ["int4", "text", "int8", "bytea"], rows)

    async def _group(self, collection: str, collection_id: int, items: "Sequence[Embedded]") -> None:
        """Put the records into the collections of their groups: 'library/Reading'."""
        grouped = [(f"{collection}/{group}", item.record.source_id) for item in items for group in item.record.groups]
        if grouped:
            names, source_ids = [name for name, _ in grouped], [source_id for _, source_id in grouped]
            await self._run("ensure_groups", names=names, collection_id=collection_id)
            await self._run("join_groups", names=names, source_ids=source_ids, collection_id=collection_id)

    async def _copy(self, query: str, types: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
        async with self._connection.cursor().copy(self._queries.get(query)) as copy:
            copy.set_types(types)
            for row in rows:
                await copy.write_row(row)

    async def _all(self, query: str, **parameters: Any) -> list[tuple[Any, ...]]:
        cursor = await self._connection.execute(self._queries.get(query), parameters)
        return await cursor.fetchall()

    async def _run(self, query: str, **parameters: Any) -> None:
        await self._connection.execute(self._queries.get(query), parameters)


def _text(record: PaperRecord) -> Text:
    return record.title, record.abstract, record.keywords


def author_keys(authors: Sequence[str]) -> list[str]:
    """The folded names a paper is found by: 'geoffrey e hinton', 'geoffrey hinton', 'g hinton', 'hinton'."""
    keys: dict[str, None] = {}
    for author in authors:
        full, family = person_key(author), family_key(author)
        given = full.removesuffix(family).split()
        for key in (full, family, *((f"{given[0]} {family}", f"{given[0][0]} {family}") if given else ())):
            if key:
                keys[key] = None
    return list(keys)


def record_names(record: PaperRecord) -> list[str]:
    """The names of the record's work."""
    return work_names(record.doi, record.arxiv_id, work_key(record))


def text_hash(title: str, abstract: str) -> bytes:
    """Of the text that a paper's vector stands for."""
    return hashlib.sha256(f"{title}\0{abstract}".encode()).digest()


def paper_columns(record: PaperRecord) -> dict[str, Any]:
    """The columns of ``papers`` after the two ids, in the order of ``copy_papers``."""
    return {
        "title": record.title,
        "abstract": record.abstract,
        "authors": record.authors,
        "author_keys": author_keys(record.authors),
        "year": record.year,
        "venue": record.venue,
        "venue_key": fold(record.venue),
        "doi": record.doi,
        "arxiv_id": record.arxiv_id,
        "url": record.url,
        "language": record.language,
        "keywords": record.keywords,
        "work_key": work_key(record),
        "content_hash": record.content_hash(),
    }
