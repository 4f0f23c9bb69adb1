"""The assistant: understand, search or look up, answer, cite."""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace

from rag.access import Scope, ScopeOf
from rag.assistant import about, counting, overview, pictures, places
from rag.assistant.answer import apology, item, limits, nothing, shortened, unclear, understood, unknown_words, without_search
from rag.assistant.citations import ranked
from rag.assistant.conversation import (
    ABOUT_PAPERS,
    GREATEST_LIMIT,
    LISTS,
    Event,
    Intent,
    Language,
    Meant,
    Picture,
    Source,
    Status,
    Text,
    Turn,
    Unclear,
    Understanding,
)
from rag.assistant.finder import Finder, whole
from rag.assistant.markdown import plain
from rag.assistant.messages import say
from rag.assistant.services import FileLink, Search, Shelf, Similar, Vectors
from rag.assistant.synthesis import Writer
from rag.assistant.understanding import understand
from rag.errors import PaperFinderError
from rag.papers import NO_OUTLINE, Filters, Paper
from rag.retrieval import question_stems

_logger = logging.getLogger(__name__)
_STATUS_TOPIC = 80
_MOST_ABOUT = {Intent.EXPORT: 200, Intent.COMPARE: 5}


class Assistant:
    """Answers turns of a conversation from what ``search`` finds and the ``shelf`` holds.

    All of them already know what the caller may see. Without ``similar`` or a ``shelf``, what needs them is refused in words.
    ``most``: papers in one answer at most. ``scope_of`` says what the caller may see, to be told. ``writer`` adds a language
    model's text over what was found; ``vectors`` place papers on a map; ``file_link`` says where
    an export is as a file.
    """

    def __init__(
        self,
        search: Search,
        *,
        similar: Similar | None = None,
        shelf: Shelf | None = None,
        most: int = GREATEST_LIMIT,
        scope_of: ScopeOf | None = None,
        writer: Writer | None = None,
        vectors: Vectors | None = None,
        file_link: FileLink | None = None,
    ) -> None:
        self._search = search
        self._finder = Finder(search, shelf)
        self._similar = similar
        self._shelf = shelf
        self._most = most
        self._scope_of = scope_of
        self._writer = writer
        self._vectors = vectors
        self._file_link = file_link

    async def answer(self, turn: Turn) -> AsyncIterator[Event]:
        """The events of an answer in the order to send them: a status at once, sources in rank order, a last status, text."""
        understanding = understand(turn.messages, turn.today)
        understanding = replace(understanding, limit=min(understanding.limit, self._most))
        if status := self._first_status(understanding):
            yield Status(status, done=False)
        if self._writer is not None:
            understanding = await self._writer.read(understanding, turn.messages, turn.today)
            understanding = replace(understanding, limit=min(understanding.limit, self._most))
        try:
            async for event in await self._events(understanding):
                yield event
            if understanding.intent in LISTS and (news := await self._news(turn, understanding.language)):
                yield Text(news)
        except PaperFinderError as error:
            _logger.warning("An answer failed: %s", error)
            yield Status(say("failed", understanding.language), done=True)
            yield Text(apology(error, understanding.language))

    async def _news(self, turn: Turn, language: Language) -> str:
        """What the person should know of the own uploads that were searched, unless this conversation has said it."""
        said = "".join(message.text for message in turn.messages if message.role == "assistant")
        return "".join(f"\n{note}\n" for note in places.notes(await self._scope(), language) if note not in said)

    def _first_status(self, understanding: Understanding) -> str:
        language = understanding.language
        if (understanding.meant.unclear and not understanding.meant.attached) or understanding.unlike.unclear:
            return ""
        if understanding.intent in LISTS:
            topic = shortened(understanding.query().text, _STATUS_TOPIC)
            if understanding.meant.any:
                return say("searching_similar", language)
            return say("searching", language, topic=topic) if topic else say("looking_up", language)
        if understanding.intent in (*ABOUT_PAPERS, Intent.COUNT, Intent.COLLECTIONS, Intent.MAP):
            return say("looking_up", language)
        return ""

    async def _events(self, understanding: Understanding) -> AsyncIterator[Event]:
        meant, alike = await self._finder.attached(understanding.meant), await self._finder.attached(understanding.alike)
        understanding = replace(understanding, meant=meant, alike=alike)
        understanding, unknown = await self._with_known_collections(understanding)
        if unknown:
            return _said(unknown, done=say("failed", understanding.language))
        if understanding.filters.among == "attached" and not (await self._scope()).files:
            understanding = replace(understanding, meant=Meant(unclear=Unclear.NOTHING_ATTACHED))
        if understanding.meant.unclear or understanding.unlike.unclear:
            return _said(unclear(understanding, understanding.listed))
        needs_shelf = understanding.intent in (*ABOUT_PAPERS, Intent.SIMILAR, Intent.COLLECTIONS) or understanding.meant.any
        if needs_shelf and self._shelf is None:
            return _said(say("not_here", understanding.language), done=say("failed", understanding.language))
        match understanding.intent:
            case Intent.FIND:
                return self._found(understanding)
            case Intent.MORE | Intent.SIMILAR:
                return self._alike(understanding) if understanding.meant.any else self._found(understanding)
            case Intent.COUNT:
                return self._counted(understanding)
            case Intent.COLLECTIONS:
                return self._collections(understanding)
            case Intent.MAP:
                return self._mapped(understanding)
            case intent if intent in ABOUT_PAPERS:
                return self._about(understanding)
            case _:
                return _said(without_search(understanding))

    async def _with_known_collections(self, understanding: Understanding) -> tuple[Understanding, str]:
        """With the collections asked for as they are spelled; and that one does not exist, and which do, or ''."""
        asked = understanding.filters.collections
        if not asked or self._shelf is None:
            return understanding, ""
        known = {name.casefold(): name for name, _ in await self._shelf.collections()}
        if unknown := [name for name in asked if name.casefold() not in known]:
            there = say("and", understanding.language).join(map(plain, known.values()))
            return understanding, say("no_collection", understanding.language, name=plain(unknown[0]), names=there) + "\n"
        spelled = [known[name.casefold()] for name in asked]
        return replace(understanding, filters=understanding.filters.model_copy(update={"collections": spelled})), ""

    # Lists

    async def _found(self, understanding: Understanding) -> AsyncIterator[Event]:
        found = await self._finder.found(understanding)
        sources = found.sources
        elsewhere = 0 if sources or understanding.seen else await self._found_without_limits(understanding)
        scope = await self._scope()
        opening, items = _list(understanding, sources, question_stems(understanding.topic), scope)
        for event in opening:
            yield event
        if found.unknown:
            yield Text(unknown_words(found.unknown, understanding.language))
        if sources:
            async for event in self._written(understanding, sources):
                yield event
            for event in items:
                yield event
            return
        if understanding.seen:
            yield Text(say("no_more", understanding.language) + "\n")
            return
        for piece in nothing(understanding, elsewhere, scope):
            yield Text(piece)

    async def _alike(self, understanding: Understanding) -> AsyncIterator[Event]:
        alike, missing = await self._finder.papers(understanding, understanding.meant)
        unlike, _ = await self._finder.papers(understanding, understanding.unlike)
        if not alike and understanding.meant.names:
            # A title that is not in the library is a topic like any other.
            topic = " ".join(understanding.meant.names)
            async for event in self._found(replace(understanding, intent=Intent.FIND, topic=topic, meant=Meant())):
                yield event
            return
        if missing or not alike or self._similar is None:
            yield Status(say("failed", understanding.language), done=True)
            yield Text(_missing(understanding, missing) if missing or not alike else say("not_here", understanding.language))
            return
        seen = len(understanding.seen)
        positives, negatives = [paper.id for paper in alike], [paper.id for paper in unlike]
        found = await self._similar(positives, negatives, understanding.query().filters, understanding.limit + seen)
        hits = [hit for hit in found if hit.paper.id not in {*understanding.seen, *positives, *negatives}]
        sources = list(ranked(hits[: understanding.limit]))
        stems = question_stems(" ".join(paper.title for paper in alike))
        titles = [paper.title for paper in alike], [paper.title for paper in unlike]
        opening, items = _list(understanding, sources, stems, await self._scope(), *titles)
        for event in (*opening, *items):
            yield event
        if not sources:
            yield Text(say("no_more" if seen else "nothing_similar", understanding.language) + "\n")

    async def _written(self, understanding: Understanding, sources: Sequence[Source]) -> AsyncIterator[Event]:
        """A language model's text over the sources, if there is a model and something to be asked."""
        if self._writer is None or not (understanding.topic or understanding.intent in ABOUT_PAPERS):
            return
        yield Status(say("model_writing", understanding.language, count=len(sources)), done=False)
        async with aclosing(self._writer.write(understanding, sources)) as pieces:
            async for piece in pieces:
                yield Text(piece)
        yield Status(_count(len(sources), understanding), done=True)

    async def _scope(self) -> Scope:
        return await self._scope_of() if self._scope_of else Scope()

    async def _found_without_limits(self, understanding: Understanding) -> int:
        if not understanding.limited or not understanding.topic:
            return 0
        return len(await self._finder.sources(understanding.without_limits()))

    # Single papers

    async def _about(self, understanding: Understanding) -> AsyncIterator[Event]:
        papers, missing = await self._finder.papers(understanding, understanding.meant)
        most = _MOST_ABOUT.get(understanding.intent, 5)
        papers = papers[:most]
        language = understanding.language
        gone = not {paper.id for paper in papers}.issuperset(understanding.meant.papers[:most])
        too_few = understanding.intent is Intent.COMPARE and len(papers) < 2 and not missing
        if not papers or too_few:
            yield Status(say("found_nothing", language), done=True)
            yield Text(say("compare_two", language) + "\n" if too_few and not gone else _missing(understanding, missing))
            return
        sources = [Source(rank, whole(paper)) for rank, paper in enumerate(papers, start=1)]
        for source in sources:
            yield source
        yield Status(say("found_one" if len(sources) == 1 else "found", language, count=len(sources)), done=True)
        if missing:
            yield Text(_missing(understanding, missing) + "\n")
        elif gone:
            yield Text(say("some_gone", language) + "\n\n")
        if understanding.intent in (Intent.COMPARE, Intent.SUMMARISE):
            async for event in self._written(understanding, sources):
                yield event
        async for text in self._texts(understanding, sources):
            yield Text(text)

    async def _texts(self, understanding: Understanding, sources: Sequence[Source]) -> AsyncIterator[str]:
        language = understanding.language
        match understanding.intent:
            case Intent.COMPARE:
                for piece in about.comparison(sources, understanding):
                    yield piece
            case Intent.EXPORT:
                yield about.exported(understanding, [source.hit.paper for source in sources], self._file_link)
            case Intent.SUMMARISE:
                for source in sources:
                    paper_id = source.hit.paper.id
                    full_text = await self._shelf.passages(paper_id) if self._shelf else []
                    outline = await self._shelf.outline(paper_id) if self._shelf else NO_OUTLINE
                    for piece in about.summary(source, full_text, outline, language):
                        yield piece
            case Intent.DETAILS:
                for source in sources:
                    for piece in about.details(source, language):
                        yield piece
            case _ if understanding.alike.any:
                alike, _ = await self._finder.papers(understanding, understanding.alike)
                for source in sources:
                    cosines = await self._cosines(source.hit.paper, alike)
                    for piece in about.likeness(source, alike, cosines, understanding):
                        yield piece
            case _:
                found = await self._finder.again(understanding) if understanding.topic else {}
                for source in sources:
                    for piece in about.explanation(source, found.get(source.hit.paper.id), understanding):
                        yield piece

    async def _cosines(self, paper: Paper, others: Sequence[Paper]) -> list[float]:
        """How near ``paper`` is to each of the others; nothing where that is not known."""
        vectors = await self._vectors([paper.id, *(other.id for other in others)]) if self._vectors else {}
        if paper.id not in vectors or any(other.id not in vectors for other in others):
            return []
        return [float(vectors[paper.id] @ vectors[other.id]) for other in others]

    # The library

    async def _counted(self, understanding: Understanding) -> AsyncIterator[Event]:
        language = understanding.language
        if understanding.meant.papers:
            listed, _ = await self._finder.papers(understanding, understanding.meant)
            total, rows = len(listed), counting.by_value(listed, understanding.by)
        elif understanding.topic:
            result = await self._search(replace(understanding.query(), limit=counting.COUNTED))
            total, rows = counting.fitting(result, understanding.by)
        elif self._shelf is None:
            yield Text(say("not_here", language))
            return
        else:
            filters = understanding.query().filters
            rows = await self._shelf.counts(filters, understanding.by)
            total = sum(count for _, count in await self._shelf.counts(filters, "year"))
        yield Status(say("found_one" if total == 1 else "found", language, count=total), done=True)
        if understanding.by == "year" and (picture := pictures.years(rows, understanding.topic, language)):
            yield Picture(picture)
        yield Text(understood(understanding, scope=await self._scope()))
        for piece in counting.counts(understanding, total, rows, cut=bool(understanding.topic) and total >= counting.COUNTED):
            yield Text(piece)

    async def _mapped(self, understanding: Understanding) -> AsyncIterator[Event]:
        if self._vectors is None:
            yield Status(say("failed", understanding.language), done=True)
            yield Text(say("not_here", understanding.language))
            return
        listed, _ = await self._finder.papers(understanding, understanding.meant)
        found = list(ranked(map(whole, listed))) if listed else await self._finder.sources(replace(understanding, seen=()))
        placed = await self._vectors([source.hit.paper.id for source in found])
        sources = list(ranked(source.hit for source in found if source.hit.paper.id in placed))
        for source in sources:
            yield source
        yield Status(_count(len(sources), understanding), done=True)
        for event in overview.of(understanding, sources, [placed[source.hit.paper.id] for source in sources]):
            yield event

    async def _collections(self, understanding: Understanding) -> AsyncIterator[Event]:
        language = understanding.language
        found = await self._shelf.collections() if self._shelf else []
        total = sum(count for _, count in await self._shelf.counts(Filters(), "year")) if self._shelf else 0
        yield Status(say("found", language, count=total), done=True)
        lines = [say("collection", language, name=plain(name), count=count) for name, count in found]
        yield Text(say("collections", language, count=total) + "\n\n" + "".join(f"- {line}\n" for line in lines))


