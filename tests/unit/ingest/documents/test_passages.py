"""Sections, references and passages, of PDFs and of documents without pages."""

import re
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag.embeddings import passage_text
from rag.embeddings.estimate import usual_tokens
from rag.ingest.documents.layout import layout_of, pages_of
from rag.ingest.documents.metadata import completed, metadata_of
from rag.ingest.documents.model import Block, Metadata, Page, Span
from rag.ingest.documents.outline import outline_of
from rag.ingest.documents.passages import LONGEST, SHORTEST, passages_of
from rag.ingest.documents.sections import blocks_of, parted
from rag.papers import Outline, PassageText, Section
from tests.unit.ingest.documents.sheets import CHINESE_FILLER, FILLER, Sheet


def heading(text: str, level: int = 1, page: int | None = None) -> Block:
    return Block(text, "heading", level, page)


def paragraph(text: str, page: int | None = None) -> Block:
    return Block(text, "text", 0, page)


ENTRIES = [paragraph(f"[{number}] A. Writer. A work of some kind. Journal of Works, {1990 + number}.") for number in range(1, 9)]


def test_a_long_section_is_cut_at_sentences_into_passages_of_one_length() -> None:
    drafts = passages_of([heading("1 Introduction"), paragraph(FILLER * 20)], usual_tokens)
    assert len(drafts) > 2
    assert all(200 <= usual_tokens(draft.text) <= LONGEST for draft in drafts)
    assert all(draft.text.endswith(".") for draft in drafts)
    assert {draft.section for draft in drafts} == {"1 Introduction"}


def test_a_short_rest_is_balanced_with_its_neighbour() -> None:
    drafts = passages_of([heading("1 Introduction"), paragraph(FILLER * 7)], usual_tokens)
    assert [SHORTEST <= usual_tokens(draft.text) <= LONGEST for draft in drafts] == [True, True]


@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=20), max_size=12))
def test_no_passage_is_short_when_the_document_is_long(sections: list[list[int]]) -> None:
    blocks = []
    for number, lengths in enumerate(sections):
        blocks += [heading(f"{number} Part", 1 + number % 3), paragraph(" ".join("Words" + " word" * n + "." for n in lengths))]
    assume(sum(usual_tokens(block.text) for block in blocks if block.kind == "text") >= 3 * SHORTEST)
    sizes = [usual_tokens(draft.text) for draft in passages_of(blocks, usual_tokens)]
    assert all(SHORTEST <= size <= LONGEST for size in sizes), sizes


def test_nothing_is_lost_and_nothing_comes_twice() -> None:
    words = " ".join(f"word{number} ends here." if number % 9 == 0 else f"word{number}" for number in range(3000))
    drafts = passages_of([heading("Methods"), paragraph(words)], usual_tokens)
    assert " ".join(draft.text for draft in drafts).split() == words.split()


def test_chinese_is_counted_by_its_characters() -> None:
    drafts = passages_of([heading("一、引言"), paragraph(CHINESE_FILLER * 30)], usual_tokens)
    assert all(200 <= len(draft.text) <= LONGEST for draft in drafts)
    assert all(draft.text.endswith("。") for draft in drafts)


def test_a_passage_keeps_to_its_section() -> None:
    drafts = passages_of([heading("A"), paragraph(FILLER * 4), heading("B"), paragraph(FILLER * 4)], usual_tokens)
    assert [draft.section for draft in drafts] == ["A", "B"]


def test_short_sections_are_put_together_under_the_longest() -> None:
    blocks = [heading("3 Method"), paragraph("One line."), heading("3.1 Data", 2), paragraph(FILLER)]
    drafts = passages_of(blocks, usual_tokens)
    assert [(draft.section, "One line." in draft.text, "3.1 Data" in draft.text) for draft in drafts] == [
        ("3.1 Data", True, True)
    ]


def test_a_passage_names_the_page_it_begins_on() -> None:
    drafts = passages_of([heading("1 Long", 1, 3), paragraph(FILLER * 4, 3), paragraph(FILLER * 4, 4)], usual_tokens)
    assert [draft.page for draft in drafts] == [3, 4]


SENTENCES = [
    f"Observation {first}{second} says that {words} may well be measured here, in a way that nobody has tried before."
    for first, words in zip("abcdefgh", ("waves", "grains", "tides", "winds", "shells", "roots", "ponds", "banks"), strict=True)
    for second in "abcdefghijklmnop"
]


