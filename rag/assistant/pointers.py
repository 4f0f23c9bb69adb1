"""Words that stand for papers of earlier answers: "the second one", 第三篇, "that Google paper", a title, a DOI."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.assistant.conversation import Meant, Unclear
from rag.assistant.printed import Printed
from rag.papers import PaperId
from rag.text import has_cjk, normalised_arxiv_id, normalised_doi, normalised_title, tokens
from rag.wording.draft import HIDDEN
from rag.wording.numerals import number, place
from rag.wording.patterns import POINTERS, Says, rules

_RULES = rules(*POINTERS)
_JOINT = re.compile(
    r"\s*(?:,\s*(?:and |or |with )?|;\s*|&|\+| and | or | with | vs\.? | versus | from | to (?!\d)| against "
    r"|以及|还有|[和与跟及或])\s*",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf'^(?:the )?(?:paper |article |论文)?["《]{HIDDEN}+["》](?: (?:paper|article))?(?:这篇)?(?:论文)?$', re.IGNORECASE
)
_MARKS = " ,;:.!?…()"
_LEAST_DOI = re.compile(r"(?<![\w.])10\.\d{4,9}/|arxiv[: ./]|(?<![\d.])\d{4}\.\d{4,5}(?![\d.])", re.IGNORECASE)
_ID = re.compile(r"p[0-9a-f]{16}")
_MOST_PIECES = 60
_OF_NO_USE = frozenset("paper articl one studi work 论文 文章 文献 关于 那篇 这篇".split())


@dataclass(frozen=True, slots=True)
class Known:
    """What a conversation has shown so far: the latest list, and the papers that the last answer was about."""

    list: tuple[Printed, ...] = ()
    focus: tuple[Printed, ...] = ()
    asked: bool = False
    """Whether there was a question whose list can be made again."""


def meant(plain: str, original: str, known: Known) -> Meant | None:
    """The papers that the words mean; None when they are no words for papers at all.

    ``plain`` is what the patterns see, character for character beside the ``original``.
    """
    whole = _piece(plain, original, known)
    if whole is not None and not whole.names:
        return whole
    pieces = list(_pieces(plain, original))
    if not 1 < len(pieces) <= _MOST_PIECES:
        return whole
    found = [_piece(*piece, known) for piece in pieces]
    if any(one is None for one in found):
        return whole
    return together([one for one in found if one is not None])


def _pieces(plain: str, original: str) -> Iterator[tuple[str, str]]:
    start = 0
    for joint in _JOINT.finditer(plain):
        if joint.start() > start:
            yield plain[start : joint.start()], original[start : joint.start()]
        start = joint.end()
    if start < len(plain):
        yield plain[start:], original[start:]


def together(found: Sequence[Meant]) -> Meant:
    """What several pieces mean as one; unclear where one of them is."""
    problem = next((one for one in found if one.unclear), Meant())
    return Meant(
        tuple(dict.fromkeys(paper for one in found for paper in one.papers)),
        tuple(dict.fromkeys(name for one in found for name in one.names)),
        tuple(dict.fromkeys(spot for one in found for spot in one.places)),
        problem.unclear,
        problem.words,
        any(one.attached for one in found),
    )


def _piece(plain: str, original: str, known: Known) -> Meant | None:
    left = len(plain) - len(plain.lstrip(_MARKS))
    right = len(plain.rstrip(_MARKS))
    plain, original = plain[left:right], original[left:right]
    if not plain:
        return None
    if named := _named(plain, original, known):
        return named
    for rule in _RULES:
        if found := rule.pattern.fullmatch(plain):
            groups = {name.rstrip("23"): words for name, words in found.groupdict().items() if words}
            if (read := _read(rule.says, groups, known)) is not None:
                return read
    return _by_title(original, known)


def _named(plain: str, original: str, known: Known) -> Meant | None:
    """Identifiers and titles in quotation marks."""
    if _QUOTED.match(plain):
        title = original.strip(' "“”„«»《》')
        title = re.sub(r"^.*?[\"“„《]|[\"”»》].*$", "", original) if HIDDEN in plain else title
        return _by_title(title, known) or Meant(names=(title,))
    if _LEAST_DOI.search(original):
        if name := normalised_doi(original) or normalised_arxiv_id(original):
            return Meant(names=(name,))
    elif _ID.fullmatch(original):
        return Meant(papers=(PaperId(original),))
    return None


def _read(says: Says, groups: dict[str, str], known: Known) -> Meant | None:
    match says:
        case Says.ATTACHED:
            return Meant(papers=_focused(known).papers, attached=True)
        case Says.IT:
            return _focused(known)
        case Says.BOTH:
            return _focused(known, several=True)
        case Says.ALL:
            return _first(known, None)
        case Says.EXTREME:
            return _extreme(known, oldest="oldest" in groups)
        case Says.FIRST:
            count = number(groups["count"])
            return _first(known, count) if count else None
        case Says.FINAL:
            return _last(known, number(groups.get("count", "1")) or 1)
        case Says.SPAN:
            first, last = number(groups["first"]), number(groups["last"])
            if not first or not last or first > last or last - first > 200:
                return None
            return _at(known, range(first, last + 1))
        case Says.PLACE:
            spot = 1 if "top" in groups else place(groups["place"])
            return _at(known, (spot,)) if spot else None
        case _ if "among" in groups:
            described = _described(groups["among"], known)
            return described if described is not None and not described.names else None
        case _:
            return _described(groups["words"], known)


def _focused(known: Known, *, several: bool = False) -> Meant:
    if known.focus and (several or len(known.focus) == 1):
        return Meant(papers=tuple(paper.id for paper in known.focus))
    if several or len(known.list) == 1:
        return _first(known, 2 if several else 1)
    if not known.list and not known.asked:
        return Meant(unclear=Unclear.NO_LIST, attached=True)
    return Meant(unclear=Unclear.SEVERAL_FIT) if known.list or known.focus else Meant(places=(1,))


def _extreme(known: Known, *, oldest: bool) -> Meant:
    """The oldest or newest of those spoken of, or of the list."""
    among = known.focus if len(known.focus) > 1 and all(paper.year for paper in known.focus) else known.list
    dated = [paper for paper in among if paper.year is not None]
    if not dated:
        return Meant(unclear=Unclear.SEVERAL_FIT if known.list else Unclear.NO_LIST)
    chosen = (min if oldest else max)(dated, key=lambda paper: paper.year or 0)
    return Meant(papers=(chosen.id,))


def _first(known: Known, count: int | None) -> Meant:
    if known.list:
        return Meant(papers=tuple(paper.id for paper in known.list[:count]))
    if known.asked:
        return Meant(places=tuple(range(1, (count or 10) + 1)))
    return Meant(unclear=Unclear.NO_LIST, attached=count is None)


def _last(known: Known, count: int) -> Meant:
    if known.list:
        return Meant(papers=tuple(paper.id for paper in known.list[-count:]))
    return Meant(places=tuple(range(-count, 0))) if known.asked else Meant(unclear=Unclear.NO_LIST)


def _at(known: Known, places: Sequence[int]) -> Meant:
    if known.list:
        if out := [spot for spot in places if spot > len(known.list)]:
            return Meant(unclear=Unclear.NO_SUCH_PLACE, words=str(out[0]))
        return Meant(papers=tuple(known.list[spot - 1].id for spot in places))
    return Meant(places=tuple(places)) if known.asked else Meant(unclear=Unclear.NO_LIST)


def _by_title(title: str, known: Known) -> Meant | None:
    """A paper shown before whose title, or its part before the colon, is written out."""
    wanted = normalised_title(title)
    if not wanted:
        return None
    for paper in (*known.focus, *known.list):
        if wanted in (normalised_title(paper.title), normalised_title(paper.title.partition(":")[0])):
            return Meant(papers=(paper.id,))
    return None


def _described(words: str, known: Known) -> Meant | None:
    """The one paper shown before whose title or facts have all of the words."""
    if exact := _by_title(words, known):
        return exact
    wanted = set(tokens(words)) - _OF_NO_USE
    shown = {paper.id: paper for paper in (*known.focus, *known.list)}.values()
    if not wanted or not shown:
        return None
    fitting = [paper for paper in shown if wanted <= set(tokens(f"{paper.title} {paper.facts}"))]
    if len(fitting) == 1:
        return Meant(papers=(fitting[0].id,))
    if fitting:
        ranks = "、" if has_cjk(words) else ", "
        return Meant(
            unclear=Unclear.SEVERAL_FIT, words=ranks.join(f"{paper.rank or '–'}. {paper.title}" for paper in fitting[:5])
        )
    return Meant(names=(words,))
