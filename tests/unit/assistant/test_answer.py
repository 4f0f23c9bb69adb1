"""The answer's Markdown."""

from dataclasses import replace
from datetime import date

import pytest

from rag.assistant.answer import apology, item, limits, nothing, shortened, understood, without_search
from rag.assistant.conversation import Intent, Message, Understanding
from rag.assistant.testing import fake_hit
from rag.assistant.understanding import understand
from rag.errors import DatabaseUnavailableError, EmbeddingUnavailableError, ForbiddenError, PaperFinderError
from rag.papers import Hit, Paper, PaperId, Passage

TODAY = date(2026, 11, 23)


def ask(message: str) -> Understanding:
    return understand([Message("user", message)], TODAY)


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            "find me papers on low-resource machine translation since 2021, not surveys, top 5",
            "**Understood:** low-resource machine translation · since 2021 · without surveys · top 5",
        ),
        ("GANs", "**Understood:** GANs"),
        ("GANs in 2019", "**Understood:** GANs · in 2019"),
        ("GANs 2018-2021", "**Understood:** GANs · 2018–2021"),
        ("GANs until 2015", "**Understood:** GANs · until 2015"),
        (
            "GANs by Ian Goodfellow and Yoshua Bengio at NIPS",
            "**Understood:** GANs · by Ian Goodfellow and Yoshua Bengio · at NeurIPS",
        ),
        ("papers by Hinton", "**Understood:** any topic · by Hinton"),
        ("papers written in Chinese about parsing", "**Understood:** parsing · in Chinese"),
        ("100 papers on GANs", "**Understood:** GANs · top 50 (at most 50; you asked for 100)"),
        ("papers on [1] <b>", "**Understood:** [\u20601\u2060]\u2060 <\u2060b>"),
        (
            "推荐5篇2020年以后发表在ACL上的关于机器翻译的论文，不要综述",
            "**我的理解：** 机器翻译 · 2020 年以来 · 发表于 ACL · 不含 综述 · 前 5 篇",
        ),
        (
            "GANs, not by Ian Goodfellow, not at ACL, not from 2017 to 2019",
            "**Understood:** GANs · not in 2017–2019 · not by Ian Goodfellow · not at ACL",
        ),
        ("GANs at ICML, not from 2017, 2018 or 2021", "**Understood:** GANs · at ICML · not in 2017–2018 or 2021"),
        (
            "不在ACL发表的机器翻译论文，不要2017年的，作者不是李飞飞",
            "**我的理解：** 机器翻译 · 不含 2017 年 · 作者不含 李飞飞 · 不含发表于 ACL 的",
        ),
        ("李飞飞的论文", "**我的理解：** 不限主题 · 作者 李飞飞"),
    ],
)
def test_the_first_line_shows_the_topic_and_each_limit(message: str, line: str) -> None:
    assert understood(ask(message)) == line + "\n\n"


def test_a_shortened_message_is_said_to_be() -> None:
    assert "first 5000 characters" in understood(ask("graph coloring " * 1_000))


def test_an_item_shows_title_authors_year_venue_and_the_matching_sentence() -> None:
    hit = fake_hit(3, highlight="This sentence matched.")
    assert item(3, hit, "en") == (
        '3. [**Paper number 3**](https://papers.example/3 "p0000000000000003") [3]  \n'
        "   Ada Lovelace, Alan Turing, Grace Hopper et al. · 2020 · ACL\n"
        "   > This sentence matched.\n\n"
    )


def test_an_item_in_chinese() -> None:
    assert "   Ada Lovelace、Alan Turing、Grace Hopper 等 · 2020 · ACL\n" in item(3, fake_hit(3), "zh")


def test_what_follows_the_tenth_number_is_indented_to_it() -> None:
    assert "\n    Ada Lovelace" in item(10, fake_hit(10), "en")
    assert "\n    > Passage" in item(10, fake_hit(10), "en")


def test_an_item_of_which_only_the_title_is_known() -> None:
    assert item(1, Hit(Paper(PaperId("p1"), "A title"), 0.5), "en") == "1. **A title** [1]  \n   `p1`\n\n"
    assert item(1, Hit(Paper(PaperId("p1"), " "), 0.5), "en") == "1. **p1** [1]  \n   `p1`\n\n"


def test_a_paper_without_passages_is_quoted_from_its_abstract() -> None:
    assert "> An abstract.\n" in item(1, Hit(Paper(PaperId("p1"), "A title", abstract="An abstract."), 0.5), "en")


