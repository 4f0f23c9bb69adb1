"""Each format, generated, read in a real process that has no network."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pptx
import pytest
from reportlab.pdfgen.canvas import Canvas

from rag.ingest.documents import Budget, Document, Limits, Sandbox
from tests.integration.ingest.documents.conftest import Drawn

ABSTRACT = "We study how widgets learn from other widgets, and find that they learn slowly but surely from most of them."
BODY = "Widgets have been studied since widgets were made. They are found wherever things are put together, 也在中文里。"

BROKEN = ABSTRACT.replace(", and", ",\nand")
CITING = BODY.replace("since", r"since\cite{RUNNING}")


def read(sandbox: Sandbox, data: bytes, name: str, content_type: str = "", budget: Budget | None = None) -> Document:
    return sandbox.read_now(data, name, content_type, Limits(), budget)


def saved(document: Any) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def a_docx() -> bytes:
    document = docx.Document()
    document.core_properties.title = "Widgets that Learn"
    document.core_properties.author = "Ann Lee; Bo Chen"
    document.sections[0].header.paragraphs[0].text = "RUNNING HEAD"
    document.add_heading("Widgets that Learn", 0)
    document.add_paragraph("Ann Lee, Bo Chen")
    document.add_heading("Abstract", 1)
    document.add_paragraph(ABSTRACT)
    document.add_heading("1 Introduction", 1)
    document.add_paragraph(BODY)
    document.add_paragraph("a first point", style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "cell one", "cell two"
    return saved(document)


HTML = f"""<!doctype html><html lang="en"><head><title>Widgets that Learn | Journal</title>
<meta name="citation_title" content="Widgets that Learn"><meta name="citation_author" content="Ann Lee">
<meta name="citation_author" content="Bo Chen"></head>
<body><nav>Menu</nav><script>let hidden = "RUNNING HEAD"</script><h1>Widgets that Learn</h1><h2>Abstract</h2><p>{ABSTRACT}</p>
<h2>1 Introduction</h2><p>{BODY.replace("studied", "stu<i>died</i>")}</p><ul><li>a first point</li></ul>
<table><tr><td>cell one</td><td>cell two</td></tr></table><img src="http://example.org/x.png"><footer>RUNNING HEAD</footer>
</body></html>"""


def an_epub() -> bytes:
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Widgets that Learn</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bo Chen</dc:creator></metadata>"
        '<manifest><item id="b" href="b.xhtml"/><item id="a" href="a%20a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>'
    )
    chapter = '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{}</body></html>'
    first = f"<h1>Widgets that Learn</h1><h2>Abstract</h2><p>{ABSTRACT}</p>"
    second = f"<h2>1 Introduction</h2><p>{BODY}</p><ul><li>a first point</li></ul><p>cell one</p>"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        archive.writestr("OEBPS/a a.xhtml", chapter.format(first))
        archive.writestr("OEBPS/b.xhtml", chapter.format(second))
    return made.getvalue()


MARKDOWN = f"""---
title: Widgets that Learn
author: [Ann Lee, Bo Chen]
---
# Widgets that Learn

## Abstract

{BROKEN}

## 1 Introduction

{BODY}

- a first point

| a | b |
|---|---|
| cell one | cell two |
"""
TEXT = f"""Widgets that Learn

Ann Lee, Bo Chen

Abstract

{BROKEN}

1 Introduction

{BODY}

- a first point

