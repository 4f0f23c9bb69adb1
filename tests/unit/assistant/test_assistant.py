"""The flow of an answer, with a fake search."""

import re
from datetime import date

import pytest

from rag.access import Scope, UploadNote
from rag.assistant import Assistant, Event, Message, Source, Status, Text, Turn
from rag.assistant.testing import FakeSearch, fake_hit
from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, PaperFinderError

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 23)
HITS = [fake_hit(n, year=2010 + n) for n in range(1, 13)]


async def answer(search: FakeSearch, *messages: str) -> list[Event]:
    turn = Turn(tuple(Message("user", message) for message in messages), TODAY)
    return [event async for event in Assistant(search).answer(turn)]


def text(events: list[Event]) -> str:
    return "".join(event.markdown for event in events if isinstance(event, Text))


async def test_status_sources_status_text_come_in_this_order() -> None:
    events = await answer(FakeSearch(HITS), "find me papers on GANs")
    kinds = [type(event) for event in events]
    assert kinds == [Status, *[Source] * 10, Status, *[Text] * 11]
    assert events[0] == Status("Searching the library for “GANs” …", done=False)
    assert events[11] == Status("Found 10 papers", done=True)
    assert [event.rank for event in events if isinstance(event, Source)] == list(range(1, 11))


async def test_each_number_in_the_text_is_the_rank_of_its_source() -> None:
    events = await answer(FakeSearch(HITS), "top 5 papers on GANs")
    titles = {event.rank: event.hit.paper.title for event in events if isinstance(event, Source)}
    listed = re.findall(r"^(\d+)\. \[\*\*(.*)\*\*\]\(.*\) \[(\d+)\]", text(events), re.MULTILINE)
    assert listed == [(str(rank), title, str(rank)) for rank, title in titles.items()]
    assert len(listed) == 5


async def test_the_first_status_comes_before_the_search() -> None:
    search = FakeSearch(HITS)
    events = Assistant(search).answer(Turn((Message("user", "GANs"),), TODAY))
    first = await anext(events)
    assert isinstance(first, Status)
    assert search.queries == []
    assert isinstance(await anext(events), Source)
    assert len(search.queries) == 1


async def test_what_is_to_be_told_of_uploads_is_told_once_in_a_conversation() -> None:
    async def scope() -> Scope:
        return Scope(notes=(UploadNote("a.pdf", set_aside="It failed."), UploadNote("b.pdf", set_aside="It failed too.")))

    async def answered(*messages: Message) -> str:
        events = Assistant(FakeSearch(HITS), scope_of=scope).answer(Turn(messages, TODAY))
        return text([event async for event in events])

    question = Message("user", "papers on GANs")
    first = await answered(question)
    assert first.count("⚠️") == 2
    assert first.index("“a.pdf”") > first.index("[10]")
    one_line = next(line for line in first.splitlines() if "“a.pdf”" in line)
    later = await answered(question, Message("assistant", one_line), Message("user", "since 2015"))
    assert "a.pdf" not in later
    assert "b.pdf" in later
    assert "⚠️" not in await answered(question, Message("assistant", first), Message("user", "since 2015"))
    assert "⚠️" not in await answered(Message("user", "thanks"))


async def test_the_limits_reach_the_search() -> None:
    search = FakeSearch(HITS)
    await answer(search, "top 3 papers on GANs at ACL since 2015, not surveys")
    (query,) = search.queries
    assert (query.text, query.limit, query.filters.year_from) == ("GANs", 3, 2015)
    assert query.filters.venues == ["ACL", "Annual Meeting of the Association for Computational Linguistics"]


@pytest.mark.parametrize(
    ("message", "count", "words"),
    [
        ("GANs", 1, "Found 1 paper"),
        ("top 5 papers on GANs", 2, "Found 2 papers"),
        ("图神经网络", 1, "找到 1 篇论文"),
        ("给我5篇图神经网络的论文", 2, "找到 2 篇论文"),
    ],
)
async def test_fewer_papers_than_asked_for_are_counted_as_they_are(message: str, count: int, words: str) -> None:
    events = await answer(FakeSearch(HITS[:count]), message)
    assert Status(words, done=True) in events
    assert sum(isinstance(event, Source) for event in events) == count


async def test_an_answer_in_chinese() -> None:
    events = await answer(FakeSearch(HITS), "查找关于图神经网络的论文")
    assert events[0] == Status("正在检索文献库：“图神经网络”……", done=False)
    assert "**我的理解：** 图神经网络\n" in text(events)


async def test_nothing_is_cited_when_nothing_fits() -> None:
    search = FakeSearch(HITS, confident=False)
    events = await answer(search, "pizza recipes")
    assert [type(event) for event in events if not isinstance(event, Text)] == [Status, Status]
    assert "Nothing in the library fits **pizza recipes**" in text(events)
    assert "Paper number" not in text(events)
    assert len(search.queries) == 1


async def test_limits_that_left_nothing_are_named_as_the_reason() -> None:
    search = FakeSearch(HITS)
    events = await answer(search, "GANs since 2024")
    assert not any(isinstance(event, Source) for event in events)
    assert "The limits are the reason" in text(events)
    assert [query.filters.year_from for query in search.queries] == [2024, None]


async def test_papers_of_an_author_need_no_topic_to_fit() -> None:
    events = await answer(FakeSearch(HITS, confident=False), "papers by Ada Lovelace before 2020")
    sources = [event for event in events if isinstance(event, Source)]
    assert [source.hit.score for source in sources] == [1.0] * 9
    assert text(events).count("*It meets the limits: until 2019 · by Ada Lovelace*") == 9
    assert "Matches" not in text(events)
    assert "Near in meaning" not in text(events)


@pytest.mark.parametrize("message", ["hi", "谢谢", "what can you do?", "你能做什么", "", "?!", "find me papers", "since 2020"])
async def test_nothing_but_a_question_searches(message: str) -> None:
    search = FakeSearch(HITS)
    events = await answer(search, message)
    assert search.queries == []
    assert [type(event) for event in events] == [Text]
    assert text(events)


@pytest.mark.parametrize(
    ("error", "message", "words"),
    [
        (DatabaseUnavailableError(), "GANs", "database cannot be reached"),
        (EmbeddingUnavailableError(), "GANs", "embedding server cannot be reached"),
        (DatabaseUnavailableError(), "图神经网络", "无法连接文献库的数据库"),
        (PaperFinderError("relation papers does not exist"), "GANs", "error on our side"),
    ],
)
async def test_a_failed_search_is_told_in_plain_words(error: PaperFinderError, message: str, words: str) -> None:
    events = await answer(FakeSearch(error=error), message)
    assert [type(event) for event in events] == [Status, Status, Text]
    assert isinstance(events[1], Status)
    assert events[1].done
    assert words in text(events)
    assert "relation" not in text(events)


async def test_a_refinement_keeps_the_topic() -> None:
    search = FakeSearch(HITS)
    await answer(search, "papers on GANs", "since 2015")
    assert (search.queries[0].text, search.queries[0].filters.year_from) == ("GANs", 2015)
