"""Finding the papers that an understanding asks for: by a search, in the list before, by name, among what is attached."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.assistant.citations import ranked
from rag.assistant.conversation import GREATEST_LIMIT, Intent, Meant, Source, Unclear, Understanding
from rag.assistant.services import Search, Shelf
from rag.papers import Filters, Hit, Paper, PaperId, Passage, Query, SearchResult
from rag.text import fold, normalised_title

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer will cite."""

    sources: list[Source]
    unknown: tuple[str, ...] = ()
    """Words of the question that the embedding model could not be told, and that stand in none of the sources."""


class Finder:
    """Finds with a search, and on a shelf, if there is one."""

    def __init__(self, search: Search, shelf: Shelf | None) -> None:
        self._search = search
        self._shelf = shelf

    async def found(self, understanding: Understanding) -> Found:
        """What the answer will cite: nothing, unless the best paper is about the topic."""
        query = understanding.query()
        if not query.text and self._shelf is not None:
            return Found(await self._all(understanding, self._shelf))
        result = await self._search(replace(query, limit=query.limit + len(understanding.seen)))
        if understanding.topic and not result.confident:
            return Found([], result.unknown)
        # Without a topic the limits are the whole question, and whatever meets them fits wholly.
        hits = result.hits if understanding.topic else [replace(whole(hit.paper), versions=hit.versions) for hit in result.hits]
        seen = set(understanding.seen)
        sources = list(ranked([hit for hit in hits if hit.paper.id not in seen][: understanding.limit]))
        return Found(sources, _unseen(result))

    async def _all(self, understanding: Understanding, shelf: Shelf) -> list[Source]:
        """What is within the limits, when they are the whole question and no search could be made for it."""
        filters, papers = understanding.query().filters, list[Paper]()
        if filters.among:
            newest = await shelf.newest(filters, understanding.limit + len(understanding.seen))
            unseen = [paper for paper in newest if paper.id not in understanding.seen]
            return list(ranked(map(whole, unseen[: understanding.limit])))
        async for paper in shelf.all(filters):
            if paper.id not in understanding.seen:
                papers.append(paper)
            if len(papers) == understanding.limit:
                break
        return list(ranked(map(whole, papers)))

    async def sources(self, understanding: Understanding) -> list[Source]:
        """The same without the words."""
        return (await self.found(understanding)).sources

    async def again(self, understanding: Understanding) -> dict[PaperId, Hit]:
        """What the question finds now, by id, also beyond what was listed."""
        result = await self._search(replace(understanding.query(), limit=max(GREATEST_LIMIT, 2 * understanding.listed)))
        return {hit.paper.id: hit for hit in result.hits}

    async def attached(self, meant: Meant) -> Meant:
        """What is meant, with the papers that are attached to the chat where these are meant."""
        if not meant.attached:
            return meant
        if self._shelf is not None and (files := await self._shelf.attached()):
            return Meant(tuple(paper.id for paper in files))
        nothing = not meant.papers and meant.unclear is None
        return replace(meant, attached=False, unclear=Unclear.NOTHING_ATTACHED if nothing else meant.unclear)

    async def papers(self, understanding: Understanding, meant: Meant) -> tuple[list[Paper], list[str]]:
        """The papers that are meant, and the names under which there is none."""
        if self._shelf is None or not meant.any:
            return [], []
        ids = [*meant.papers, *await self._listed(understanding, meant.places)]
        papers = await self._shelf.papers(ids)
        missing: list[str] = []
        for name in meant.names:
            found = await self._named(name)
            papers += found
            missing += [] if found else [name]
        return list({paper.id: paper for paper in papers}.values()), missing

    async def _listed(self, understanding: Understanding, places: Sequence[int]) -> list[PaperId]:
        """The papers in these places of the list before, made again where the conversation does not contain it."""
        if not places:
            return []
        sources = await self.sources(replace(understanding, intent=Intent.FIND, seen=()))
        ids = [source.hit.paper.id for source in sources]
        return [ids[place - 1 if place > 0 else place] for place in places if -len(ids) <= place <= len(ids)]

    async def _named(self, name: str) -> list[Paper]:
        """The paper of this DOI, arXiv id or title; its title may be shortened to what stands before the colon."""
        if self._shelf is not None and (found := await self._shelf.identified(name)):
            return found[:1]
        wanted = normalised_title(name)
        result = await self._search(Query(name, Filters(), _NAMED))
        titles = [(hit.paper, normalised_title(hit.paper.title)) for hit in result.hits]
        exact = [paper for paper, title in titles if title == wanted]
        shortened_title = [paper for paper, _ in titles if normalised_title(paper.title.partition(":")[0]) == wanted]
        return (exact or shortened_title)[:1]


def whole(paper: Paper) -> Hit:
    """A paper that was asked for by name or by its facts is wholly relevant; its text is its evidence."""
    return Hit(paper, 1.0, (Passage(paper.abstract or paper.title, 1.0),))


def _unseen(result: SearchResult) -> tuple[str, ...]:
    if not result.unknown:
        return ()
    texts = fold(" ".join(" ".join([hit.paper.title, hit.paper.abstract, *hit.paper.keywords]) for hit in result.hits))
    return tuple(word for word in result.unknown if word not in texts)
