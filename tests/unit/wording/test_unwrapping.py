"""The words of asking come off; what is asked about stays as it was written."""

import pytest

from rag.wording import topic


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Could you suggest research that examines graph pruning?", "graph pruning"),
        ("Which papers discuss speech recognition for children?", "speech recognition for children"),
        ("我想找几篇关于机器翻译的论文", "机器翻译"),
        ("基于Transformer的低资源机器翻译方法", "基于Transformer的低资源机器翻译方法"),
        ("Learning to Rank with BM25", "Learning to Rank with BM25"),
    ],
)
def test_a_question_is_about_what_is_left(question: str, expected: str) -> None:
    assert topic(question) == expected


@pytest.mark.parametrize("question", ["papers", "Please find papers", "找论文", "???", ""])
def test_where_nothing_would_be_left_the_question_stands(question: str) -> None:
    assert topic(question) == question


def test_a_topic_is_its_own_topic() -> None:
    assert topic(topic("Can you list some works on visual grounding?")) == "visual grounding"
