"""Lines, columns, headers and paragraphs of pages drawn for the purpose."""

import pypdfium2
import pytest

from rag.ingest.documents.layout import layout_of, pages_of
from rag.ingest.documents.lines import tidy
from rag.ingest.documents.model import Page
from tests.unit.ingest.documents.sheets import FILLER, Sheet


def read(sheet: Sheet) -> list[Page]:
    document = pypdfium2.PdfDocument(sheet.pdf())
    try:
        return pages_of([layout_of(document[number], number) for number in range(len(document))])
    finally:
        document.close()


def in_order(text: str, *pieces: str) -> bool:
    places = [text.index(piece) for piece in pieces]
    return places == sorted(places)


def test_columns_are_read_one_after_the_other_below_what_spans_them() -> None:
    sheet = Sheet()
    sheet.line("A Title over Both Columns", 60, 16, bold=True)
    sheet.text("LEFTFIRST " + FILLER * 3 + "LEFTLAST", 50, 120, 240)
    sheet.text("RIGHTFIRST " + FILLER * 3 + "RIGHTLAST", 320, 120, 240)
    text = read(sheet)[0].text
    assert in_order(text, "A Title", "LEFTFIRST", "LEFTLAST", "RIGHTFIRST", "RIGHTLAST")


def test_three_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.line("A Title over All Columns", 60, 16, bold=True)
    for number, name in enumerate(("LEFT", "MIDDLE", "RIGHT")):
        sheet.text(f"{name}FIRST " + FILLER * 4 + f"{name}LAST", 40 + 182 * number, 120, 165, 8)
    text = read(sheet)[0].text
    assert in_order(text, "A Title", *(f"{name}{end}" for name in ("LEFT", "MIDDLE", "RIGHT") for end in ("FIRST", "LAST")))


def test_columns_beside_a_margin_of_captions_are_read_one_after_the_other() -> None:
    sheet = Sheet((792, 612))
    sheet.text("CAPTION of a figure that stands in the margin of the page, and says little.", 40, 400, 130, 8)
    sheet.text("LEFTFIRST " + FILLER * 4 + "LEFTLAST", 200, 80, 230, 9)
    sheet.text("RIGHTFIRST " + FILLER * 4 + "RIGHTLAST", 475, 84, 230, 9)
    assert in_order(read(sheet)[0].text, "LEFTFIRST", "LEFTLAST", "RIGHTFIRST", "RIGHTLAST")


def test_a_figure_that_spans_two_columns_parts_what_is_above_from_what_is_below() -> None:
    sheet = Sheet()
    for y, name in ((80, "UPPER"), (420, "LOWER")):
        sheet.text(f"{name}LEFT " + FILLER * 3, 50, y, 240)
        sheet.text(f"{name}RIGHT " + FILLER * 3, 320, y, 240)
    sheet.line("Figure 1: a caption that runs right across the two columns of the page and a little further on", 380, 9, x=60)
    assert in_order(read(sheet)[0].text, "UPPERLEFT", "UPPERRIGHT", "Figure 1", "LOWERLEFT", "LOWERRIGHT")


def test_the_rows_of_a_table_stay_rows() -> None:
    sheet = Sheet()
    sheet.text(FILLER, 72, 80, 460)
    for row in range(6):
        for column in range(4):
            sheet.line(f"r{row}c{column}", 200 + 14 * row, x=90 + 110 * column)
    assert "r0c0 r0c1 r0c2 r0c3\nr1c0 r1c1 r1c2 r1c3" in read(sheet)[0].text


def test_headers_footers_and_page_numbers_are_dropped_and_kept_aside() -> None:
    sheet = Sheet()
    for number in range(1, 4):
        sheet.line(f"A running head, part {number}", 40, 9)
        sheet.text(f"Page text {'one two three'.split()[number - 1]}. " + FILLER, 72, 120, 460)
        sheet.line(str(number), 760, 9)
        if number < 3:
            sheet.next()
    for page in read(sheet):
        assert "running head" not in page.text
        assert not page.text.rstrip().endswith(str(page.number + 1))
        assert {line.text for line in page.margins} == {f"A running head, part {page.number + 1}", str(page.number + 1)}


def test_the_stamp_along_the_edge_is_no_text() -> None:
    sheet = Sheet()
    sheet.stamp("arXiv:2311.09999v2 [q-bio.NC] 21 Nov 2023")
    sheet.text(FILLER, 72, 100, 460)
    page = read(sheet)[0]
    assert "arXiv" not in page.text
    assert page.margins[0].text == "arXiv:2311.09999v2 [q-bio.NC] 21 Nov 2023"


def test_the_numbers_of_lines_under_review_are_dropped() -> None:
    sheet = Sheet()
    for number in range(1, 21):
        sheet.line(str(number), 100 + 20 * number, 8, x=30)
        sheet.line(f"sentence of line {chr(96 + number)} goes on", 100 + 20 * number, x=90)
    assert not any(character.isdigit() for character in read(sheet)[0].text)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_reads_as_it_is_shown(turn: int) -> None:
    sheet = Sheet((612, 612))
    sheet.canvas.translate(306, 306)
    sheet.canvas.rotate(turn)
    sheet.canvas.translate(-306, -306)
    sheet.canvas.setPageRotation(turn)
    sheet.lines(("Upper line of the page", "Lower line of the page"), 100, 12, x=72)
    page = read(sheet)[0]
    assert [line.text for line in page.lines] == ["Upper line of the page", "Lower line of the page"]
    assert page.lines[0].x0 == pytest.approx(72, abs=2)
    assert page.lines[0].y1 == pytest.approx(102, abs=4)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("this is a hyphen-", "ated word", "a hyphenated word"),
        ("a well-known and well-", "known thing", "and well-known thing"),
        ("the disease COVID-", "19 spread", "COVID-19 spread"),
        ("words end here", "and begin there", "here and begin"),
    ],
)
def test_words_at_the_end_of_lines_are_joined(first: str, second: str, joined: str) -> None:
    sheet = Sheet()
    sheet.lines((first, second), 100, x=72)
    assert joined in read(sheet)[0].text


def test_chinese_lines_are_joined_without_a_blank() -> None:
    sheet = Sheet()
    sheet.lines(("这是第一行文字没有结", "束所以要接着读下去"), 100, x=72)
    assert "没有结束所以" in read(sheet)[0].text


def test_superscripts_are_marked() -> None:
    sheet = Sheet()
    sheet.line("Ann Lee^1,2^ and Bo Xu^∗^".replace("∗", "3"), 100, 12)
    line = read(sheet)[0].lines[0]
    assert [line.text[begin:end] for begin, end in line.raised] == ["1,2", "3"]


@pytest.mark.parametrize(
    ("raw", "clean"), [("eﬃcient ﬁles", "efficient files"), ("J˛edrzej", "Jędrzej"), ("M¨uller", "Müller"), ("a\x00b", "ab")]
)
def test_ligatures_and_loose_accents_become_letters(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_an_empty_page_is_an_empty_page() -> None:
    page = read(Sheet())[0]
    assert (page.text, page.lines, page.margins) == ("", (), ())
