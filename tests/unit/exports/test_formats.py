"""RIS, CSL-JSON, CSV and Markdown are read back as they were meant."""

import csv
import io
import json

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.exports import Format, export, format_named
from rag.exports.kinds import Kind, Name, kind_of, name_of
from rag.papers import Paper, PaperId
from rag.text import one_line
from tests.unit.exports.papers import BARE, CHINESE, HARD, drawn


def test_ris_is_read_back_by_rispy() -> None:
    hard, chinese, bare = rispy.loads(export([HARD, CHINESE, BARE], Format.RIS))
    assert (hard["type_of_reference"], hard["title"], hard["year"], hard["doi"]) == ("JOUR", HARD.title, "2019", HARD.doi)
    assert hard["authors"][:4] == ["van Beethoven, Ludwig", "Müller, José", "李飞飞", "OpenAI"]
    assert (hard["keywords"], hard["urls"]) == (list(HARD.keywords), [HARD.url])
    assert hard["abstract"] == one_line(HARD.abstract)
    assert (chinese["title"], chinese["authors"]) == (CHINESE.title, list(CHINESE.authors))
    assert (bare["type_of_reference"], bare["title"]) == ("GEN", BARE.title)


@given(st.lists(drawn, min_size=1, max_size=4, unique_by=lambda paper: paper.id))
def test_whatever_is_in_a_paper_one_ris_record_comes_out(papers: list[Paper]) -> None:
    found = rispy.loads(export(papers, Format.RIS))
    assert [record["id"] for record in found] == [paper.id for paper in papers]
    assert [record.get("year", "") for record in found] == [str(paper.year or "") for paper in papers]


def test_csl_json_has_the_fields_of_its_schema() -> None:
    hard, chinese, bare = json.loads(export([HARD, CHINESE, BARE], Format.CSL_JSON))
    assert (hard["type"], hard["title"], hard["DOI"]) == ("article-journal", HARD.title, HARD.doi)
    assert hard["issued"] == {"date-parts": [[2019]]}
    assert hard["author"][:3] == [
        {"family": "van Beethoven", "given": "Ludwig"},
        {"family": "Müller", "given": "José"},
        {"literal": "李飞飞"},
    ]
    assert hard["author"][4] == {"family": "King", "given": "Martin L.", "suffix": "Jr."}
    assert chinese["container-title"] == CHINESE.venue
    assert bare == {"id": "titlealone", "type": "document", "title": BARE.title}


def test_csv_is_read_back_and_runs_no_formula() -> None:
    danger = Paper(PaperId("p9"), "=HYPERLINK(1)", authors=("+Evil", "B, C"))
    rows = list(csv.DictReader(io.StringIO(export([HARD, danger], Format.CSV))))
    assert (rows[0]["title"], rows[0]["doi"], rows[0]["year"]) == (HARD.title, HARD.doi, "2019")
    assert rows[0]["authors"].split("; ")[2] == "李飞飞"
    assert (rows[1]["title"], rows[1]["authors"]) == ("'=HYPERLINK(1)", "'+Evil; B, C")


def test_a_markdown_list_shows_the_text_as_it_is() -> None:
    html = MarkdownIt().render(export([HARD, BARE], Format.MARKDOWN))
    assert html.count("<li>") == 2
    assert "50% of {braces}, $x_1^2$ ~ #tags" in html.replace("&amp;", "&")
    assert "<code>" not in html


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("BibTeX", Format.BIBTEX),
        ("bib", Format.BIBTEX),
        ("RIS", Format.RIS),
        ("EndNote", Format.RIS),
        ("csl json", Format.CSL_JSON),
        ("Excel", Format.CSV),
        ("参考文献", Format.MARKDOWN),
        ("references", Format.MARKDOWN),
        ("docx", None),
    ],
)
def test_formats_have_the_names_that_people_use(name: str, meant: Format | None) -> None:
    assert format_named(name) is meant


@pytest.mark.parametrize(
    ("venue", "arxiv_id", "kind"),
    [
        ("NeurIPS", "1", Kind.CONFERENCE),
        ("Proceedings of the 58th Annual Meeting of the ACL", "", Kind.CONFERENCE),
        ("Proceedings of the National Academy of Sciences", "", Kind.ARTICLE),
        ("Journal of Machine Learning Research", "", Kind.ARTICLE),
        ("Nature", "", Kind.ARTICLE),
        ("计算机学报", "", Kind.ARTICLE),
        ("arXiv", "1706.03762", Kind.PREPRINT),
        ("", "1706.03762", Kind.PREPRINT),
        ("", "", Kind.OTHER),
    ],
)
def test_the_kind_of_publication_is_told_by_its_venue(venue: str, arxiv_id: str, kind: Kind) -> None:
    assert kind_of(Paper(PaperId("p1"), "x", venue=venue, arxiv_id=arxiv_id)) is kind


@pytest.mark.parametrize(
    ("author", "name"),
    [
        ("Ada Lovelace", Name("Lovelace", "Ada")),
        ("Lovelace, Ada", Name("Lovelace", "Ada")),
        ("Laurens van der Maaten", Name("van der Maaten", "Laurens")),
        ("Van Gogh", Name("Gogh", "Van")),
        ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
        ("李飞飞", Name("李飞飞")),
        ("OpenAI", Name("OpenAI")),
    ],
)
def test_names_are_parted(author: str, name: Name) -> None:
    assert name_of(author) == name
