"""The glossary's data, and how it puts a Chinese question into English."""

import re

import pytest

from rag.retrieval.glossary import glossary, in_english, unknown_words
from rag.settings import CHECKOUT

FILE = CHECKOUT / "rag" / "retrieval" / "glossary.tsv"


def test_the_file_is_sorted_and_every_line_is_a_term_and_its_english() -> None:
    comment, *lines = FILE.read_text(encoding="utf-8").splitlines()
    assert comment.startswith("#")
    keys = [line.split("\t")[0] for line in lines]
    assert keys == sorted(set(keys))
    assert len(keys) >= 800
    assert [line for line in lines if not re.fullmatch(r"[\u4e00-\u9fff]{2,8}\t[ -~éöü]*[A-Za-z0-9][ -~éöü]*", line)] == []


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("机器翻译", ["machine translation"]),
        ("基于Transformer的低资源机器翻译方法", ["transformer", "low-resource", "machine translation"]),
        ("医学图像分割", ["medical image", "segmentation"]),
        ("BERT 模型压缩 综述", ["bert", "model compression", "survey"]),
    ],
)
def test_terms_are_found_in_a_question(question: str, expected: list[str]) -> None:
    english = in_english(question, glossary())
    assert all(term in english for term in expected), english


@pytest.mark.parametrize(
    ("run", "english"),
    [
        ("中医生", "physician doctor"),
        ("使用户", "user"),
        ("大数据集", "dataset"),
        ("医学图像", "medical image"),
        ("大模型压缩", "large model large language model compression"),
    ],
)
def test_the_terms_that_cover_most_of_a_run_are_taken_and_few_of_them(run: str, english: str) -> None:
    terms = {"中医": "TCM", "医生": "physician doctor", "使用": "use", "用户": "user", "大数据": "big data", "数据集": "dataset"}
    terms |= {"医学": "medicine", "图像": "image", "医学图像": "medical image", "学图": "nonsense", "压缩": "compression"}
    terms |= {"大模型": "large model large language model", "模型": "model", "模型压缩": "model compression"}
    assert in_english(run, terms) == english


def test_what_is_no_term_is_told_in_simplified_characters_without_words_of_grammar() -> None:
    assert unknown_words("基于榫卯结构的抗震性能与机器翻译", glossary()) == ["榫卯", "抗震性能"]
    assert unknown_words("關於榫卯與機器翻譯 榫卯", glossary()) == ["榫卯"]
    assert unknown_words("机器翻译的方法 GPT", glossary()) == []


def test_what_is_no_term_is_left_out_and_what_is_not_chinese_stays() -> None:
    terms = {"翻译": "translation", "机器翻译": "machine translation"}
    assert in_english("呃机器翻译呃 GPT-4 翻译", terms) == "machine translation gpt-4 translation"
    assert in_english("", terms) == ""
    assert in_english("呃呃", terms) == ""


@pytest.mark.parametrize(
    ("question", "english"),
    [
        ("圖神經網路", "graph neural network"),
        ("語音辨識", "speech recognition"),
        ("詞向量", "word"),
        ("醫學影像分割", "medical image segmentation"),
    ],
)
def test_words_of_taiwan_are_understood(question: str, english: str) -> None:
    assert english in in_english(question, glossary()).lower()


def test_simplified_words_keep_their_meaning() -> None:
    assert in_english("词向量", glossary()) == in_english("詞向量", glossary())
