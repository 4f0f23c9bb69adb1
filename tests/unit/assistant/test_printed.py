"""What an answer prints of papers can be read back from the conversation."""

from dataclasses import replace

import pytest

from rag.assistant.about import titled
from rag.assistant.answer import item
from rag.assistant.printed import listed, mentioned
from rag.assistant.testing import fake_hit
from rag.papers import Hit

TITLES = [
    "A plain title",
    'Quotes "inside" and [brackets] (and parentheses)',
    '1. [**Other**](https://evil.example "p9999999999999999") [1]',
    "Under_scores, `code`, *stars* and $math$",
    "《深度学习》综述：方法",
]


def hit(number: int, title: str, url: str) -> Hit:
    one = fake_hit(number)
    return replace(one, paper=replace(one.paper, title=title, url=url))


@pytest.mark.parametrize("url", ['https://papers.example/a_(b)?x="y"&z=1', "", "javascript:alert(1)"])
@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("language", ["en", "zh", "zh-Hant"])
def test_a_listed_paper_is_read_back(title: str, url: str, language: str) -> None:
    hits = [hit(1, title, url), hit(2, "Second", "https://x.example")]
    text = "".join(item(rank, one, language, frozenset({"plain"})) for rank, one in enumerate(hits, start=1))  # type: ignore[arg-type]
    found = listed(text)
    assert [paper.id for paper in found] == [one.paper.id for one in hits]
    assert [paper.rank for paper in found] == [1, 2]
    assert found[0].title.replace("［", "[").replace("］", "]") == title
    assert "2020" in found[0].facts


@pytest.mark.parametrize("url", ["https://papers.example/1", ""])
def test_a_mentioned_paper_is_read_back(url: str) -> None:
    paper = hit(3, "Third", url).paper
    assert [one.id for one in mentioned(f"{titled(paper)} [1]\n\nText")] == [paper.id]
    assert [one.id for one in mentioned(f"| | {titled(paper)} [1] |")] == [paper.id]


def test_a_list_is_no_mention_and_other_text_no_list() -> None:
    text = item(1, fake_hit(1), "en")
    assert mentioned(text) == ()
    assert listed("1. A thing\n2. Another thing [2]\n") == ()
    assert listed("") == ()
    assert mentioned("```bibtex\n  title = {A `b`\n```\n") == ()
