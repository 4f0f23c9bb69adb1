"""RIS."""

import pytest

from rag.ingest.formats.ris import RisReader
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import Written, only, papers, told

READER = RisReader()

RECORD = """
1.
TY  - JOUR
ID  - shannon48
TI  - A Mathematical Theory
of Communication
AU  - Shannon,Claude E.
AU  - Weaver, Warren
PY  - 1948/07//
AB  - We extend the theory to include
a number of new factors.
T2  - Bell System Technical Journal
DO  - https://doi.org/10.1002/j.1538-7305.1948.tb01338.x
UR  - http://example.com; http://www.example.com
KW  - information
KW  - entropy; noise
LA  - English
ER  -
"""


def test_a_whole_record(written: Written) -> None:
    assert only(list(READER.read(written("a.ris", RECORD)))) == PaperRecord(
        source_id="shannon48",
        title="A Mathematical Theory of Communication",
        abstract="We extend the theory to include a number of new factors.",
        authors=["Claude E. Shannon", "Warren Weaver"],
        year=1948,
        venue="Bell System Technical Journal",
        doi="10.1002/j.1538-7305.1948.tb01338.x",
        url="http://example.com",
        language="en",
        keywords=["information", "entropy", "noise"],
    )


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_other_tags_and_line_ends(written: Written, line_end: str) -> None:
    lines = [
        "TY  - CONF",
        "T1  - Title",
        "A1  - Ann Lee",
        "Y1  - 2004",
        "N2  - About.",
        "JO  - J. X",
        "N1  - doi: 10.1063/1.48",
        "ER  - ",
    ]
    paper = papers(READER, written("a.ris", line_end.join(lines)))[0]
    assert (paper.title, paper.authors, paper.year, paper.abstract) == ("Title", ["Ann Lee"], 2004, "About.")
    assert (paper.venue, paper.source_id, paper.doi) == ("J. X", "10.1063/1.48", "10.1063/1.48")


def test_bad_records_are_named_and_the_rest_goes_in(written: Written) -> None:
    path = written(
        "lib.ris",
        "TY  - JOUR\nTI  - One\nTY  - JOUR\nTI  - Two\nER  - \nTY  - JOUR\nAU  - X\nER  - \n"
        "TY  - JOUR\nTI  - Two\nER  -\nTY  - JOUR\nTI  - Cut",
    )
    assert [paper.title for paper in papers(READER, path)] == ["Two"]
    rejected = told(READER, path)
    assert rejected[0] == "lib.ris:1: the record is cut short: it has no ER line"
    assert rejected[1] == "lib.ris:6: no title"
    assert rejected[2].startswith("lib.ris:9: same id as line 3")
    assert rejected[3] == "lib.ris:12: the record is cut short: it has no ER line"


def test_content_names_a_record_without_id(written: Written) -> None:
    record = "TY  - JOUR\nTI  - {}\nAU  - Lee, Ann\nER  - \n"
    first = papers(READER, written("a.ris", record.format("One")))
    both = papers(READER, written("a.ris", record.format("Zero") + record.format("One")))
    assert both[1].source_id == first[0].source_id != both[0].source_id


def test_tags_written_without_spaces(written: Written) -> None:
    assert papers(READER, written("a.ris", "TY  -JOUR\nTI  -Title\nER  -\n"))[0].title == "Title"
    assert papers(READER, written("b.ris", "TY - JOUR\nTI - Title\nER -\n"))[0].title == "Title"


def test_known_by_name_or_by_content(written: Written) -> None:
    assert READER.reads(written("export.txt", RECORD))
    assert not READER.reads(written("notes.txt", "TYPE - notes"))
    assert READER.count(written("b.ris", RECORD * 3)) == 3
    assert READER.count(written("wos.ris", "PT J\nAU X\nER\n")) == 0
