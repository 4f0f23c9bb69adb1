"""The authors of a document: the names between its title and its abstract, held against those embedded in the file."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from rag.ingest.documents.front import Front, opens_abstract, opens_body
from rag.ingest.documents.model import Page, Span
from rag.ingest.documents.people import begins_with_person, is_affiliation, is_person, people_in
from rag.ingest.documents.phrases import CONTACT
from rag.ingest.documents.titles import Title
from rag.text import fold, has_cjk, normalised_title, one_line, person_key

_LABEL = re.compile(
    r"^\W*(?:(?:(?:written|submitted|presented|prepared|vorgelegt|eingereicht)\s+)?(?:by|von|par)\b(?!\s+the)|"
    r"authors?(?:\(s\))?\s*[:：]|autor(?:in|en)?\s*[:：]|student(?:\s+name)?\s*[:：]|name\s*[:：]|candidate\s*[:：]|"
    r"作\s*者(?:\s*姓\s*名)?\s*[:：]?|(?:学\s*生|研\s*究\s*生)?\s*姓\s*名\s*[:：]?)\s*(.*)$",
    re.IGNORECASE,
)
_SUPERVISOR = re.compile(
    r"supervis|advis[oe]r|betreuer|gutachter|examiner|referent|committee|编辑|指导|导师|审|editor|communicated|reviewed|"
    r"corresponding|correspondence",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"^\W*(?:related (?:content|articles)|you may also like|cited by|this article (?:cites|has been cited))", re.IGNORECASE
)
"""Below stand other works and their authors."""
_PARTICLES = frozenset("da das de del della der di dos du ibn la le van von zu".split())
"""A name does not end with one of these."""
_MOST = 200


def authors_of(front: Front, title: Title, embedded: Mapping[str, str]) -> tuple[str, ...]:
    """The authors in order; empty when none can be told."""
    printed = _printed(front, title)
    stated = embedded_authors(embedded)
    text = fold(" ".join(line.text for page in front.pages[:4] for line in (*page.lines[:150], *page.margins)))
    on_page = [name for name in stated if person_key(name).split()[-1:] and person_key(name).split()[-1] in text]
    if not printed:
        return tuple(stated)
    if len(stated) > len(printed) and len(on_page) == len(stated) and _shares(stated, printed):
        return tuple(stated)
    return tuple(printed[:_MOST])


def embedded_authors(embedded: Mapping[str, str]) -> list[str]:
    """The people the file's own metadata names as authors; accounts, programs and institutions are none."""
    text = one_line(embedded.get("Author", ""))
    return _once(people_in(re.sub(r"\s+-\s+", " ; ", text)))


def _shares(stated: Sequence[str], printed: Sequence[str]) -> bool:
    keys = {person_key(name).split()[-1] for name in stated if person_key(name)}
    return any(key and key.split()[-1] in keys for key in map(person_key, printed))


def _printed(front: Front, title: Title) -> list[str]:
    labelled = _labelled(front)
    found: list[str] = []
    for page, bottom, top in _places(front, title):
        names = _once(_names(_region(front, page, bottom))) or _once(_names(_beside_abstract(page, bottom))) or _above(page, top)
        if len(names) > len(found):
            found = names
    return found if found and len(labelled) <= len(found) else labelled or found


def _places(front: Front, title: Title) -> list[tuple[Page, float, float]]:
    """The pages that have the title, and where it ends and begins: after a cover sheet it comes once more."""
    if title.group is None:
        return []
    index = next((at for at, page in enumerate(front.pages) if page.number == title.page), 0)
    places = [(front.pages[index], title.bottom, title.group.top)]
    wanted = normalised_title(title.text)
    for page, groups in zip(front.pages, front.groups, strict=False):
        for group in groups:
            if page.number != title.page and group.size > 0.9 * front.body_size and _alike(normalised_title(group.text), wanted):
                places.append((page, group.bottom, group.top))
                break
    return places


def _alike(one: str, other: str) -> bool:
    """Whether two normalised titles share most of their words."""
    words, others = set(one.split()), set(other.split())
    return len(words & others) >= max(3, 0.75 * max(len(words), len(others))) or (len(one) > 5 and one == other)


def _region(front: Front, page: Page, bottom: float) -> list[Span]:
    """The lines between the title and the abstract, row by row."""
    below = _by_row(line for line in page.lines if line.y0 >= bottom - 2)
    end = _end(below, page.height, front.body_size)
    return [line for line in below if line.y0 < end]


def _by_row(lines: Iterable[Span]) -> list[Span]:
    return sorted(lines, key=lambda line: (round(line.y1 / 3), line.x0))


def _beside_abstract(page: Page, bottom: float) -> list[Span]:
    """Below the title, but to the left of the abstract, where some layouts have the authors."""
    heading = next((line for line in page.lines if opens_abstract(line.text) and line.y0 >= bottom - 2), None)
    if heading is None:
        return []
    beside = [line for line in page.lines if line.y0 >= bottom - 2 and line.x1 < heading.x0]
    return sorted(beside, key=lambda line: (round(line.x0 / 40), line.y1))


def _above(page: Page, top: float) -> list[str]:
    """Reports and books may name their authors above the title."""
    lines = _by_row(line for line in page.lines if top - 150 < line.y1 < top + 2)
    return _once([name for line in lines for name in _line_names(line) if not is_affiliation(line.text)])


