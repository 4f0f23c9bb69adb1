"""The nouns."""

from hashlib import sha256

import pytest
from pydantic import ValidationError

from rag.papers import Filters, Outline, Paper, PaperId, PaperRecord, PassageText, Section, paper_id, work_key


def test_a_record_is_kept_in_normal_form() -> None:
    record = PaperRecord(
        source_id=" k ", title="A\x00 title\n here", authors=["", " B  C "], doi="https://doi.org/10.1/X", arxiv_id="1706.03762v2"
    )
    assert (record.source_id, record.title, record.authors) == ("k", "A title here", ["B C"])
    assert record.arxiv_id == "1706.03762"


def test_a_record_without_a_title_is_refused() -> None:
    with pytest.raises(ValidationError):
        PaperRecord(source_id="k", title=" \n")


def test_the_hash_changes_with_every_field() -> None:
    record = PaperRecord(source_id="k", title="t")
    assert record.content_hash() == PaperRecord(source_id="k", title="t").content_hash()
    assert record.content_hash() != PaperRecord(source_id="k", title="t", year=2000).content_hash()


def test_the_hash_of_a_record_without_outline_is_as_before_there_were_any() -> None:
    record = PaperRecord(source_id="k", title="t", passages=[PassageText(text="Some text.")])
    assert record.content_hash() == sha256(record.model_dump_json(exclude={"groups", "outline"}).encode()).digest()
    outline = Outline((Section("1 Introduction", 1, 0),))
    assert record.content_hash() != record.model_copy(update={"outline": outline}).content_hash()


def test_ids_are_stable_and_tell_collections_apart() -> None:
    assert paper_id("a", "1") == paper_id("a", "1") != paper_id("b", "1")
    assert paper_id("a", "1").isalnum()


@pytest.mark.parametrize(
    ("fields", "link"),
    [
        ({"url": "https://x.org/1", "doi": "10.1000/a"}, "https://x.org/1"),
        ({"url": "javascript:alert(1)", "doi": "10.1000/a"}, "https://doi.org/10.1000/a"),
        ({"arxiv_id": "1706.03762"}, "https://arxiv.org/abs/1706.03762"),
        ({}, ""),
    ],
)
def test_link(fields: dict[str, str], link: str) -> None:
    assert Paper(PaperId("p"), "t", **fields).link == link  # type: ignore[arg-type]


def test_a_work_needs_title_author_and_year() -> None:
    whole = PaperRecord(source_id="k", title="A Title", authors=["Ada Byron"], year=1843)
    assert work_key(whole) == "a title|byron|1843"
    assert work_key(whole.model_copy(update={"year": None})) == ""
    assert work_key(whole.model_copy(update={"authors": []})) == ""


def test_years_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValidationError, match="year_from 2020 is after year_to 2010"):
        Filters(year_from=2020, year_to=2010)
