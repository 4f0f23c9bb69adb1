"""The abstract of a document: what stands under its heading, or between the authors and the first section."""

import re
from collections.abc import Sequence

from rag.ingest.documents.front import opens_abstract
from rag.ingest.documents.model import Page
from rag.ingest.documents.paragraphs import Vocabulary, paragraphs_of
from rag.text import has_cjk

_HEADING = re.compile(
    r"^\W*(?:extended )?(?:abstract|summary|zusammenfassung|résumé|resumen|riassunto|(?:内容)?[摘概]\s*要|"
    r"内容提要)\s*[.:：—–\-|\]】]*\s*",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^\W*(?:(?:key\s?words?|index terms|general terms|categories and subject|ccs concepts|acm reference|keywords and "
    r"phrases|jel|msc|pacs|subjects|introduction\W*$|contents\W*$|"
    r"background$|1\.?\s+\w|i\.\s+[a-z]|关键[词字]|中图分类号|引言|目\s*录|abstract$|©|copyright|permission to|received|"
    r"corresponding|additional key|article info|highlights|how to cite|"
    r"open access|citation|editor|funding|data availability)|[1一]\s*[、.]?\s*(?:引言|绪论|前言|introduction))",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(
    r"\s*(?:key\s?words(?: and phrases)?\s*[:—–-]|index terms\s*[:—–-]|关键[词字]\s*[:：]).*$", re.IGNORECASE | re.DOTALL
)
_SHORTEST, _LONGEST = 80, 6000
"""Characters, Chinese ones counting three times."""


def abstract_of(pages: Sequence[Page]) -> str:
    """The abstract as running text; '' when no heading shows it."""
    for page in pages[:5]:
        paragraphs = _paragraphs(page)
        for place, (paragraph, _) in enumerate(paragraphs):
            if opens_abstract(paragraph):
                abstract = _after(paragraphs, place)
                if _weight(abstract) >= _SHORTEST and not abstract.count("....") > 1:
                    return abstract
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
        if parts and _weight(parts[-1]) > _SHORTEST and len(paragraph) < 60 and not paragraph.endswith((".", "。")):
            break
        size = own
        parts.append(paragraph)
    return _KEYWORDS.sub("", "\n\n".join(parts)).strip()[:_LONGEST]


def _weight(text: str) -> int:
    return len(text) * (3 if has_cjk(text[:40]) else 1)