@pytest.mark.parametrize("count", [2, 3])
def test_a_passage_of_a_paragraph_that_runs_over_pages_names_the_page_it_begins_on(count: int) -> None:
    words = " ".join(SENTENCES).split()[: 480 * count]
    # Each page ends in the midst of a sentence.
    turns = [next(place for place in range(480 * page, len(words)) if words[place].islower()) for page in range(1, count)]
    texts = [" ".join(words[begin:end]) for begin, end in pairwise([0, *turns, len(words)])]
    sheet = Sheet()
    sheet.line("1 Introduction", 80, 12, x=72, bold=True)
    for text in texts:
        sheet.text(text, 72, 110, 460)
        sheet.next()
    drafts = passages_of(blocks_of(pages_in(sheet)), usual_tokens)
    begun = [re.match(r"Observation \w\w says", draft.text) for draft in drafts]
    assert all(begun)
    assert [draft.page for draft in drafts] == [
        next(page for page, text in enumerate(texts) if found.group() in text) for found in begun if found
    ]
    assert {draft.page for draft in drafts} == set(range(count))


def test_references_are_left_out_and_the_appendix_is_not() -> None:
    blocks = [
        heading("1 Text"),
        paragraph(FILLER),
        heading("References"),
        *ENTRIES,
        heading("A Further proofs"),
        paragraph("The appendix. " + FILLER),
    ]
    text = " ".join(draft.text for draft in passages_of(parted(blocks)[0], usual_tokens))
    assert "A. Writer" not in text
    assert "The appendix." in text


@pytest.mark.parametrize(
    "name", ["References", "REFERENCES", "7. Bibliography", "Literatur", "参考文献", "参 考 文 献", "VII. REFERENCES"]
)
def test_a_bibliography_is_known_by_its_heading(name: str) -> None:
    assert parted([heading(name), *ENTRIES]) == ([], heading(name))


def test_references_of_a_chapter_end_with_the_next() -> None:
    blocks = [
        heading("References"),
        *ENTRIES,
        heading("2 Another chapter"),
        *[paragraph("Running text without a date. " + FILLER)] * 9,
    ]
    assert parted(blocks)[0][0].text == "2 Another chapter"


def test_a_line_of_contents_begins_no_bibliography() -> None:
    blocks = [heading("References"), *[paragraph("Words of a chapter that follows the contents.")] * 9]
    assert parted(blocks) == (blocks, None)


def test_a_giant_word_and_an_endless_table_fit_into_passages() -> None:
    table = Block("\n".join("cell " * 30 for _ in range(200)), "table", 0, None)
    drafts = passages_of([heading("T"), table, paragraph("x" * 50_000)], usual_tokens)
    assert max(usual_tokens(draft.text) for draft in drafts) <= LONGEST


def test_what_is_embedded_begins_with_title_and_section() -> None:
    assert passage_text("Title", PassageText(text="Text.", page=0, section="1 Intro")) == "Title · 1 Intro\nText."
    assert passage_text("Title", PassageText(text="Text.", page=0, section="")) == "Title\nText."


def drawn() -> list[Page]:
    sheet = Sheet()
    sheet.line("A Paper in Sections", 60, 18, bold=True)
    sheet.line("Ann Lee", 90, 11)
    sheet.line("Abstract", 130, 12, x=72, bold=True)
    sheet.text(FILLER * 2, 72, 150, 460)
    sheet.line("1 Introduction", 300, 12, x=72, bold=True)
    sheet.text(FILLER * 3 + "It goes on and", 72, 320, 460)
    sheet.next()
    sheet.text("ends on the next page. " + FILLER, 72, 80, 460)
    sheet.line("1.1 A subsection", 200, 11, x=72, bold=True)
    sheet.text(FILLER * 2, 72, 220, 460)
    sheet.line("References", 400, 12, x=72, bold=True)
    for number in range(1, 7):
        sheet.text(
            f"[{number}] A. Writer. A work of some kind. Journal of Works, {1990 + number}.", 72, 400 + 22 * number, 460, 9
        )
    return pages_in(sheet)


def pages_in(sheet: Sheet) -> list[Page]:
    document = pypdfium2.PdfDocument(sheet.pdf())
    try:
        return pages_of([layout_of(document[number], number) for number in range(len(document))])
    finally:
        document.close()


def test_the_sections_of_a_pdf_are_found_by_their_setting() -> None:
    blocks = blocks_of(drawn())
    assert [(block.text, block.level, block.page) for block in blocks if block.kind == "heading"] == [
        ("Abstract", 1, 0),
        ("1 Introduction", 1, 0),
        ("1.1 A subsection", 2, 1),
        ("References", 1, 1),
    ]
    assert not any("Ann Lee" in block.text for block in blocks)
    assert any("It goes on and ends on the next page." in block.text and block.page == 0 for block in blocks)


