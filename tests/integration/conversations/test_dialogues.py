"""Every scripted dialogue against the sample library, in a real Postgres, with the bundled model."""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import psycopg
import pytest
import rispy
from anyio.from_thread import BlockingPortal, start_blocking_portal
from bibtexparser.entrypoint import parse_string
from numpy.typing import NDArray
from psycopg import sql
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr

from rag.api import Engine
from rag.assistant import Assistant, Intent, Message, Picture, Source, Status, Text, Turn, Understanding, answer_task, understand
from rag.assistant.conversation import LISTS
from rag.assistant.printed import listed
from rag.ingest import SilentProgress, ingest
from rag.papers import Filters, Hit, PaperId
from rag.retrieval import similar
from rag.settings import Settings
from rag.stack.sample import FILE
from rag.wording.scripts import only_simplified
from tests.integration.conversations.script import Dialogue, Expected, dialogues

TODAY = date(2026, 11, 23)
DIALOGUES = dialogues()
LIBRARY = FILE.read_text(encoding="utf-8")
TITLES = [json.loads(line)["title"] for line in LIBRARY.splitlines()]
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture(scope="module")
def portal() -> Iterator[BlockingPortal]:
    """An event loop for all dialogues."""
    with start_blocking_portal() as running:
        yield running


@pytest.fixture(scope="module")
def engine(postgres: str, portal: BlockingPortal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The sample library in a database for all dialogues."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier("dialogues")))
    url = SecretStr(make_conninfo(postgres, dbname="dialogues"))
    settings = Settings(home=tmp_path_factory.mktemp("dialogues"), database_url=url)
    stack = AsyncExitStack()
    opened = portal.call(stack.enter_async_context, Engine.open(settings, pool_size=2))
    portal.call(_fill, opened, FILE)
    yield opened
    portal.call(stack.aclose)


async def _fill(engine: Engine, path: Path) -> None:
    await ingest([path], "sample", engine.library, engine.embedder, SilentProgress())


@dataclass
class Answer:
    """What one turn brought."""

    understanding: Understanding
    statuses: list[str] = field(default_factory=list)
    sources: list[Hit] = field(default_factory=list)
    text: str = ""
    pictures: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[PaperId]:
        """Of the papers cited."""
        return [hit.paper.id for hit in self.sources]

    @property
    def titles(self) -> list[str]:
        """Of the papers cited."""
        return [hit.paper.title for hit in self.sources]


async def answer(engine: Engine, messages: tuple[Message, ...]) -> Answer:
    async def alike(positives: Sequence[PaperId], negatives: Sequence[PaperId], filters: Filters, limit: int) -> Sequence[Hit]:
        return await similar(engine.index, positives, negatives, filters, limit)

    async def vectors(ids: Sequence[PaperId]) -> dict[PaperId, NDArray[np.float32]]:
        keys = await engine.index.keys(ids)
        found = await engine.index.vectors(list(keys.values()))
        return {paper_id: found[key] for paper_id, key in keys.items()}

    assistant = Assistant(engine.searcher.search, similar=alike, shelf=engine.shelf, vectors=vectors)
    given = Answer(understand(messages, TODAY))
    async for event in assistant.answer(Turn(messages, TODAY)):
        match event:
            case Status(text=status):
                given.statuses.append(status)
            case Source(rank=rank, hit=hit):
                assert rank == len(given.sources) + 1
                given.sources.append(hit)
            case Text(markdown=markdown):
                given.text += markdown
            case Picture(html=html):
                given.pictures.append(html)
    return given


@pytest.mark.parametrize("name", DIALOGUES)
def test_dialogue(name: str, engine: Engine, portal: BlockingPortal) -> None:
    play(DIALOGUES[name], engine, portal)


def play(dialogue: Dialogue, engine: Engine, portal: BlockingPortal) -> None:
    messages: list[Message] = []
    latest: list[PaperId] = []
    shown: set[PaperId] = set()
    for number, turn in enumerate(dialogue.turns, start=1):
        messages.append(Message("user", turn.say * turn.times, turn.images))
        given = portal.call(answer, engine, tuple(messages))
        where = f"turn {number}: {turn.say[:80]!r} → {given.understanding}\n{given.text[:3_000]}"
        check_always(given, where)
        check_understanding(turn, given, latest, where)
        check_papers(turn, given, shown, where)
        check_text(turn, given, where)
        messages.append(Message("assistant", given.text))
        if given.understanding.intent in {*LISTS, Intent.MAP} and given.sources:
            latest = given.ids
        if given.understanding.intent in LISTS and given.sources:
            shown = (shown if given.understanding.intent is Intent.MORE else set()) | set(latest)


@pytest.mark.parametrize("name", DIALOGUES)
def test_each_suggestion_does_what_it_says(name: str, engine: Engine, portal: BlockingPortal) -> None:
    """What is suggested after the first answer of a dialogue finds something, within the limits that it names."""
    said = DIALOGUES[name].turns[0]
    asked = Message("user", said.say * said.times, said.images)
    first = portal.call(answer, engine, (asked,))
    if first.understanding.intent not in LISTS or not first.sources:
        return
    conversation = (asked, Message("assistant", first.text))
    for suggestion in json.loads(answer_task("follow_up_generation", conversation, TODAY))["follow_ups"]:
        assert first.understanding.language != "zh-Hant" or simplified(first.understanding.topic, suggestion) == []
        given = portal.call(answer, engine, (*conversation, Message("user", suggestion)))
        where = f"{suggestion!r} → {given.understanding}\n{given.text[:2_000]}"
        check_always(given, where)
        if given.understanding.intent is Intent.COUNT:
            assert "|---|" in given.text, where
            continue
        assert given.sources or given.understanding.intent is Intent.MORE, where
        first_year, last_year = given.understanding.filters.year_from or 0, given.understanding.filters.year_to or 9999
        if given.understanding.intent is Intent.FIND:
            assert all(first_year <= (hit.paper.year or 0) <= last_year for hit in given.sources), where
            assert given.ids != first.ids or len(first.ids) == 1, where


def check_always(given: Answer, where: str) -> None:
    """What holds for every answer: it says something, cites only its sources, and prints the ids of those it lists."""
    assert given.text.strip(), where
    prose = re.sub(r"^(`{3,}).*?^\1$", "", given.text, flags=re.MULTILINE | re.DOTALL)
    cited = {int(mark) for mark in re.findall(r"(?<!\\)\[(\d+)\]", prose)}
    assert cited <= set(range(1, len(given.sources) + 1)), where
    assert set(given.titles) <= set(TITLES), where
    if given.understanding.language == "zh-Hant":
        assert simplified(given.understanding.topic, given.text, *given.statuses) == [], where
    if given.understanding.intent in LISTS:
        assert [paper.id for paper in listed(given.text)] == given.ids, where
        scores = [hit.score for hit in given.sources]
        assert scores == sorted(scores, reverse=True), where


def simplified(asked: str, *texts: str) -> list[str]:
    """What is written in simplified characters, and is neither ``asked`` nor stands in a paper: words of ours."""
    runs = (run for text in texts for run in CHINESE.findall(text.replace(asked, "") if asked else text))
    return [run for run in runs if not only_simplified().isdisjoint(run) and run not in LIBRARY]


def check_understanding(turn: Expected, given: Answer, latest: list[PaperId], where: str) -> None:
    understood = given.understanding
    if turn.intent is not None:
        assert understood.intent == turn.intent, where
    if turn.topic is not None:
        assert understood.topic == turn.topic, where
    if turn.limits is not None:
        assert understood.filters.model_dump(exclude_defaults=True) == turn.limits, where
    if turn.count is not None:
        assert understood.asked_limit == turn.count, where
    if turn.language is not None:
        assert understood.language == turn.language, where
    if turn.format is not None:
        assert understood.format == turn.format, where
    if turn.refers:
        assert list(understood.meant.papers) == [latest[place - 1] for place in turn.refers], where
    if turn.unlike:
        assert list(understood.unlike.papers) == [latest[place - 1] for place in turn.unlike], where


def check_papers(turn: Expected, given: Answer, shown: set[PaperId], where: str) -> None:
    assert len(given.sources) >= turn.min_sources, where
    if turn.sources is not None:
        assert len(given.sources) == turn.sources, where
    if turn.first is not None:
        assert given.titles[:1] == [turn.first], where
    assert set(turn.cites) <= set(given.titles), where
    assert set(turn.leaves_out).isdisjoint(given.titles), where
    if turn.years is not None:
        first, last = turn.years
        assert given.sources, where
        assert all(first <= (hit.paper.year or 0) <= last for hit in given.sources), where
    if turn.new:
        assert given.sources, where
        assert shown.isdisjoint(given.ids), where


def check_text(turn: Expected, given: Answer, where: str) -> None:
    for words in turn.text:
        assert any(word in given.text for word in words.split("|") if not words.startswith("|")) or words in given.text, where
    for words in turn.not_text:
        assert words not in given.text, where
    assert bool(given.pictures) or not turn.picture, where
    if turn.exported is not None:
        assert exported(given) == turn.exported == len(given.sources), where


def exported(given: Answer) -> int:
    """How many papers a reader of the format finds in the block."""
    block = re.search(r"^(`{3,})\w*\n(.*?)^\1$", given.text, flags=re.MULTILINE | re.DOTALL)
    assert block is not None, given.text
    match given.understanding.format:
        case "bibtex":
            return len(parse_string(block[2]).entries)
        case "ris":
            return len(rispy.loads(block[2]))
        case "csl-json":
            return len(json.loads(block[2]))
        case "csv":
            return len(list(csv.DictReader(io.StringIO(block[2]))))
        case _:
            return len(re.findall(r"^\d+\. ", block[2], flags=re.MULTILINE))


def test_there_are_dialogues_enough() -> None:
    turns = sum(len(dialogue.turns) for dialogue in DIALOGUES.values())
    assert (len(DIALOGUES) >= 80, turns >= 300) == (True, True)
