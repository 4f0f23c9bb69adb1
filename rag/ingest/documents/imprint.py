"""Year and venue of a document from its imprint: copyright, conference and journal lines, stamps and dates, never a reference."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rag.ingest.documents.front import Front, opens_abstract, opens_body
from rag.ingest.documents.model import Page, Span
from rag.ingest.documents.people import looks_like_people
from rag.ingest.documents.titles import Title
from rag.text import normalised_title, one_line

_YEAR = re.compile(r"(?<![\d./:-])(?:1[89]\d{2}|20[0-4]\d)(?![\d/]|\.\d|-\d{3})")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember|spring|summer|fall|autumn|winter|"
    r"janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
    r"gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre)"
)
_SIGNS: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (weight, re.compile(pattern, re.IGNORECASE))
    for weight, pattern in (
        (10, r"©|\(c\)\s*(?:19|20)\d\d|copyright\b"),
        (9, r"^\W*arxiv:"),
        (9, r"\bpublished(?: online)?\b|\bonline first\b|发表日期|出版"),
        (8, r"\bproceedings\b|\bproc\.|\bconference\b|\bworkshop\b|\bsymposium\b|\bappearing in\b|\bcongress\b"),
        (
            8,
            r"\bvol(?:ume|\.)?\b|\bno\.|\bissue\b|(?:19|20)\d\d[,;]\s*\d+\s*(?:\(\d+\))?\s*[:,]|\(\d{1,3}\)\s*[:,]|\b\d{1,4}\s*\((?:19|20)\d\d\)|\((?:19|20)\d\d\)\s*\d+|"
            r"第\s*\d+\s*[卷期]",
        ),
        (7, r"['’]\d\d\b|\b[A-Z][A-Za-z&+-]{2,}\s?-?(?:19|20)\d\d\b"),
        (
            6,
            rf"\b{_MONTH}\b\.?\s*(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s*)?(?:[-–]\s*\d{{1,2}},?\s*)?(?:19|20)\d\d|"
            rf"\d{{1,2}}(?:er)?\.?\s*(?:de\s+)?{_MONTH}\.?,?\s*(?:de\s+)?(?:19|20)\d\d|(?:19|20)\d\d\s*年",
        ),
        (5, r"\baccepted\b|\bto appear\b|\bposted\b|\bcitation\b|\bcite this\b"),
        (3, r"\brevised\b|\bsubmitted\b|\breceived\b|收稿日期"),
        (5, r"^\W*(?:19|20)\d\d\W*$"),
    )
)
_REFERENCE_LIKE = re.compile(
    r"\bet al\b|^\W*\[\d+\]|\(\w+, (?:19|20)\d\d\w?\)|\bdownloaded\b|\baccessed\b|\bgrant\b|\blast modified\b|\bprinted\b|"
    r"\bdraft:",
    re.IGNORECASE,
)
_OWN_CITATION = re.compile(r"^\W*(?:(?:to|how to|please) cite\b|cite (?:this|as)\b|(?:recommended )?citation\b)", re.IGNORECASE)
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_CHINESE_YEAR = re.compile("([二一][〇○零一二三四五六七八九]{3})\\s*年")
_LATER = re.compile(r"^\W*\[\d+\]|\bdownloaded\b|\baccessed\b|\bprinted\b|\blast modified\b|\buploaded\b|\bdraft:", re.IGNORECASE)
"""What dates a copy, or another work."""
_COPYRIGHT_YEAR = re.compile(r"(?:©|\(c\)|copyright)\D{0,40}((?:19|20)\d\d)(?!\d)", re.IGNORECASE)
_SURE, _BARE = 8, 7
_VENUES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(proceedings of (?:the )?[^.;©]{8,200})",
        r"^\W*(?:appear(?:ing|s|ed) in|published in|to appear in|in)\s*:?\s*((?:the )?(?:proc\.|proceedings|\d+(?:st|nd|rd|"
        r"th)|international|journal|conference|workshop|advances)[^.;©]{6,160})",
        r"^\W*((?:(?:19|20)\d\d\s)?(?:(?:ieee|acm|aaai|usenix|ifip|the|\d+(?:st|nd|rd|th)|annual|international|european|"
        r"asian|joint|conference|workshop)[\s/]+)(?:[\w&/–-]+\s+){0,9}(?:conference|symposium|workshop|congress|"
        r"meeting)\b[^.;©]{0,120})",
        r"^\W*((?:conference|workshop|symposium) (?:on|of)\b[^.;©]{4,120}|advances in neural information processing "
        r"systems[^.;©]{0,40}|neural information processing systems\b.{0,30})",
        r"^\W*(\d+(?:st|nd|rd|th) conference on[^.;©]{4,120})",
        r"^\W*((?:international |european |american |british |chinese |the )?(?:journal|annals|archives|bulletin|"
        r"transactions|review|reviews|letters|proceedings) (?:of|on|in|for) [^.;©\d,]{4,80})",
        r"^\W*((?:ieee|acm|siam|asme)[\s/]+(?:transactions|journal|letters|access|computer|software|magazine|communications|"
        r"distributed|internet|security)\b[^.;©\d,]{0,80})",
        r"^\W*((?:[A-Z][\w&-]*\s+){0,6}(?:journal|letters|transactions|review|reports|magazine|bulletin|"
        r"quarterly))\b\W*(?:vol|\d|\(|,|$)",
        r"^\W*((?-i:[A-Z])[\w&’'-]*(?: [\w&’'-]+){1,7})\s*\|\s*(?:www\.|https?:)",
        r"^\W*((?-i:[A-Z][a-z]?[A-Z][A-Za-z&+-]{0,12})\s?(?:['’]\d\d|(?:19|20)\d\d)),?\s.{0,80}(?:\b(?:19|20)\d\d\b|,)",
    )
)
_JOURNAL_LINE = re.compile(
    r"^\W*(?:[^\W\d_][\w’'-]+ (?:et al\.?|(?:and|&) [^\W\d_][\w’'-]+),? )?"
    r"((?:[A-Z][\w.&'’-]*|of|and|the|in|for|on|&)(?:\s(?:[A-Z][\w.&'’:-]*|of|and|the|in|for|on|&)){0,8}?)[\s,]+"
    r"(?:\((?:19|20)\d\d\)\s*(?:\d+|[A-Z]?\d+\s*[:(])|\d{1,4}\s?[a-z]?\s?\((?:19|20)\d\d\)|[Vv]ol(?:ume|\.)?\s*\d+|"
    r"\d{1,4}\s?[a-z]?(?:\.\d+)?\s*(?:[:(]\s*e?\d+|,.{1,20}\((?:19|20)\d\d\)))",
)
_CHINESE_JOURNAL = re.compile(
    r"^\W*([\u4e00-\u9fff]{2,12}(?:学\s*报|杂\s*志|研\s*究|通\s*报|科\s*学|技\s*术|工\s*程|"
    r"应\s*用)(?:[(（][\u4e00-\u9fff]+版[)）])?)\s*(?:\d|第|vol|$)",
    re.IGNORECASE,
)
_LONGEST_VENUE = 220
_LONGEST_IMPRINT = 260


def year_of(front: Front, title: Title, embedded: Mapping[str, str]) -> int | None:
    """The year of publication as it is printed; None when none is. A date of the file's making is no year of the work."""
    best: tuple[int, int] | None = None
    for bonus, text in _imprint(front, title, embedded):
        found = _dated(text)
        if found is None:
            continue
        weight, year = found[0] + bonus, found[1]
        # Of a cover's bare dates the last is that of completion.
        if best is None or weight > best[0] or (weight == best[0] and weight <= _BARE and year > best[1]):
            best = weight, year
    return best[1] if best else None