cell one
"""
LATEX = rf"""\documentclass{{article}} % a comment
\title{{Widgets that Learn\thanks{{RUNNING HEAD}}}}
\author{{Ann Lee\inst{{1}} \and Bo Chen\\ University of Widgets}}
\begin{{document}}\maketitle
\begin{{abstract}}{ABSTRACT}\end{{abstract}}
\section{{1 Introduction}}\label{{sec:one}}
{CITING}
\begin{{itemize}}\item a first point\end{{itemize}}
cell one
\begin{{thebibliography}}{{9}}\bibitem{{x}} RUNNING HEAD\end{{thebibliography}}\end{{document}}"""


@pytest.mark.parametrize(
    ("name", "kind", "make"),
    [
        ("paper.docx", "docx", a_docx),
        ("paper.html", "html", HTML.encode),
        ("paper.epub", "epub", an_epub),
        ("paper.md", "markdown", MARKDOWN.encode),
        ("paper.txt", "text", TEXT.encode),
        ("utf-16.txt", "text", lambda: TEXT.encode("utf-16")),
        ("gbk.txt", "text", lambda: TEXT.encode("gb18030")),
        ("windows.txt", "text", lambda: TEXT.replace("\n", "\r\n").encode()),
        ("paper.tex", "latex", LATEX.encode),
    ],
)
def test_a_paper_in_each_format(real: Sandbox, name: str, kind: str, make: Callable[[], bytes]) -> None:
    document = read(real, make(), name)
    text = "\n".join(document.pages)
    assert document.kind == kind
    assert document.metadata.title == "Widgets that Learn"
    for wanted in (ABSTRACT, BODY, "1 Introduction", "a first point", "cell one"):
        assert wanted in text
    for unwanted in ("RUNNING", "Menu", "hidden", "\r", "\x00"):
        assert unwanted not in text
    assert (document.pages_read, document.page_count, document.warnings) == (1, 1, ())
    assert any(BODY in passage.text for passage in document.passages)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("paper.docx", a_docx),
        ("paper.html", HTML.encode),
        ("paper.epub", an_epub),
        ("paper.md", MARKDOWN.encode),
        ("paper.txt", TEXT.encode),
        ("paper.tex", LATEX.encode),
    ],
)
def test_each_format_is_answered_when_the_time_is_up_and_the_rest_is_for_later(
    real: Sandbox, name: str, make: Callable[[], bytes]
) -> None:
    part = read(real, make(), name, budget=Budget(seconds=0.0))
    assert (part.pages_read, part.page_count, part.metadata.title) == (0, 1, "Widgets that Learn")
    whole = read(real, make(), name)
    assert whole.pages[0].startswith(part.pages[0])
    assert len(whole.pages[0]) > len(part.pages[0])


def test_where_the_references_begin_in_latex(real: Sandbox) -> None:
    document = read(real, LATEX.encode(), "paper.tex")
    place = document.outline.references
    assert place is not None
    assert document.pages[0][place.position :] == "References"
    assert [section.heading for section in document.outline.sections] == ["Abstract", "1 Introduction"]


@pytest.mark.parametrize("make", [a_docx, HTML.encode, an_epub, MARKDOWN.encode, LATEX.encode])
def test_authors_where_the_format_names_them(real: Sandbox, make: Callable[[], bytes]) -> None:
    document = read(real, make(), "paper.md" if make == MARKDOWN.encode else "paper")
    assert document.metadata.authors == ("Ann Lee", "Bo Chen")
    assert document.metadata.abstract in {"", ABSTRACT}


def test_slides_are_pages(real: Sandbox) -> None:
    show = pptx.Presentation()
    for number in (1, 2):
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = f"Slide {number}"
        slide.placeholders[1].text = f"a point of slide {number}\nanother one"
    document = read(real, saved(show), "talk.pptx")
    part = read(real, saved(show), "talk.pptx", budget=Budget(pages=1))
    assert document.pages == tuple(f"Slide {n}\n\na point of slide {n}\n\nanother one" for n in (1, 2))
    assert (document.kind, document.page_count) == ("pptx", 2)
    assert part.pages == document.pages[:1]
    assert part.pages_read < part.page_count
    assert [(section.heading, section.page) for section in document.outline.sections] == [("Slide 1", 0), ("Slide 2", 1)]


@pytest.mark.parametrize(
    ("data", "name", "content_type", "kind"),
    [
        (HTML.encode(), "download", "", "html"),
        (LATEX.encode(), "download", "", "latex"),
        (MARKDOWN.encode(), "download", "text/markdown; charset=utf-8", "markdown"),
        (TEXT.encode(), "download", "application/octet-stream", "text"),
        (a_docx(), "report.pdf.docx", "application/pdf", "docx"),
        (an_epub(), "book.zip", "", "epub"),
    ],
)
def test_the_bytes_say_what_a_file_is(real: Sandbox, data: bytes, name: str, content_type: str, kind: str) -> None:
    assert read(real, data, name, content_type).kind == kind


def lines(*texts: str, x: float = 72, top: float = 720) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for place, text in enumerate(texts):
            canvas.drawString(x, top - 14 * place, text)

    return draw


def test_a_pdf_by_pages(real: Sandbox, drawn: Drawn) -> None:
    document = read(real, drawn(*[lines(f"This is the text of page {n}.", "It goes on for a line.") for n in range(30)]), "p.pdf")
    assert (document.page_count, document.pages_read, document.kind) == (30, 30, "pdf")
    assert [f"text of page {n}." in page for n, page in enumerate(document.pages)] == [True] * 30


def test_a_budget_of_pages_reads_so_many_and_says_so(real: Sandbox, drawn: Drawn) -> None:
    data = drawn(*[lines(f"This is the text of page {n}.") for n in range(30)])
    part = read(real, data, "p.pdf", budget=Budget(pages=7))
    assert (part.page_count, part.pages_read, len(part.pages)) == (30, 7, 7)
    assert read(real, data, "p.pdf").pages[:7] == part.pages


def test_a_budget_of_time_ends_the_reading_but_not_before_the_first_page(real: Sandbox, drawn: Drawn) -> None:
    data = drawn(*[lines(f"This is the text of page {n}.") for n in range(30)])
    part = read(real, data, "p.pdf", budget=Budget(seconds=0.0))
    assert (part.page_count, part.pages_read) == (30, 1)
    assert "text of page 0" in part.pages[0]
