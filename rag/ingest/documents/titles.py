"""The title of a document: what stands out on its first pages, held against its embedded title and its running heads."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rag.ingest.documents.front import Front, Group, opens_abstract, opens_body, plain
from rag.ingest.documents.headings import is_references
from rag.ingest.documents.languages import is_garbled
from rag.ingest.documents.people import is_affiliation, looks_like_people, people_in
from rag.ingest.documents.phrases import BANNER, DEGREE_WORK
from rag.text import has_cjk, normalised_title, one_line

_TEMPLATE = re.compile(
    "|".join(
        (
            r"^(?:microsoft (?:word|powerpoint)\b.*|untitled.*|(?:no )?title.{0,3}|document\d*|doc\d+|new document.*|"
            r"presentation\d*|slide \d+)$",
            r"^(?:powerpoint.*|google docs.*|cover(?: page)?|journal .{0,20}template|.*\.\.\.|(?:la)?tex output.*|"
            r"\(anonymous\))$",
            r"^(?:full|final|camera[- ]ready|submission|paper|main|manuscript|draft|article|template|report|thesis|layout|"
            r"print|proof|ms|test|temp|output)"
            r"[\W_]*(?:\d*|v\d+|final|version|paper|draft)\W*$",
            r"^(?:paper title.*|insert title.*|instructions (?:for|to).*|preparation of papers.*|author guidelines.*)$",
            r"^.*\.(?:docx?|pptx?|tex|dvi|pdf|ps|eps|indd|rtf|odt|qxd|fm|p65|html?|txt|xlsx?|wpd|md)$",
            r"^(?:[\d\W_]+|\w{1,3}|\S*\d\S*:?\s*\d+\.\.\d+|(?:pii|doi|arxiv)\W?.*|10\.\d{4}.*|s\d{4}-.*|https?:.*|\S+@\S+)$",
            r"^(?:sig|acm|ieee)[- ]?(?:proceedings|conf|alternate|paper|word)?.{0,20}(?:template|paper|sp|format)$",
        )
    ),
    re.IGNORECASE,
)
_PROCEEDINGS = re.compile(
    r"^(?:proceedings\b|proc\.|lecture notes|(?:international )?journal of|ieee transactions|acm trans)", re.IGNORECASE
)
_LABEL = re.compile(r"^\W*(?:title|titel|(?:论\s*文|中\s*文)?\s*(?:题\s*目|标\s*题))\s*[:：]\s*(.{4,})$", re.IGNORECASE)
_NET = re.compile(r"@|https?:|www\.", re.IGNORECASE)
_FORM = re.compile(
    r"^\W*(?:学?\s*号|学\s*院|院\s*系|系\s*别|专\s*业|学科专业|班\s*级|(?:学\s*生|作\s*者)?\s*姓\s*名|导\s*师|指导教师.{0,4}|日\s*期|年\s*级|单\s*位|"
    r"培养单位|研究方向|答辩.{0,4}|密\s*级|分类号|学校代码|申请.{0,6}|UDC)\s*[:：]"
)
"""The fields of a form on the cover of a thesis."""
_SCHOOL = re.compile(
    r"^(?:the )?(?:[\w.&'’-]+ ){0,4}(?:university|universität|université|universidad|università|college|institute of "
    r"technology)(?: (?:of|at|in|zu|de|di)(?: [\w.-]+){1,4})?(?:, [\w .]+)?$"
    r"|^(?:(?:department|faculty|school|institute?|college) (?:of|for) )[\w ,&-]{3,60}$|^.{2,12}(?:大学|学院|大學|學院|"
    r"研究院|研究生院)(?:.{0,6}(?:校|院|系|分校|校区))?$",
    re.IGNORECASE,
)
_TITLE_LONGEST = 45
"""Words; more are a paragraph."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title, and where it stands: what follows it are the authors."""

    text: str
    page: int
    group: Group | None
    """None where it was not found on a page."""
    subtitle: Group | None = None

    @property
    def bottom(self) -> float:
        """Where it ends on its page."""
        if self.group is None:
            return 0.0
        return max(self.group.bottom, self.subtitle.bottom if self.subtitle else 0.0)


def embedded_title(embedded: Mapping[str, str]) -> str:
    """The title in the file's own metadata, unless it is a template's, a file name, or that of a whole volume."""
    title = one_line(embedded.get("Title", ""))
    title = (
        re.sub(r"^microsoft (?:word|powerpoint)\s*-\s*", "", title, flags=re.IGNORECASE)
        if title.casefold().startswith("microsoft")
        else title
    )
    if _TEMPLATE.match(title) or _PROCEEDINGS.match(title):
        return ""
    words = title.split()
    if len(words) < 2 and not has_cjk(title):
        return ""
    return title if any(letter.isalpha() for letter in title) and "\ufffd" not in title else ""


def title_of(front: Front, embedded: Mapping[str, str], filename: str) -> Title:
    """The title; the name of the file when nothing else will do."""
    stated = embedded_title(embedded)
    ranked = sorted(_scored(front, stated), key=lambda pair: -pair[0])
    labelled = _labelled(front)
    if labelled is not None:
        return labelled
    if ranked and ranked[0][0] > 0:
        return _confirmed(front, ranked[0][1], stated)
    if stated:
        return Title(stated, 0, None)
    if ranked and ranked[0][0] > -10:
        return _whole(front, ranked[0][1])
    return Title(title_in_name(filename), 0, None)


def title_in_name(filename: str) -> str:
    """The name of a file as a title: without folder, ending and underscores."""
    return one_line(re.sub(r"[_+]+|%20", " ", PurePath(filename.replace("\\", "/")).stem)) or "Untitled"