def test_the_outline_has_sections_with_pages_and_the_place_of_the_references() -> None:
    pages = drawn()
    body, references = parted(blocks_of(pages))
    outline = outline_of(body, references, [page.text for page in pages])
    assert outline.sections == (
        Section("Abstract", 1, 0),
        Section("1 Introduction", 1, 0),
        Section("1.1 A subsection", 2, 1),
    )
    assert outline.references is not None
    assert outline.references.page == 1
    assert pages[1].text[outline.references.position :].startswith("References\n\n[1] A. Writer.")


def test_references_on_the_first_page_of_a_paper_without_sections_are_found() -> None:
    sheet = Sheet()
    sheet.line("A Short Note", 60, 18, bold=True)
    sheet.text(FILLER * 4, 72, 120, 460)
    sheet.line("References", 400, 12, x=72, bold=True)
    for number in range(1, 7):
        sheet.text(f"[{number}] A. Writer. A work. Journal of Works, {1990 + number}.", 72, 400 + 22 * number, 460, 9)
    body, references = parted(blocks_of(pages_in(sheet)))
    assert references is not None
    assert not any("A. Writer" in block.text for block in body)


def test_dates_and_names_before_a_text_without_headings_are_no_part_of_it() -> None:
    sheet = Sheet()
    sheet.line("February 2002", 50, 10, x=72)
    sheet.line("Notes on Clocks", 80, 18, bold=True)
    sheet.line("Roberta Writer, University of Somewhere", 110, 10, x=72)
    sheet.text("Every clock is wrong, and only some of them ever say so.", 72, 160, 460)
    sheet.text(FILLER * 2, 72, 210, 460)
    kept = [block.text for block in blocks_of(pages_in(sheet))]
    assert [text[:12] for text in kept] == ["Every clock ", FILLER[:12]]


def test_without_references_there_is_no_place_for_them() -> None:
    body, references = parted([heading("1 Text"), paragraph(FILLER)])
    assert outline_of(body, references, [FILLER]) == Outline((Section("1 Text", 1, None),), None)


def test_a_page_without_layout_has_sections_too() -> None:
    page = Page(0, 0, 0, (), f"Abstract\n\n{FILLER}\n\n1 Introduction\n\n{FILLER}\n\nReferences\n\n[1] A. Writer. Work, 1999.")
    assert [block.text for block in blocks_of([page]) if block.kind == "heading"] == ["Abstract", "1 Introduction", "References"]


def test_a_document_without_pages_has_metadata_of_its_text() -> None:
    blocks = [
        Block("Sea Grass as an Archive", "title", 0, None),
        paragraph("Ann Lee and Bo Carver"),
        paragraph("University of the Coast"),
        heading("Abstract"),
        paragraph(FILLER),
        heading("Introduction"),
        paragraph(FILLER),
    ]
    facts = Metadata(title="Document1", authors=("admin",), year=2001)
    found = completed(facts, blocks, "upload.docx", trusted=False)
    assert (found.title, found.authors, found.year, found.language) == (
        "Sea Grass as an Archive",
        ("Ann Lee", "Bo Carver"),
        None,
        "en",
    )
    assert found.abstract == FILLER.strip()


def test_what_a_trusted_source_says_of_itself_stands() -> None:
    facts = Metadata(title="The Stated Title of It", authors=("Ann Lee",), year=2001)
    found = completed(facts, [paragraph(FILLER)], "paper.tex", trusted=True)
    assert (found.title, found.authors, found.year) == ("The Stated Title of It", ("Ann Lee",), 2001)


numbers = st.floats(-50, 900)
spans = st.builds(
    Span,
    text=st.text(min_size=1, max_size=60)
    | st.sampled_from(["Abstract", "References", "Ann Lee1,2 and Bo Xu", "doi:10.1/x", "[1] A", "摘 要"]),
    size=st.floats(0.1, 80),
    bold=st.booleans(),
    x0=numbers,
    y0=numbers,
    x1=numbers,
    y1=numbers,
    raised=st.just(()) | st.just(((0, 1),)),
)
garbage = st.lists(
    st.builds(
        lambda lines, margins, text: (tuple(lines), tuple(margins), text),
        st.lists(spans, max_size=25),
        st.lists(spans, max_size=4),
        st.text(max_size=200),
    ),
    max_size=3,
)


@given(
    garbage, st.dictionaries(st.sampled_from(["Title", "Author", "Subject", "doi"]), st.text(max_size=60)), st.text(max_size=20)
)
def test_whatever_a_page_looks_like_there_is_a_result(
    drawn: list[tuple[tuple[Span, ...], tuple[Span, ...], str]], embedded: dict[str, str], filename: str
) -> None:
    pages = [Page(number, 600, 800, lines, text, margins) for number, (lines, margins, text) in enumerate(drawn)]
    assert metadata_of(pages, embedded, filename).title
    assert all(usual_tokens(draft.text) <= LONGEST for draft in passages_of(blocks_of(pages), usual_tokens))