def _dated(text: str) -> tuple[int, int] | None:
    """How surely a line dates the work, and the year."""
    chinese = _CHINESE_YEAR.search(text)
    if chinese:
        text = text.replace(chinese.group(1), chinese.group(1).translate(_CHINESE_DIGITS))
    years = [int(found.group()) for found in _YEAR.finditer(text)]
    if not years or _LATER.search(text):
        return None
    weight = max((weight for weight, sign in _SIGNS if sign.search(text)), default=0)
    if _OWN_CITATION.match(text):
        weight = _SURE
    elif weight < _SURE and _REFERENCE_LIKE.search(text):
        return None
    claimed = _COPYRIGHT_YEAR.search(text)
    if claimed:
        return weight, int(claimed.group(1))
    return (weight, years[-1] if weight in (9, 5) else years[0]) if weight else None


def _imprint(front: Front, title: Title, embedded: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The lines that may date a work or name its venue, with how much their place is worth."""
    for place, page in enumerate(front.pages[:3]):
        for line in page.margins:
            yield (2 if place == 0 else 0), line.text
        if place == 0 or page.number <= title.page:
            yield from ((1 if place == 0 else 0, text) for text in _lines(page))
    yield 0, one_line(embedded.get("Subject", ""))


def _lines(page: Page) -> list[str]:
    """Lines of a first page without its running text: above the abstract, at the edges, and what begins as an imprint does."""
    lines = sorted(page.lines, key=lambda line: (line.y0, line.x0))
    heading = next((line for line in lines if opens_body(line.text)), None)
    dense = sum(len(line.text) for line in lines) > 1200
    kept: list[str] = []
    for place, line in enumerate(lines):
        above = heading is None or line.y0 < heading.y0 + 2 or (opens_abstract(heading.text) and line.x1 < heading.x0)
        edge = line.y1 < 0.12 * page.height or line.y0 > 0.88 * page.height
        if not dense or (above and len(line.text) < 120 and line.y0 < 0.6 * page.height) or edge or _opens_imprint(line):
            kept.append(_with_following(line, lines[place + 1 : place + 25]) if _opens_imprint(line) else line.text)
    return kept


def _with_following(line: Span, later: Sequence[Span]) -> str:
    """An imprint of several lines as one."""
    text, last = line.text, line
    for other in later:
        below = 0 < other.y1 - last.y1 < 1.6 * line.size and other.x0 < last.x1 and other.x1 > last.x0
        if below and abs(other.size - line.size) < 0.3 and len(text) < _LONGEST_IMPRINT:
            text, last = f"{text} {other.text}", other
    return text


_IMPRINT = re.compile(
    r"^\W*(?:(?:(?:to|how to|please) )?cite|"
    r"date:|copyright|©|\(c\)|proceedings|appearing|published|accepted|received|submitted|article history|to appear|in "
    r"proc|permission|isbn|issn|978-|\d{4} [A-Z]|citation|arxiv:|[A-Z][A-Za-z&+-]{2,12}\s?(?:['’]\d\d|(?:19|20)\d\d)\b|收稿|"
    r"\d+(?:st|nd|rd|th) )",
    re.IGNORECASE,
)


def _opens_imprint(line: Span) -> bool:
    return _IMPRINT.match(line.text) is not None


def venue_of(front: Front, title: Title, embedded: Mapping[str, str]) -> str:
    """The conference or journal; '' when no line names one."""
    wanted = normalised_title(title.text)
    lines = [
        text
        for _, text in _joined_imprint(front, title, embedded)
        if normalised_title(text) not in wanted and not looks_like_people(text)
    ]
    for text in lines:
        journal = _JOURNAL_LINE.match(text) or _CHINESE_JOURNAL.match(text)
        if journal and _is_name(journal.group(1)):
            return _tidy(journal.group(1))
    for pattern in _VENUES:
        for text in lines:
            found = pattern.search(text)
            if found:
                return _tidy(found.group(1))
    return ""


def _joined_imprint(front: Front, title: Title, embedded: Mapping[str, str]) -> Sequence[tuple[int, str]]:
    """The lines of the imprint; one that breaks off goes on with the next."""
    lines = list(_imprint(front, title, embedded))
    joined: list[tuple[int, str]] = []
    for place, (bonus, text) in enumerate(lines):
        if place and re.search(
            r"(?:,|\b(?:of|on|the|for|and|in|conference|annual|international))$", lines[place - 1][1].rstrip(), re.IGNORECASE
        ):
            joined.append((bonus, one_line(f"{lines[place - 1][1]} {text}")))
        joined.append((bonus, one_line(text)))
    return sorted(joined, key=lambda pair: -len(pair[1]) * (pair[1].casefold().startswith("proceedings")))


def _is_name(text: str) -> bool:
    words = text.split()
    return (
        len(text) > 3
        and text[:1].isupper()
        and len(words) <= 10
        and not re.match(
            r"(?:figure|table|section|volume|vol|page|copyright|received|the|in|issn|isbn|no)\b", text, re.IGNORECASE
        )
    ) or text[:1] >= "\u4e00"


def _tidy(text: str) -> str:
    text = re.sub(
        r"(?:\s+published by\b.*|,?\s*(?:pages?|pp\.?)\s*\d.*|,\s*vol(?:ume|\.).*|\s*\(c\).*|\s+doi\b.*)$",
        "",
        text,
        flags=re.IGNORECASE,
    )
    text = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", text)
    return text.strip(" ,.;:-–—()|/")[:_LONGEST_VENUE]
