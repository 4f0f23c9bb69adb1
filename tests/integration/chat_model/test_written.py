"""What a reader gets from a chat server that lies, breaks, hangs, is away, or is obeyed by nobody: valid citations, in time."""

import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from rag.assistant import Assistant, Message, Source, Status, Text, Turn, Writer
from rag.assistant.testing import FakeSearch, fake_hit
from rag.chat_model import ChatEndpoint, ChatModel
from rag.chat_model.testing import Asked, FakeChatServer, Script, hangs_after, says

pytestmark = pytest.mark.anyio

TODAY = date(2026, 11, 23)
HITS = [fake_hit(n, text=f"Passage {n} is about rare words and gains {n}.5 points.") for n in range(1, 6)]


@dataclass
class Answer:
    """What came back, and how long it took."""

    text: str = ""
    statuses: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def written(self) -> str:
        """What stands before the ranked list."""
        return re.split(r"^1\. ", self.text, maxsplit=1, flags=re.MULTILINE)[0]


async def answer(script: Script, *, status: int = 200, budget: float = 10.0, message: str = "papers on rare words") -> Answer:
    server = FakeChatServer(script, status=status)
    with server.running() as address:
        return await answer_from(address, budget=budget, message=message)


async def answer_from(address: str, *, budget: float = 10.0, message: str = "papers on rare words") -> Answer:
    model = ChatModel(ChatEndpoint(address), budget=budget)
    given = Answer()
    start = time.monotonic()
    try:
        async for event in Assistant(FakeSearch(HITS), writer=Writer(model)).answer(Turn((Message("user", message),), TODAY)):
            match event:
                case Text(markdown=markdown):
                    given.text += markdown
                case Status(text=text):
                    given.statuses.append(text)
                case Source():
                    assert not given.text
    finally:
        await model.aclose()
    given.seconds = time.monotonic() - start
    listed = [int(rank) for rank in re.findall(r"^(\d+)\. \[", given.text, flags=re.MULTILINE)]
    assert listed == [1, 2, 3, 4, 5], given.text
    cited = {int(number) for number in re.findall(r"\[(\d+)\]", given.text)}
    assert cited <= {1, 2, 3, 4, 5}
    return given


async def test_claims_with_citations_come_before_the_list() -> None:
    given = await answer(says("Rare words are", " split [1]", ". It gains 2.5", " points [2][3]."))
    assert "**In short**" in given.written
    assert "Rare words are split [1]. It gains 2.5 points [2][3]." in given.written
    assert given.statuses == [
        "Searching the library for “rare words” …",
        "Found 5 papers",
        "Reading 5 papers …",
        "Found 5 papers",
    ]


async def test_citations_of_what_is_not_there_are_removed_and_claims_without_any_dropped() -> None:
    given = await answer(says("Words are split [1][99]. Ghosts are real [42]. Everything is solved. ", "Others agree [2, 77]."))
    assert "Words are split [1]. Others agree [2]." in given.written
    assert not {"99", "42", "77"} & set(re.findall(r"\d+", given.text))
    assert "Ghosts" not in given.text
    assert "solved" not in given.text


async def test_a_figure_that_stands_in_none_of_the_cited_passages_drops_its_claim() -> None:
    given = await answer(says("It gains 1.5 points [1]. It gains 98.7 points [1]. It gains 3.5 points [1]."))
    assert "It gains 1.5 points [1]." in given.written
    assert "98.7" not in given.text
    assert given.written.count("gains") == 1


async def test_nonsense_is_left_out_with_a_line_that_says_so() -> None:
    given = await answer(says("Lorem ipsum dolor. ", "Sit amet!"))
    assert "wrote nothing that these papers support" in given.written
    assert "Lorem" not in given.text


async def test_broken_json_in_the_stream_is_a_model_that_is_away() -> None:
    given = await answer(says(FakeChatServer.RAW + 'data: {"choices": [{"delta": {"con\n\n'))
    assert "cannot be reached" in given.written


async def test_a_stream_that_breaks_in_the_middle_keeps_what_was_whole() -> None:
    given = await answer(says("Words are split [1]. And then ", FakeChatServer.RAW + "data: {broken\n\n"))
    assert "Words are split [1]." in given.written
    assert "stopped before the end" in given.written
    assert "And then" not in given.text


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
async def test_a_server_that_refuses(status: int) -> None:
    assert "cannot be reached" in (await answer(says("x"), status=status)).written


async def test_a_server_that_is_not_there() -> None:
    assert "cannot be reached" in (await answer_from("http://127.0.0.1:1/v1#model")).written


async def test_a_model_that_streams_half_and_hangs_ends_within_its_time() -> None:
    given = await answer(hangs_after("Words are split [1]. Rare wo"), budget=0.8)
    assert given.seconds < 4
    assert "Words are split [1]." in given.written
    assert "stopped before the end" in given.written
    assert "Rare wo" not in given.written


async def test_a_model_that_says_nothing_is_not_waited_for() -> None:
    given = await answer(hangs_after(), budget=0.8)
    assert given.seconds < 4
    assert "did not answer in time" in given.written


async def test_a_model_that_never_stops_is_stopped() -> None:
    async def forever(asked: Asked) -> AsyncIterator[str]:  # noqa: ARG001
        while True:
            yield "Words are split [1]. "

    server = FakeChatServer(forever)
    with server.running() as address:
        given = await answer_from(address)
        assert server.left.wait(10)
    assert given.written.count("Words are split") == 8


async def test_thoughts_are_not_shown() -> None:
    given = await answer(says("<think>The user wants [1]. ", "Hm.</think>Words are split [1]."))
    assert "user wants" not in given.text
    assert "Words are split [1]." in given.written


async def test_after_three_failures_the_model_is_left_alone_and_tried_again_later() -> None:
    now = 0.0
    server = FakeChatServer(says("x"), status=500)
    with server.running() as address:
        model = ChatModel(ChatEndpoint(address), budget=5.0, clock=lambda: now)
        for _ in range(4):
            assert [piece async for piece in model.write("s", "u")] == ["away"]
        assert (len(server.requests), model.away) == (3, True)
        now, server.status = 31.0, 200
        assert [piece async for piece in model.write("s", "u")] == ["x"]
        await model.aclose()
    assert not model.away


async def test_the_passages_go_as_data_and_the_instructions_alone_as_system() -> None:
    server = FakeChatServer(says("Words are split [1]."))
    with server.running() as address:
        await answer_from(address, message="只看2015年以后关于罕见词的论文")
    (asked,) = server.requests
    system, user = asked["messages"]
    assert (system["role"], user["role"], asked["stream"], asked["temperature"]) == ("system", "user", True, 0)
    assert "Passage" not in system["content"]
    assert "simplified Chinese" in system["content"]
    assert "Passage 5 is about rare words" in user["content"]
    assert "2015年以后" in user["content"]
