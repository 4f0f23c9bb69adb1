"""The lexical side of writing papers: stem numbers, document frequencies and BM25 rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rag.store._connection import Connection
from rag.store._lexical import reweighed, saturations, term_counts
from rag.store._queries import Queries

Text = tuple[str, str, Sequence[str]]
"""A title, an abstract and keywords."""
_USUAL_MEAN = 120.0
"""Tokens of a title, counted twice, and an abstract."""


class StemWriter:
    """Numbers stems and writes papers' BM25 rows; remembers the numbers, which never change once committed."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._ids: dict[str, int] = {}

    async def write(self, connection: Connection, texts: Mapping[int, Text], *, counted: bool = True) -> None:
        """Write rows for papers (key → text) that have none, and count their stems and lengths.

        Uploads are not counted: frequencies would tell everybody of their words.
        """
        if not texts:
            return
        bags = {key: term_counts(*text) for key, text in texts.items()}
        await self._number(connection, {stem for bag in bags.values() for stem in bag})
        numbered = {key: {self._ids[stem]: n for stem, n in bag.items()} for key, bag in bags.items()}
        if counted:
            tokens = sum(sum(bag.values()) for bag in numbered.values())
            mean = await self._count(connection, Counter(i for bag in numbered.values() for i in bag), len(numbered), tokens)
        else:
            mean = await self._mean(connection)
        async with connection.cursor().copy(self._queries.get("copy_paper_stems")) as copy:
            copy.set_types(["int8", "int4", "float8", "int4[]", "sparsevec"])
            for key, bag in numbered.items():
                await copy.write_row((key, sum(bag.values()), mean, sorted(bag), saturations(bag, mean)))

    async def remove(self, connection: Connection, keys: list[int]) -> None:
        """Delete the rows of papers and take them out of the counts."""
        if not keys:
            return
        cursor = await connection.execute(self._queries.get("paper_stems"), {"keys": keys})
        rows = await cursor.fetchall()
        await connection.execute(self._queries.get("delete_paper_stems"), {"keys": keys})
        gone = Counter(stem for _, stems in rows for stem in stems)
        await self._count(connection, {stem: -n for stem, n in gone.items()}, -len(rows), -sum(length for length, _ in rows))

    async def reweigh(self, connection: Connection, after: int, most: int) -> int | None:
        """Compute up to ``most`` rows anew that were computed with another mean length than that of now, and lie after a key; the
        last one's key, None when there is no such row any more.
        """
        cursor = await connection.execute(self._queries.get("stems_to_weigh"), {"after": after, "n": most})
        rows = await cursor.fetchall()
        changed = [
            {"id": key, "weights": reweighed(weights, length, before, mean), "mean": mean}
            for key, length, weights, before, mean in rows
        ]
        await connection.cursor().executemany(self._queries.get("reweigh"), changed)
        return rows[-1][0] if rows else None

    def forget(self) -> None:
        """Drop the remembered numbers after a transaction was rolled back."""
        self._ids.clear()

    async def _number(self, connection: Connection, stems: Iterable[str]) -> None:
        missing = sorted(stem for stem in stems if stem not in self._ids)
        for query in ("stem_ids", "add_stems"):
            if missing:
                cursor = await connection.execute(self._queries.get(query), {"stems": missing})
                self._ids.update(dict(await cursor.fetchall()))
                missing = [stem for stem in missing if stem not in self._ids]

    async def _count(self, connection: Connection, stems: Mapping[int, int], papers: int, tokens: int) -> float:
        ids = sorted(stems)
        await connection.execute(self._queries.get("count_stems"), {"ids": ids, "counts": [stems[i] for i in ids]})
        mean = tokens / papers if papers > 0 else None
        cursor = await connection.execute(self._queries.get("count_lengths"), {"papers": papers, "tokens": tokens, "mean": mean})
        row = await cursor.fetchone()
        return float(row[0]) if row and row[0] is not None else 1.0

    async def _mean(self, connection: Connection) -> float:
        """The mean length that rows are weighed with; a usual one until the library has papers, which is put right then."""
        row = await (await connection.execute(self._queries.get("lexical_statistics"))).fetchone()
        if row and row[2] is not None:
            return float(row[2])
        await connection.execute(self._queries.get("keep_mean_length"), {"mean": _USUAL_MEAN})
        return _USUAL_MEAN