def _end(lines: Sequence[Span], height: float, body: float) -> float:
    """Where the abstract or the text begins."""
    for line in lines:
        if opens_body(line.text):
            return line.y0 - 1
    run = 0
    last: Span | None = None
    for line in lines:
        same = last is not None and abs(last.x0 - line.x0) < 15 and 0 < line.y0 - last.y0 < 2 * line.size
        run = run + 1 if same and len(line.text) > 55 and not people_in(line.text, line.raised) else 0
        last = line
        if run >= 3 and line.size <= 1.1 * body:
            return line.y0 - 4 * line.size
    return 0.75 * height


def _names(region: Sequence[Span]) -> list[str]:
    """Names line by line. The first line of names shows how names are set; where affiliations are set alike, content decides."""
    names: list[str] = []
    style: tuple[float, bool] | None = None
    others: set[tuple[float, bool]] = set()
    misses = 0
    # What stands there twice, alone on its line, is no person: 'San Marino' under each of the authors.
    lines = _unbroken(region)
    repeated = Counter(key for line in lines for key in set(map(person_key, _line_names(line))))
    for line in lines:
        if _OTHERS.match(line.text):
            break
        own = (round(line.size), line.bold)
        if _SUPERVISOR.search(line.text) and not has_cjk(line.text):
            if names:
                break
            continue
        every = _line_names(line)
        found = [name for name in every if repeated[person_key(name)] == 1 or len(every) > 1]
        if not found:
            others.add(own)
            misses += bool(names)
            continue
        if style is None:
            style = own
        if own != style and (len(found) < 2 or own in others or misses > 1):
            continue
        if own in others and style == own and misses and not _whole_line(line, found):
            continue
        names.extend(found)
    return names


def _unbroken(region: Sequence[Span]) -> list[Span]:
    """The lines of a list of names; one that breaks a name goes on with the next."""
    lines: list[Span] = []
    for line in region:
        last = lines[-1] if lines else None
        if last is not None and _breaks_a_name(last, line):
            joint = "" if last.text.endswith("-") else " "
            text = last.text.removesuffix("-") + joint
            moved = tuple((begin + len(text), end + len(text)) for begin, end in line.raised)
            lines[-1] = replace(line, text=text + line.text, raised=last.raised + moved, x0=min(last.x0, line.x0))
        else:
            lines.append(line)
    return lines


def _breaks_a_name(last: Span, line: Span) -> bool:
    if abs(last.size - line.size) > 0.3 or last.bold != line.bold or not 0.5 * line.size < line.y1 - last.y1 < 1.8 * line.size:
        return False
    if last.text.split()[-1:] and fold(last.text.split()[-1]) in _PARTICLES:
        return True
    if line.x0 > last.x1 or line.x1 < last.x0:
        return False
    if has_cjk(last.text) or not people_in(last.text, last.raised) or any(end >= len(last.text) for _, end in last.raised):
        return False
    tail = re.split(r"[,;·•&]|\band\b", last.text)[-1].split()
    head = re.split(r"[,;·•&\d∗*†]|\band\b", line.text, maxsplit=1)[0].split()
    separated = re.search(r"[,;·•&]|\band\b", last.text) is not None
    broken = len(head) == 1 or last.text.endswith("-") or (len(tail) == 1 and not is_affiliation(last.text))
    return separated and bool(tail) and broken and len(head) <= 3 and not is_affiliation(line.text.split(",")[0])


def _line_names(line: Span) -> list[str]:
    """The names in a line, when it is a line of names: at most its end may be something else."""
    text = line.text
    if _SUPERVISOR.search(text):
        return []
    if has_cjk(text) and is_affiliation(text):
        return _beside_affiliation(text)
    found = people_in(text, line.raised)
    if not found:
        return []
    letters = sum(1 for letter in text if letter.isalpha())
    named = sum(1 for name in found for letter in name if letter.isalpha())
    first = fold(found[0]).split()[0]
    if first not in fold(text[: len(found[0]) + 25]):
        return []
    if is_affiliation(text) or CONTACT.search(text):
        return found if begins_with_person(text, line.raised) else []
    return found if named >= 0.6 * letters else []


def _beside_affiliation(text: str) -> list[str]:
    """Chinese names at the end or the beginning of a line with their school."""
    pieces = re.split(r"[\s,，、;；]+", text)
    names = [piece for piece in (pieces[0], pieces[-1]) if is_person(piece)]
    return names[-1:] if len(pieces) > 1 else []


def _whole_line(line: Span, found: Sequence[str]) -> bool:
    letters = sum(1 for letter in line.text if letter.isalpha())
    return sum(1 for name in found for letter in name if letter.isalpha()) >= 0.8 * letters


def _labelled(front: Front) -> list[str]:
    """'by …', 'Author: …', '作者：…' on the first pages; the name may stand on the next line."""
    for page in front.pages[:3]:
        lines = sorted(page.lines, key=lambda line: (round(line.y1 / 3), line.x0))
        for place, line in enumerate(lines):
            found = _LABEL.match(line.text)
            if found is None or len(line.text) > 200 or _SUPERVISOR.search(line.text):
                continue
            rest = found.group(1).strip() or next((after.text for after in lines[place + 1 : place + 2]), "")
            names = people_in(rest)
            if names:
                return _once(names)
    return []


def _once(names: Sequence[str]) -> list[str]:
    kept: dict[str, str] = {}
    for name in names:
        key = person_key(name)
        if key:
            kept.setdefault(key, name)
    return list(kept.values())