def _labelled(front: Front) -> Title | None:
    """'Title: …', as cover sheets and Chinese theses have it."""
    for groups in front.groups[:2]:
        for group in groups:
            found = _LABEL.match(group.lines[0].text)
            if found and not opens_body(found.group(1)) and not is_garbled(group.text):
                text = plain(group.lines)
                return Title(_tidy(_LABEL.sub(r"\1", text)), group.page, group)
    return None


def _scored(front: Front, stated: str) -> list[tuple[float, Group]]:
    """Every group of lines on the first pages that might be the title, and how much speaks for it."""
    scored: list[tuple[float, Group]] = []
    for index, groups in enumerate(front.groups):
        largest = max((group.size for group in groups if _may_be_title(group)), default=0.0)
        height = front.pages[index].height or 1.0
        abstract = min((group.top for group in groups if opens_abstract(group.lines[0].text)), default=height)
        for place, group in enumerate(groups):
            if not _may_be_title(group):
                continue
            score = _score(front, group, groups, largest, height) - 5.0 * index - 0.3 * min(place, 10)
            score += 8.0 * _agreement(normalised_title(group.text), normalised_title(stated))
            if group.top > abstract:
                score -= 10.0
            scored.append((score, group))
    return scored


def _score(front: Front, group: Group, groups: Sequence[Group], largest: float, height: float) -> float:
    text = group.text
    words = len(text) / 3 if has_cjk(text) else len(text.split())
    normal = normalised_title(text)
    score = 10.0 * (group.size / largest) - 8.0 + 8.0 * min(1.0, max(0.0, group.size / front.body_size - 1.0) * 2)
    if words < 4 and any(other.size > 1.05 * front.body_size and _rivals(other, group) for other in groups):
        score -= 6.0
    score += 1.5 * group.bold - 4.0 * (group.top / height)
    score += 2.0 if 4 <= words <= 25 else -2.0 if words < 3 else -6.0 if words > 30 else 0.0
    if any(len(head) > 10 and (normal.startswith(head) or head in normal or normal in head) for head in front.running_heads):
        score += 3.0
    if looks_like_people(text):
        score -= 6.0
    if is_affiliation(text) and words < 8 and (not has_cjk(text) or people_in(text.split()[-1])):
        score -= 5.0
    if text.endswith((".", ":", ";")) and words > 12:
        score -= 3.0
    if group.size <= front.body_size * 1.02 and not (group.bold or text.isupper()):
        score -= 6.0
    return score


def _rivals(other: Group, group: Group) -> bool:
    """Whether a longer text below is set nearly as large: what stands above it is the name of a journal or a section of it."""
    text = other.text
    words = len(text) / 3 if has_cjk(text) else len(text.split())
    return (
        other.top > group.top
        and other.size > 0.7 * group.size
        and words >= 5
        and _may_be_title(other)
        and not looks_like_people(text)
    )


def _may_be_title(group: Group) -> bool:
    text = group.text
    letters = sum(1 for letter in text if letter.isalpha())
    if letters < 4 or letters < 0.5 * len(text.replace(" ", "")) or len(text.split()) > _TITLE_LONGEST or len(text) > 400:
        return False
    if (
        is_garbled(text)
        or BANNER.match(text)
        or DEGREE_WORK.match(text)
        or _SCHOOL.match(text)
        or _FORM.match(text)
        or _NET.search(text)
        or opens_body(text)
    ):
        return False
    return not is_references(text) and re.match(r"\[\d+\]\s", text) is None


def _agreement(own: str, stated: str) -> float:
    """From 0 to 1: the share of the longer title that the shorter has, as a run of words."""
    if not own or not stated:
        return 0.0
    shorter, longer = sorted((own, stated), key=len)
    return len(shorter) / len(longer) if shorter in longer and len(shorter) > 8 else 0.0


def _confirmed(front: Front, group: Group, stated: str) -> Title:
    """The title on the page, made whole by the embedded one when all of that is on the page too."""
    title = _whole(front, group)
    own, other = normalised_title(title.text), normalised_title(stated)
    if not other or own == other or len(other) < 9:
        return title
    index = next((at for at, page in enumerate(front.pages) if page.number == group.page), 0)
    if own in other and other in front.text(index):
        return Title(stated, title.page, title.group, title.subtitle)
    return title


def _whole(front: Front, group: Group) -> Title:
    """The group with what belongs to it: a subtitle in smaller letters below."""
    index = next((at for at, page in enumerate(front.pages) if page.number == group.page), 0)
    text = _tidy(group.text)
    below = next((other for other in front.groups[index] if other.top >= group.bottom - 2 and other is not group), None)
    if below is not None and _is_subtitle(front, group, below):
        joint = " " if text.endswith((":", "?", "!", "-", "–", "—")) else ": "
        return Title(text + joint + _tidy(below.text), group.page, group, below)
    return Title(text, group.page, group)


def _is_subtitle(front: Front, group: Group, below: Group) -> bool:
    text = below.text
    if below.top - group.bottom > 1.2 * group.size or not _may_be_title(below) or looks_like_people(text) or is_affiliation(text):
        return False
    if below.size < max(1.08 * front.body_size, 0.6 * group.size) or below.size > 1.02 * group.size:
        return False
    words = text.split()
    # A subtitle speaks in words: a line of capitalised words only may as well be names.
    return len(words) >= 3 and sum(1 for word in words if word[:1].islower()) >= 1 and below.bold == group.bold


def _tidy(text: str) -> str:
    text = re.sub(r"\s+([,:;?!.])", r"\1", one_line(text))
    return text.strip(" .*∗†‡§,;-–—:").strip() if not text.endswith(("?", "!", "...")) else text.strip(" *∗†‡§")