async def _said(text: str, done: str = "") -> AsyncIterator[Event]:
    if done:
        yield Status(done, done=True)
    yield Text(text)


def _list(
    understanding: Understanding,
    sources: Sequence[Source],
    stems: frozenset[str],
    scope: Scope,
    alike: Sequence[str] = (),
    unlike: Sequence[str] = (),
) -> tuple[list[Event], list[Event]]:
    """Sources, status and what was understood; then the ranked list itself."""
    language = understanding.language
    opening: list[Event] = [*sources, Status(_count(len(sources), understanding), done=True)]
    opening.append(Text(understood(understanding, alike, unlike, scope)))
    met = "" if stems else " · ".join(limits(understanding))
    items: list[Event] = [Text(item(source.rank, source.hit, language, stems, met)) for source in sources]
    if understanding.further:
        questions = "".join(f"- {plain(question)}\n" for question in understanding.further)
        items.append(Text(say("further", language) + "\n\n" + questions))
    return opening, items


def _count(count: int, understanding: Understanding) -> str:
    name = {0: "found_nothing", 1: "found_one"}.get(count, "found")
    return say(name, understanding.language, count=count)


def _missing(understanding: Understanding, names: Sequence[str]) -> str:
    name = ", ".join(names)
    known = Unclear.GONE if understanding.meant.papers else Unclear.NO_LIST
    meant = Meant(unclear=Unclear.NOT_FOUND, words=name) if name else Meant(unclear=known)
    return unclear(replace(understanding, meant=meant), understanding.listed)
