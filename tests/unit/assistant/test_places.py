"""Where was searched and where a paper lies, told in words."""

from dataclasses import replace
from datetime import date

import pytest

from rag.access import LeftOut, Scope
from rag.assistant.answer import item, nothing, understood
from rag.assistant.citations import source_event
from rag.assistant.conversation import Message, Source
from rag.assistant.places import searched
from rag.assistant.testing import fake_hit
from rag.assistant.understanding import understand
from rag.papers import Hit, Passage, Version


@pytest.mark.parametrize(
    ("scope", "english", "chinese"),
    [
        (Scope(), [], []),
        (Scope(knowledge=("A",)), ["library + 1 knowledge base"], ["文献库 + 1 个知识库"]),
        (
            Scope(knowledge=("A", "B"), files=1),
            ["library + 2 knowledge bases + the attached file"],
            ["文献库 + 2 个知识库 + 所附文件"],
        ),
        (Scope(files=3), ["library + 3 attached files"], ["文献库 + 3 个所附文件"]),
        (Scope(chosen=True, knowledge=("My *own*",)), [r"in: My \*own\*"], [r"范围：My \*own\*"]),
        (Scope(chosen=True, knowledge=("A", "B"), files=1), ["in: A and B and the attached file"], ["范围：A、B、所附文件"]),
        (Scope(chosen=True), ["in: no knowledge base that you may read"], ["范围：没有您可以读取的知识库"]),
    ],
)
def test_where_was_searched(scope: Scope, english: list[str], chinese: list[str]) -> None:
    assert searched(scope, "en") == english
    assert searched(scope, "zh") == chinese


@pytest.mark.parametrize(("reason", "said"), [(LeftOut.UNAVAILABLE, "could not be asked"), (LeftOut.REFUSED, "sign in again")])
def test_uploads_that_were_left_out_are_told_of(reason: LeftOut, said: str) -> None:
    asked = understand((Message("user", "papers on eels"),), date(2026, 11, 25))
    assert said in understood(asked, scope=Scope(left_out=reason))
    assert "2 of your uploads are still being read" in understood(asked, scope=Scope(pending=2))
    assert "1 of your uploads is still being read" in understood(asked, scope=Scope(pending=1))


def test_nothing_is_said_of_the_library_when_it_was_not_searched() -> None:
    asked = understand((Message("user", "papers on eels"),), date(2026, 11, 25))
    assert "Nothing in what you picked fits" in "".join(nothing(asked, 0, Scope(chosen=True, knowledge=("A",))))
    told = "".join(nothing(asked, 0, Scope(knowledge=("A",))))
    assert "Nothing in the library or the knowledge bases you may read fits" in told


def uploaded(number: int, *knowledge: str) -> Hit:
    hit = fake_hit(number)
    paper = replace(hit.paper, file_id=f"file{number}", knowledge=knowledge, url="")
    return replace(hit, paper=paper, passages=(Passage("Eels swim.", 0.9, page=2, section="Rivers"),))


def test_an_upload_says_where_it_lies_and_on_which_page() -> None:
    text = item(1, uploaded(1, "Fish", "Rivers"), "en")
    assert "in the knowledge base Fish and Rivers" in text
    assert "(p. 3)" in text
    assert "in the attached file" in item(1, uploaded(1), "en")


def test_a_work_in_the_library_and_in_an_upload_shows_both() -> None:
    own = uploaded(2, "Fish")
    hit = replace(fake_hit(1), versions=(Version(own.paper, own.passages),))
    assert "also in the knowledge base Fish, p. 3" in item(1, hit, "en")
    assert "也在知识库“Fish”中、第 3 页" in item(1, hit, "zh")
    data = source_event(Source(1, hit))["data"]
    assert [place.get("file_id") for place in data["metadata"]] == [None, "file2"]
    assert data["metadata"][1]["page"] == 2
    assert len({place["source"] for place in data["metadata"]}) == 1
    assert data["distances"] == sorted(data["distances"], reverse=True)
    turned = replace(own, versions=(Version(hit.paper, hit.passages),))
    assert "also as [**ACL · 2020**](https://papers.example/1)" in item(1, turned, "en")


def test_the_citation_of_an_upload_opens_its_file_at_the_page() -> None:
    (place,) = source_event(Source(1, uploaded(1, "Fish")))["data"]["metadata"]
    assert (place["file_id"], place["page"]) == ("file1", 2)
