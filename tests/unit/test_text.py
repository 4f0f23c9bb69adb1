"""Text rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import text


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Café ＢＥＲＴ", "cafe bert"),
        ("Schölkopf", "scholkopf"),
        ("（机器翻译）", "(机器翻译)"),
        ("한국어", "한국어"),
    ],
)
def test_fold(raw: str, expected: str) -> None:
    assert text.fold(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Translating languages: BERT's translation", ["translat", "languag", "bert", "translat"]),
        ("low-resource", ["low", "resourc"]),
        ("基于Transformer的机器翻译", ["基于", "transform", "的机", "机器", "器翻", "翻译"]),
        ("图", ["图"]),
        ("the of and", []),
        ("", []),
    ],
)
def test_tokens(raw: str, expected: list[str]) -> None:
    assert text.tokens(raw) == expected


@given(st.text())
def test_tokens_of_any_text_are_folded_and_not_empty(raw: str) -> None:
    assert all(token and token == token.strip() for token in text.tokens(raw))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("One works. Two, e.g. this, too. Three (Smith et al. 2020) ends.",
         ["One works.", "Two, e.g. this, too.", "Three (Smith et al. 2020) ends."]),
        ("结果很好。我们提出新方法！See Fig. 3 now.", ["结果很好。", "我们提出新方法！", "See Fig. 3 now."]),
        ("no end", ["no end"]),
        ("  ", []),
    ],
)  # fmt: skip
def test_sentences(raw: str, expected: list[str]) -> None:
    assert text.sentences(raw) == expected


@given(st.text(alphabet="ab. !?。A "))
def test_sentences_lose_nothing_but_white_space(raw: str) -> None:
    assert "".join("".join(text.sentences(raw)).split()) == "".join(raw.split())


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://doi.org/10.1038/Nature14539.", "10.1038/nature14539"),
        ("doi:10.1016/S0019-9958(65)90241-X", "10.1016/s0019-9958(65)90241-x"),
        ("10.1145/nnnnnnn.nnnnnnn", ""),
        ("10.1145/1234567.1234567", ""),
        ("no doi", ""),
    ],
)
def test_doi(raw: str, expected: str) -> None:
    assert text.normalised_doi(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("https://arxiv.org/abs/1706.03762v5", "1706.03762"),
        ("arXiv:cs/0301012", "cs/0301012"),
        ("math.GT/0309136", "math.gt/0309136"),
        ("2101.123456", ""),
        ("12345", ""),
    ],
)
def test_arxiv_id(raw: str, expected: str) -> None:
    assert text.normalised_arxiv_id(raw) == expected


def test_titles_are_equal_for_their_spellings() -> None:
    assert text.normalised_title("BERT:  Pre-training…") == text.normalised_title("Bert Pre training")


@pytest.mark.parametrize(
    ("name", "person", "family"),
    [
        ("Geoffrey E. Hinton", "geoffrey e hinton", "hinton"),
        ("Hinton, Geoffrey", "geoffrey hinton", "hinton"),
        ("李飞飞", "李飞飞", "李飞飞"),
        ("Plato", "plato", "plato"),
        ("", "", ""),
    ],
)
def test_names(name: str, person: str, family: str) -> None:
    assert (text.person_key(name), text.family_key(name)) == (person, family)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("BERT 模型压缩 综述", "zh"), ("machine translation", "en"), ("hi", ""), ("", ""), ("Перевод текста на русский", "")],
)
def test_language(raw: str, expected: str) -> None:
    assert text.language(raw) == expected


def test_clean_takes_out_what_a_database_refuses() -> None:
    assert text.clean("a\x00b\ud800c\nd") == "abc\nd"
    assert text.one_line(" a\n\tb ") == "a b"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("The “ﬁrst” café,\n2 of 3", 'the "first" cafe\u0301 2, of 3', True),
        ("itâ€™s a resumÃ©", "it’s a resumé", True),
        ("机器翻译（综述）", "机器翻译(综述)", True),
        ("机器翻译", "机器翻新", False),
        ("page 1", "page 2", False),
    ],
)
def test_letters_are_the_same_whatever_stands_between_them(one: str, other: str, same: bool) -> None:
    assert (text.letters_hash(one) == text.letters_hash(other)) is same


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [("機器翻譯與語言模型", "机器翻译与语言模型"), ("圖神經網絡", "图神经网络"), ("ＢＥＲＴ模型壓縮綜述", "bert模型压缩综述")],
)
def test_traditional_chinese_is_searched_as_simplified(traditional: str, simplified: str) -> None:
    assert text.fold(traditional) == simplified
    assert text.tokens(traditional) == text.tokens(simplified)
