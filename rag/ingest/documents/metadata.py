"""What a document says about itself, from layout, text and embedded metadata, trusting none of them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rag.ingest.documents.abstracts import abstract_of
from rag.ingest.documents.authors import authors_of
from rag.ingest.documents.flow import front_page
from rag.ingest.documents.front import Front
from rag.ingest.documents.identifiers import arxiv_id_of, doi_of
from rag.ingest.documents.imprint import venue_of, year_of
from rag.ingest.documents.languages import language_of, readable
from rag.ingest.documents.model import Block, Metadata, Page
from rag.ingest.documents.titles import embedded_title, title_of

_SAMPLE_PAGES = 12


def metadata_of(pages: Sequence[Page], embedded: Mapping[str, str], filename: str) -> Metadata:
    """The metadata of the document ``pages`` begin.

    ``embedded`` is what the file says of itself, under the names PDF has for it: Title, Author, Subject…, and any other that
    has 'doi' in it. The title is never empty: at the last it is the name of the file.
    """
    front = Front(pages)
    title = title_of(front, embedded, filename)
    abstract = abstract_of(pages, title)
    doi = doi_of(pages, embedded)
    sample = " ".join([title.text, abstract, *(readable(page.text[:4000]) for page in pages[:_SAMPLE_PAGES])])
    return Metadata(
        title=title.text,
        authors=authors_of(front, title, embedded),
        year=year_of(front, title, embedded),
        venue=venue_of(front, title, embedded),
        doi=doi,
        arxiv_id=arxiv_id_of(pages, doi, embedded, filename),
        abstract=abstract,
        language=language_of(sample),
    )


def completed(facts: Metadata, blocks: Sequence[Block], filename: str, *, trusted: bool) -> Metadata:
    """The metadata of a document that is no PDF: ``facts``, what the file says of itself, with what its text says.

    ``trusted`` facts were written for this document, as in the source of a paper or the package of a book; others may be
    leavings of a template, as the properties of an office document, and must stand up to the text.
    """
    page = front_page(blocks)
    embedded = {"Title": facts.title, "Author": "; ".join(facts.authors), "doi": facts.doi}
    found = metadata_of([page], embedded, filename)
    title = embedded_title(embedded)
    if not trusted:
        return replace(found, language=found.language or facts.language)
    return Metadata(
        title=title or found.title,
        authors=facts.authors or found.authors,
        year=facts.year or found.year,
        venue=facts.venue or found.venue,
        doi=facts.doi or found.doi,
        arxiv_id=facts.arxiv_id or found.arxiv_id,
        abstract=facts.abstract or found.abstract,
        language=found.language or facts.language,
    )
