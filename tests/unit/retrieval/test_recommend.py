"""Reasons name rare words that both papers have; topics come in turn."""

from rag.papers import Paper, PaperId
from rag.retrieval.recommend import _in_turn, shared_terms


def paper(title: str, abstract: str = "") -> Paper:
    return Paper(PaperId(title), title, abstract)


def test_the_rarest_shared_words_of_both_titles_are_named() -> None:
    rarity = {"graph": 4.0, "network": 1.0, "molecul": 5.0, "predict": 2.0, "model": 0.2}
    ours = paper("Predicting Molecules", "A model of a graph network, in 2017.")
    theirs = paper("Graph networks", "Models that predict what a molecule does in 2017")
    assert shared_terms(ours, theirs, rarity) == ("molecules", "graph", "predicting")


def test_where_no_title_has_a_shared_word_the_rarest_of_the_texts_is_named() -> None:
    ours, theirs = paper("Foxes", "They hunt in snow."), paper("Whales", "They hunt at sea, and in snow.")
    assert shared_terms(ours, theirs, {"snow": 2.0, "hunt": 1.0}) == ("snow",)


def test_names_keep_their_letters_and_nothing_shared_is_nothing_named() -> None:
    assert shared_terms(paper("BERT for Speech"), paper("Why BERT works"), {"bert": 3.0}) == ("BERT",)
    assert shared_terms(paper("Foxes"), paper("Whales"), {}) == ()


def test_chinese_papers_share_terms_of_the_glossary() -> None:
    assert shared_terms(paper("神经网络机器翻译研究"), paper("低资源机器翻译"), {})[0] == "机器翻译"


def test_large_topics_come_more_often_and_small_ones_are_not_forgotten() -> None:
    lines = [[1, 2, 3, 4, 5, 6], [10, 11, 12], [20]]
    order = list(_in_turn(lines, [6, 2, 2]))
    assert order[:5] == [1, 10, 20, 2, 3] or order[:5] == [1, 2, 10, 20, 3]
    assert sorted(order) == [1, 2, 3, 4, 5, 6, 10, 11, 12, 20]
    assert list(_in_turn([[], [7]], [5, 1])) == [7]