def test_the_page_is_counted_from_one_for_people() -> None:
    hit = replace(fake_hit(1), passages=(Passage("Some text.", 0.5, page=3),))
    assert "> Some text. (p. 4)\n" in item(1, hit, "en")
    assert "> Some text. (第 4 页)\n" in item(1, hit, "zh")


def test_a_long_passage_is_cut_before_a_word() -> None:
    line = item(1, fake_hit(1, text="word " * 200), "en").splitlines()[2]
    assert line.endswith(" word…")
    assert len(line) <= 300 + len("   > ")


def test_family_names_given_first_are_turned_round() -> None:
    hit = replace(fake_hit(1), paper=replace(fake_hit(1).paper, authors=("Hinton, Geoffrey", "李飞飞")))
    assert "Geoffrey Hinton, 李飞飞 ·" in item(1, hit, "en")


def test_text_of_a_paper_never_becomes_a_citation_or_a_link() -> None:
    hostile = "See [2] ![](https://evil.example/x) <img src=x> {{user}} $x$"
    text = item(1, replace(fake_hit(1, title=hostile, text=hostile), score=1.0), "en")
    assert text.count("[1]") == 1
    assert "[2]" not in text
    assert "https://evil.example" not in text
    assert "<img" not in text
    assert "{{" not in text


@pytest.mark.parametrize(
    ("text", "characters", "cut"),
    [
        ("short", 10, "short"),
        ("one two three", 9, "one two…"),
        ("Donaudampfschifffahrt", 10, "Donaudamp…"),
        ("机器翻译的研究，很多", 8, "机器翻译的研究…"),
        ("two\nlines", 20, "two lines"),
    ],
)
def test_text_is_cut_to_a_length(text: str, characters: int, cut: str) -> None:
    assert shortened(text, characters) == cut
    assert len(cut) <= characters


def test_when_nothing_fits_it_is_said_with_the_topic() -> None:
    text = "".join(nothing(ask("pizza recipes"), 0))
    assert "Nothing in the library fits **pizza recipes**." in text
    assert "paper-finder ingest" in text
    assert "limits" not in text


def test_when_limits_left_nothing_it_is_said_with_the_limits() -> None:
    text = "".join(nothing(ask("GANs after 2024, not surveys"), 3))
    assert "within these limits: since 2025 · without surveys." in text
    assert "The limits are the reason: without them, there are papers on **GANs** (3 found)." in text
    assert "“papers on GANs”" in text


def test_when_the_limits_are_not_to_blame_they_are_not_blamed() -> None:
    text = "".join(nothing(ask("pizza recipes after 2024"), 0))
    assert "Without them, too, there is nothing on **pizza recipes**." in text
    assert "The limits are the reason" not in text


def test_nothing_by_an_author_is_said_without_a_topic() -> None:
    text = "".join(nothing(ask("papers by Hinton"), 0))
    assert "within these limits: by Hinton." in text
    assert "****" not in text


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("hi", "Hello!"),
        ("谢谢", "不客气"),
        ("who are you?", "I am Paper Finder"),
        ("how are you", "All is well"),
        ("bye", "Goodbye"),
        ("help", "since 2020"),
        ("你能做什么", "2020年以后"),
        ("find me papers", "Papers on which topic?"),
        ("!!!", "I can only read text"),
    ],
)
def test_messages_without_a_search_get_a_helpful_answer(message: str, words: str) -> None:
    assert words in without_search(ask(message))


def test_limits_without_a_topic_are_shown_and_a_topic_asked_for() -> None:
    text = without_search(ask("since 2020"))
    assert text.startswith("**Understood:** any topic · since 2020\n\n")
    assert "Papers on which topic?" in text


def test_the_examples_of_the_help_are_questions_that_work() -> None:
    for message in ("help", "你能做什么"):
        examples = [line[2:] for line in without_search(ask(message)).rpartition("\n\n")[2].splitlines()]
        assert len(examples) == 3
        for example in examples:
            assert ask(example).intent is Intent.FIND
            assert ask(example).topic


def test_unknown_language_codes_are_shown_as_they_are() -> None:
    understanding = ask("GANs")
    filters = understanding.filters.model_copy(update={"languages": ["eo", "de"]})
    assert limits(replace(understanding, filters=filters)) == ["in eo and German"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_errors_are_told_without_their_inner_details(language: str) -> None:
    texts = {
        apology(error("secret detail"), "en" if language == "en" else "zh")
        for error in (DatabaseUnavailableError, EmbeddingUnavailableError, ForbiddenError, PaperFinderError)
    }
    assert len(texts) == 4
    assert not any("secret detail" in text for text in texts)
