"""What is quoted of a paper."""

from rag.papers import Paper, PaperId
from rag.retrieval.evidence import passages
from rag.store import StoredPassage


def test_the_passage_with_most_words_of_the_question_comes_first_among_the_nearest() -> None:
    paper = Paper(PaperId("p1"), "Terns", "Terns nest.")
    texts = ("Thanks go to all.", "Floods wash eggs away. It rains.", "Eggs hatch.", "Floods wash eggs away from bars.")
    stored = [(StoredPassage(text, page, ""), 0.9 - page / 10) for page, text in enumerate(texts)]
    found = passages(paper, 0.8, 0.9, stored, ["flood", "wash", "egg", "bar"])
    assert [passage.page for passage in found] == [1, 2, 0]
    assert found[0].highlight == "Floods wash eggs away."
    assert found[2].highlight == ""
