"""What a document says about itself, from layout, text and embedded metadata, trusting none of them alone."""

from collections.abc import Mapping, Sequence

from rag.ingest.documents.abstracts import abstract_of
from rag.ingest.documents.authors import authors_of
from rag.ingest.documents.front import Front
from rag.ingest.documents.identifiers import arxiv_id_of, doi_of
from rag.ingest.documents.imprint import venue_of, year_of
from rag.ingest.documents.languages import language_of
from rag.ingest.documents.model import Metadata, Page
from rag.ingest.documents.titles import title_of

_SAMPLE_PAGES = 6


def metadata_of(pages: Sequence[Page], embedded: Mapping[str, str], filename: str) -> Metadata:
    """The metadata of the document ``pages`` begin.

    ``embedded`` is what the file says of itself, under the names PDF has for it: Title, Author, Subject…, and any other that
    has 'doi' in it. The title is never empty: at the last it is the name of the file.
    """
    front = Front(pages)
    title = title_of(front, embedded, filename)
    abstract = abstract_of(pages)
    doi = doi_of(pages, embedded)
    sample = " ".join([title.text, abstract, *(page.text[:4000] for page in pages[:_SAMPLE_PAGES])])
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
