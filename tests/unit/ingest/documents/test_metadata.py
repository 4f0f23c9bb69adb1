"""Metadata read from front pages drawn in the manner of many publishers."""

import pypdfium2
import pytest

from rag.ingest.documents.layout import layout_of, pages_of
from rag.ingest.documents.metadata import metadata_of
from rag.ingest.documents.model import Metadata
from rag.text import normalised_title, person_key
from tests.unit.ingest.documents import (
    fronts_archives,
    fronts_conferences,
    fronts_journals,
    fronts_others,
    fronts_publishers,
    fronts_societies,
)
from tests.unit.ingest.documents.sheets import FRONTS, Front

assert all((fronts_archives, fronts_conferences, fronts_journals, fronts_others, fronts_publishers, fronts_societies))


def read(front: Front) -> Metadata:
    document = pypdfium2.PdfDocument(front.draw().pdf())
    try:
        pages = pages_of([layout_of(document[number], number) for number in range(len(document))])
        return metadata_of(pages, document.get_metadata_dict(), front.filename)
    finally:
        document.close()


@pytest.fixture(scope="module", params=FRONTS, ids=lambda front: front.name)
def drawn(request: pytest.FixtureRequest) -> tuple[Front, Metadata]:
    front: Front = request.param
    return front, read(front)


def test_the_title_is_the_printed_one(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    assert normalised_title(metadata.title) == normalised_title(front.expected.title)


def test_all_authors_are_named_in_order(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    assert [person_key(name) for name in metadata.authors] == [person_key(name) for name in front.expected.authors]


def test_the_year_is_the_printed_one(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    assert metadata.year == front.expected.year


def test_only_the_own_identifiers_are_taken(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    assert (metadata.doi, metadata.arxiv_id) == (front.expected.doi, front.expected.arxiv_id)


def test_the_abstract_is_whole(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    if not front.expected.abstract:
        assert metadata.abstract == ""
        return
    first, last = ("本文讨论", "更加稳定。") if front.expected.language == "zh" else ("The measured effect", "checked by hand.")
    assert metadata.abstract.startswith(first)
    assert metadata.abstract.endswith(last)


def test_the_language_is_told(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    assert metadata.language == front.expected.language


def test_the_venue_is_named(drawn: tuple[Front, Metadata]) -> None:
    front, metadata = drawn
    if front.expected.venue:
        assert normalised_title(metadata.venue) == normalised_title(front.expected.venue)
