"""What a question names outright, and what it does not."""

import pytest

from rag.retrieval.exact import named


@pytest.mark.parametrize(
    ("question", "doi", "arxiv_id"),
    [
        ("https://doi.org/10.1145/3366423.3380298", "10.1145/3366423.3380298", ""),
        ("is 10.18653/v1/N19-1423 in the library?", "10.18653/v1/n19-1423", ""),
        ("arXiv:1706.03762v5", "", "1706.03762"),
        ("请找 cs/0301012", "", "cs/0301012"),
        ("graph neural networks", "", ""),
    ],
)
def test_identifiers(question: str, doi: str, arxiv_id: str) -> None:
    found = named(question)
    assert (list(found.dois), list(found.arxiv_ids)) == ([doi] if doi else [], [arxiv_id] if arxiv_id else [])


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ('find "Attention Is All You Need"', "Attention Is All You Need"),
        ("有没有《深度学习综述》这篇文章", "深度学习综述"),
        ("Attention Is All You Need", "Attention Is All You Need"),
    ],
)
def test_titles(question: str, title: str) -> None:
    assert title in named(question).titles


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("the BERT paper", ["BERT"]),
        ("find me the original ResNet paper please", ["ResNet"]),
        ("the Adam paper", ["Adam"]),
        ("BERT paper", ["BERT"]),
        ("ColBERT", ["ColBERT"]),
        ("GPT-4?", ["GPT-4"]),
        ("BERT那篇论文", ["BERT"]),
        ("那篇BERT的论文", ["BERT"]),
        ("papers about BERT", []),
        ("Transformers", []),
        ("low-resource translation", []),
    ],
)
def test_names(question: str, names: list[str]) -> None:
    assert list(named(question).names) == names
