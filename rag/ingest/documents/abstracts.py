"""The abstract of a document: what stands under its heading, or between the authors and the first section."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest

from rag.ingest.documents.front import opens_abstract
from rag.ingest.documents.headings import CONTENTS, KNOWN
from rag.ingest.documents.languages import is_garbled
from rag.ingest.documents.model import Page
from rag.ingest.documents.paragraphs import Vocabulary, paragraphs_of
from rag.ingest.documents.people import is_affiliation, looks_like_people
from rag.ingest.documents.titles import Title
from rag.text import has_cjk, normalised_title, one_line

_HEADING = re.compile(
    r"^\W*(?:extended )?(?:abstract|summary|zusammenfassung|résumé|resumen|riassunto|(?:内容)?[摘概]\s*要|"
    r"内容提要)\s*[.:：—–\-|\]】]*\s*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^\W*(?:(?:key\s?words?|index terms|general terms|categories and subject|ccs concepts|acm reference|keywords and "
    r"phrases|jel|msc|pacs|subjects|(?:(?:19|20)\d\d\s)?(?:acm|ams|mathematics)\s(?:subject\s)?classification|introduction\W*$|contents\W*$|"
    r"background$|1\.?\s+\w|i\.\s+[a-z]|关键[词字]|中图分类号|引言|目\s*录|abstract$|©|copyright|permission to|received|"
    r"corresponding|additional key|article info|highlights|how to cite|"
    r"open access|citation|editor|funding|data availability)|[1一]\s*[、.]?\s*(?:引言|绪论|前言|introduction))",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(
    r"\s*(?:key\s?words(?: and phrases)?\s*[:—–-]|index terms\s*[:—–-]|关键[词字]\s*[:：]).*$", re.IGNORECASE | re.DOTALL
)
_RIGHTS = re.compile(
    r"\s*(?:©|\(c\)|[qc])\s*\d{4}\s.{0,60}?(?:all rights reserved|published by .{0,40}|ltd|b\.v|inc)\.?\W*$", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’)\]\d]*$")
_SHORTEST, _LONGEST = 80, 6000
"""Characters, Chinese ones counting three times."""


def abstract_of(pages: Sequence[Page], title: Title) -> str:
    """The abstract as running text; '' when neither a heading nor its setting shows it."""
    wanted = normalised_title(title.text)
    for page in pages[:5]:
        # The title may come again below the heading.
        paragraphs = [each for each in _paragraphs(page) if normalised_title(each[0]) != wanted]
        for place, (paragraph, _) in enumerate(paragraphs):
            if opens_abstract(paragraph):
                abstract = _after(paragraphs, place)
                if _weight(abstract) >= _SHORTEST and not CONTENTS.search(abstract) and not is_garbled(abstract):
                    return abstract
    return _unheaded(pages, title)


def _unheaded(pages: Sequence[Page], title: Title) -> str:
    """The first paragraph below the title when it is set apart from the text, or when the first section begins after it."""
    page = next((page for page in pages if page.number == title.page), None)
    if page is None or title.group is None:
        return ""
    body = Counter({(0.0, False): 0})
    for line in (line for each in pages for line in each.lines):
        body[line.size, line.bold] += len(line.text)
    usual = max(body, key=lambda style: body[style])
    below = [each for each in paragraphs_of(page.lines, Vocabulary([page.text])) if each.lines[0].y0 >= title.bottom - 2]
    for paragraph, after in zip_longest(below, below[1:]):
        text, line = one_line(paragraph.text), paragraph.lines[0]
        if _weight(text) < 3 * _SHORTEST or not _SENTENCE_END.search(text) or _NEXT.match(text) or is_affiliation(text[:60]):
            continue
        apart = abs(line.size - usual[0]) > 0.04 * usual[0] or (line.bold and not usual[1])
        opened = (
            after is not None
            and len(after.text) < 300
            and (_NEXT.match(after.text) is not None or KNOWN.match(after.text) is not None)
        )
        return _KEYWORDS.sub("", text)[:_LONGEST] if apart or opened else ""
    return ""


def _paragraphs(page: Page) -> list[tuple[str, float]]:
    """Text and font size of each paragraph; the size is 0 where there is no layout."""
    if not page.lines:
        return [(paragraph.strip(), 0.0) for paragraph in page.text.split("\n\n")]
    vocabulary = Vocabulary([page.text])
    return [(paragraph.text, paragraph.lines[-1].size) for paragraph in paragraphs_of(page.lines, vocabulary)]


def _after(paragraphs: Sequence[tuple[str, float]], place: int) -> str:
    """What follows the heading, until a heading comes or the letters have another size."""
    first = _HEADING.sub("", paragraphs[place][0], count=1)
    parts = [first] if first else []
    size = paragraphs[place][1] if first else None
    for paragraph, own in paragraphs[place + 1 :]:
        if _NEXT.match(paragraph) or sum(map(_weight, parts)) > _LONGEST:
            break
        if size is not None and abs(own - size) > 0.04 * size:
            break
        if parts and looks_like_people(paragraph.split("\n")[0]):
            break
        if parts and _weight(parts[-1]) > _SHORTEST and len(paragraph) < 60 and not paragraph.endswith((".", "。")):
            break
        size = own
        parts.append(paragraph)
    return _RIGHTS.sub("", _KEYWORDS.sub("", "\n\n".join(parts)).strip())[:_LONGEST]


def _weight(text: str) -> int:
    return len(text) * (3 if has_cjk(text[:40]) else 1)
