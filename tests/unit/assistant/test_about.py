"""Answers about single papers."""

from dataclasses import replace
from typing import Any

from rag.assistant.about import comparison, explanation, likeness, summary
from rag.assistant.conversation import Intent, Source, Understanding
from rag.assistant.keysentences import key_sentences
from rag.assistant.printed import mentioned
from rag.assistant.testing import fake_hit
from rag.papers import NO_OUTLINE, Filters, Hit, Outline, Passage, Section

METHOD = (
    "We propose a graph network for molecules. The graph network passes messages along edges of the graph. "
    "It rained on the day. The network learns weights for the edges."
)
RESULTS = "Results show that the graph network wins. The weather was fine."


def source(number: int = 1, **fields: Any) -> Source:
    hit = fake_hit(number)
    return Source(number, replace(hit, paper=replace(hit.paper, **fields)))


def test_a_summary_is_the_papers_own_sentences_by_section_with_pages() -> None:
    passages = [Passage(METHOD, 1.0, 2, "Method"), Passage(RESULTS, 1.0, 4, "Results")]
    text = "".join(summary(source(abstract="One sentence."), passages, NO_OUTLINE, "en"))
    assert "**Abstract**\n\n- One sentence.\n" in text
    assert text.index("**Method**") < text.index("**Results**")
    assert "- We propose a graph network for molecules. (p. 3)\n" in text
    assert "- Results show that the graph network wins. (p. 5)\n" in text
    assert "It rained" not in text
    said = [line.removeprefix("- ").rpartition(" (p.")[0] for line in text.splitlines() if " (p." in line]
    assert all(sentence in METHOD + RESULTS for sentence in said)


def test_a_passage_of_several_sections_is_summarised_by_section() -> None:
    passages = [
        Passage(METHOD, 1.0, 2, "Method"),
        Passage(f"Messages are few here.\n\nResults\n{RESULTS}\n\nLimits\nThe network is small.", 1.0, 4, "Results"),
    ]
    outline = Outline(tuple(Section(name, 1, 2) for name in ("Method", "Results", "Limits")))
    text = "".join(summary(source(abstract=""), passages, outline, "en"))
    method, results, limits = (text.index(f"**{name}**\n\n") for name in ("Method", "Results", "Limits"))
    assert method < results < text.index("- Results show that the graph network wins. (p. 5)") < limits
    assert "- The network is small. (p. 5)" in text[limits:]
    assert "Messages are few" not in text[results:]


def test_without_full_text_it_is_said_that_only_the_abstract_is_known() -> None:
    assert "abstract only" in "".join(summary(source(), [], NO_OUTLINE, "en"))
    assert "neither an abstract nor the full text" in "".join(summary(source(abstract=""), [], NO_OUTLINE, "en"))


def test_key_sentences_are_the_texts_own_in_its_order() -> None:
    chosen = key_sentences(METHOD, 2)
    # SumBasic makes words rarer once they are said: the second sentence chosen is about something else than the first.
    assert chosen == ["We propose a graph network for molecules.", "The network learns weights for the edges."]
    assert key_sentences("Short. Text.", 5) == ["Short.", "Text."]
    assert key_sentences("", 3) == []


def test_likeness_tells_the_nearest_of_the_papers_and_what_both_speak_of() -> None:
    asked = Understanding(Intent.EXPLAIN, filters=Filters(year_from=2015))
    first = source(1, title="Graph Networks for Molecules", abstract=METHOD).hit.paper
    second = source(2, title="Weather", abstract="It rains.").hit.paper
    found = source(3, title="Molecules as Graphs", abstract="Molecules are graphs. Their edges are bonds.")
    text = "".join(likeness(found, [second, first], [0.1, 0.8], asked))
    assert "Like “Graph Networks for Molecules”:" in text
    assert "Both speak of: **molecules**, **graphs**" in text
    assert "Nearness in meaning (cosine): 0.80" in text
    assert "It meets the limits: since 2015" in text
    assert "> **Molecules** are **graphs**." in text
    assert "cosine" not in "".join(likeness(found, [first], [], asked))


def test_a_comparison_is_a_table_with_a_column_a_paper() -> None:
    asked = Understanding(Intent.COMPARE, "graph networks")
    first, second = source(1, abstract=METHOD, keywords=("graphs", "x|y")), source(2, abstract="Other.", keywords=("graphs",))
    text = "".join(comparison([first, second], asked))
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {row.replace("\\|", "").count("|") for row in rows} == {4}
    assert "| **Year** | 2020 | 2020 |" in rows
    assert "*In common:* " in text
    assert "Keywords: graphs" in text
    assert [paper.id for paper in mentioned(text)] == [first.hit.paper.id, second.hit.paper.id]


def test_an_explanation_says_which_words_are_where_and_which_are_not() -> None:
    asked = Understanding(Intent.EXPLAIN, "graph networks for chemistry")
    one = source(1, title="Graph learning", abstract="A network.")
    found = Hit(one.hit.paper, 0.71, one.hit.passages, dense_score=0.456, lexical_score=1.0)
    text = "".join(explanation(one, found, asked))
    assert "- Words of the question in the title: **Graph**" in text
    assert "- In the abstract: **network**" in text
    assert "- Not there: chemistry" in text
    assert "(cosine): 0.46" in text
    assert "Relevance: 71 %" in text
    assert "does not find it" in "".join(explanation(one, None, asked))
