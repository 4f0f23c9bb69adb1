"""Rows into nouns."""

from typing import Any

from rag.papers import Paper, PaperId


def paper_from_row(row: tuple[Any, ...]) -> Paper:
    """A row of the query ``papers_by_key`` as a Paper; its first membership gives the source id."""
    (_, public_id, title, abstract, authors, year, venue, doi, arxiv_id, url, language, keywords) = row[:12]
    source_ids, names, knowledge, file_id = row[12:]
    return Paper(
        id=PaperId(public_id),
        title=title,
        abstract=abstract,
        authors=tuple(authors),
        year=year,
        venue=venue,
        doi=doi,
        arxiv_id=arxiv_id,
        url=url,
        language=language,
        keywords=tuple(keywords),
        source_id=source_ids[0] if source_ids else "",
        # One that holds several records of the paper is named once.
        collections=tuple(dict.fromkeys(names)),
        knowledge=tuple(knowledge),
        file_id=file_id,
    )
