"""A paper as an object with the usual names of a paper's fields, as our own JSON Lines, the BEIR layout and tables have it."""

from collections.abc import Mapping
from typing import Any

from rag.ingest.draft import Draft, keyword_list
from rag.ingest.names import people
from rag.text import one_line, sentences

_TITLE_WORDS = 15


def draft_of(value: Mapping[str, Any], line: int) -> Draft:
    """The draft of one object. In the BEIR layout (``_id`` and ``text``) an empty title is made from the text's first words."""
    metadata = value.get("metadata")
    fields = {**metadata, **value} if isinstance(metadata, dict) else value
    title, abstract = _text(fields, "title"), _text(fields, "abstract", "text", "summary")
    if "_id" in value and not title.strip():
        title = _first_words(abstract)
    return Draft(
        line=line,
        source_id=_text(fields, "_id", "id", "source_id", "key"),
        title=title,
        abstract=abstract,
        authors=people(fields.get("authors") or fields.get("author")),
        year=fields.get("year"),
        venue=_text(fields, "venue", "journal", "booktitle"),
        doi=_text(fields, "doi", "DOI"),
        arxiv_id=_text(fields, "arxiv_id", "arxiv", "eprint"),
        url=_text(fields, "url", "URL"),
        language=_text(fields, "language"),
        keywords=_keywords(fields.get("keywords")),
    )


def _keywords(value: object) -> list[str]:
    if isinstance(value, str):
        return keyword_list(value)
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _text(fields: Mapping[str, Any], *names: str) -> str:
    """The first of the fields that says something: a string or number, the first of a list, the name of an object."""
    for name in names:
        value = fields.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
    return ""


def _first_words(text: str) -> str:
    """The first sentence, or its first fifteen words; Chinese, which has no words between spaces, in 40 characters."""
    first = next(iter(sentences(one_line(text[:2_000]))), "")
    words = first.split()
    if len(words) > _TITLE_WORDS:
        return " ".join(words[:_TITLE_WORDS]) + " …"
    return first if len(first) <= 200 else first[:40] + "…"
