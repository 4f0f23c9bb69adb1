"""What is attached to a chat, on its way from the inlet to the question."""

from typing import Any

import pytest

from rag.access import Attached
from rag.api.attached import KEY, MOST, attached_of, conversation_of, with_attached


def test_files_and_knowledge_bases_arrive_from_either_place() -> None:
    body = {
        "model": "paper-finder",
        "files": [{"type": "file", "id": "f1", "name": "a.pdf"}, {"type": "collection", "id": "k1"}],
        "metadata": {"files": [{"type": "file", "id": "f1"}, {"type": "file", "id": "f2"}, {"type": "note", "id": "n"}]},
    }
    passed = with_attached(body)
    assert passed["model"] == "paper-finder"
    assert attached_of(passed[KEY]) == Attached(frozenset({"f1", "f2"}), frozenset({"k1"}))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"files": None},
        {"files": "f1"},
        {"files": [None, {}, {"type": "file", "id": 5}, {"type": "text", "id": "t"}]},
        {"metadata": 3},
    ],
)
def test_nothing_attached_leaves_the_body_as_it_is(body: dict[str, Any]) -> None:
    assert with_attached(body) == body


@pytest.mark.parametrize(
    "extra", [None, "x", [], {"attached": "x"}, {"attached": {"file": "f1", "collection": [1, None, "", "../x", "a b"]}}]
)
def test_what_anybody_may_write_is_nothing_unless_it_has_the_form(extra: object) -> None:
    assert attached_of(extra) == Attached()


def test_a_task_arrives_with_its_whole_conversation() -> None:
    spoken = [{"role": "user", "content": "graphs"}, {"role": "assistant", "content": "1. …" * 2_000}]
    body = {"messages": [], "metadata": {"task": "follow_up_generation", "task_body": {"messages": spoken}}}
    assert conversation_of(with_attached(body)[KEY]) == spoken
    for nothing in (None, "x", {"conversation": "x"}, {"conversation": [1, None]}):
        assert conversation_of(nothing) == []


def test_there_is_an_end_to_it() -> None:
    many = {"attached": {"file": [f"f{number}" for number in range(10_000)]}}
    assert len(attached_of(many).files) == MOST
