"""A question made ready: topic, tokens, and the weights of two languages."""

import pytest

from rag.retrieval.asking import LEAST_WEIGHT, ask, balanced
from rag.retrieval.ranking import DENSE_WEIGHT, TRANSLATED_DENSE_WEIGHT
from rag.retrieval.steps import ALL, Steps


def test_an_english_question_is_its_topic() -> None:
    asked = ask("Which papers discuss graph pruning on graphs?", ALL, multilingual=False)
    assert asked.text == "graph pruning on graphs"
    assert dict(asked.stems) == {"graph": 2, "prune": 1}
    assert asked.dense_weight == DENSE_WEIGHT


def test_a_chinese_question_is_asked_in_both_languages_unless_the_model_reads_it() -> None:
    asked = ask("BERT机器翻译", ALL, multilingual=False)
    assert "machine translation" in asked.text
    assert {"bert", "翻译", "machin", "translat"} <= set(asked.stems)
    assert "bert" not in asked.english
    assert asked.dense_weight == TRANSLATED_DENSE_WEIGHT
    for plain in (ask("BERT机器翻译", ALL, multilingual=True), ask("BERT机器翻译", Steps(glossary=False), multilingual=False)):
        assert plain.text == "BERT机器翻译"
        assert not plain.english


@pytest.mark.parametrize(("chinese", "english"), [(0, 900), (900, 0), (300, 600)])
def test_each_language_counts_by_what_the_library_has_of_it(chinese: int, english: int) -> None:
    asked = ask("BERT机器翻译", ALL, multilingual=False)
    frequencies = dict.fromkeys(asked.chinese, chinese) | dict.fromkeys(asked.english, english) | {"bert": 5}
    weighed = balanced(asked, frequencies)
    most = max(chinese, english)
    assert weighed.stems["翻译"] == pytest.approx(max(LEAST_WEIGHT, chinese / most))
    assert weighed.stems["translat"] == pytest.approx(max(LEAST_WEIGHT, english / most))
    assert weighed.stems["bert"] == 1
    assert weighed.dense_weight == pytest.approx(TRANSLATED_DENSE_WEIGHT * english / most)


def test_an_empty_library_changes_nothing() -> None:
    asked = ask("机器翻译", ALL, multilingual=False)
    assert balanced(asked, {}) == asked
