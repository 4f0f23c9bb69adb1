"""The limits that a message states, collected while its rules are read."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from datetime import date

from rag.assistant.conversation import DEFAULT_LIMIT, GREATEST_LIMIT, KIND_IN_OTHER_LANGUAGE, Language
from rag.assistant.names import can_be_author, is_person, sounds_like_author
from rag.papers import Filters
from rag.text import fold
from rag.wording.numerals import number
from rag.wording.patterns import Says
from rag.wording.venues import canonical_venue, venue_names

_LANGUAGES = {
    **dict.fromkeys(("chinese", "mandarin", "中文", "汉语"), "zh"),
    **dict.fromkeys(("english", "英文", "英语"), "en"),
    **dict.fromkeys(("german", "德文", "德语"), "de"),
    **dict.fromkeys(("french", "法文", "法语"), "fr"),
    **dict.fromkeys(("japanese", "日文", "日语"), "ja"),
    "spanish": "es",
    "portuguese": "pt",
    "russian": "ru",
    "korean": "ko",
    "italian": "it",
}
_EARLIEST_YEAR = 1900
_AND = re.compile(r",? and |,? & |,? or | nor |[,/] ?| ?[和与或及] ?|以及", re.IGNORECASE)
_OR = re.compile(r"\bor\b|或", re.IGNORECASE)
_VENUE_JOINT = re.compile(r"\s*(?:[,/&和与或及]|以及|或者|\b(?:and|or|at|in|the)\b)\s*", re.IGNORECASE)
_NEGATION = re.compile(r"^(?:no|not|without) ", re.IGNORECASE)
_ET_AL = re.compile(r",? et al\b.*$")
_PAPERS_AT_END = re.compile(r" (?:papers?|articles?)$", re.IGNORECASE)
_AUTHORING = frozenset({"authored", "written", "published", "proposed", "introduced", "developed", "presented"})


@dataclass(slots=True)
class Limits:
    """What a message limits. Each ``take`` notes the meaning of one matched rule and says whether it made sense."""

    today: date
    year_from: int | None = None
    year_to: int | None = None
    authors: list[str] = field(default_factory=list)
    venues: list[str] = field(default_factory=list)
    exclude: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    has_full_text: bool | None = None
    asked_limit: int | None = None
    answer_language: Language | None = None
    dropped: set[str] = field(default_factory=set)
    """Kinds of limits taken back: fields of ``Filters``, "years", "count", "everything", or an excluded kind of paper."""

    def take(self, says: Says, found: re.Match[str], original: str) -> bool:
        """Notes one match; ``original`` is the text as the person wrote it. False leaves the words in the topic."""
        groups = {name.rstrip("23"): words for name, words in found.groupdict().items() if words}
        match says:
            case Says.YEARS:
                return self._take_years(groups)
            case Says.VENUE:
                return self._take_venue(groups)
            case Says.AUTHOR:
                return self._take_authors(found, original)
            case Says.EXCLUDED:
                return self._take_exclusion(groups)
            case Says.COUNT:
                return self._take_count(groups)
            case Says.LANGUAGE:
                return self._take_language(groups)
            case Says.COLLECTION:
                return _add(self.collections, [original[slice(*found.span("name"))].strip('"“”「」 ')])
            case Says.FULL_TEXT:
                self.has_full_text = True
                return True
            case Says.DROP:
                return self._take_drop(groups)
            case _:
                self.answer_language = _answer_language(groups["tongue"].casefold())
                return True

    def __bool__(self) -> bool:
        return self.filters() != Filters() or self.asked_limit is not None or bool(self.dropped or self.answer_language)

    def filters(self) -> Filters:
        """The limits as the filters of a search."""
        return Filters(
            year_from=self.year_from,
            year_to=self.year_to,
            authors=self.authors[:50],
            venues=self.venues[:50],
            languages=self.languages[:50],
            exclude=self.exclude[:50],
            collections=self.collections[:50],
            has_full_text=self.has_full_text,
        )

    def limit(self) -> int:
        """How many papers to show."""
        return DEFAULT_LIMIT if self.asked_limit is None else min(self.asked_limit, GREATEST_LIMIT)

    def refining(self, earlier: "Limits") -> "Limits":
        """These limits on top of earlier ones: each kind stated now replaces what was said of it before."""
        earlier = earlier.without(self.dropped)
        first, last = self.year_from, self.year_to
        if first is None and (last is None or (earlier.year_from or last) <= last):
            first = earlier.year_from
        if last is None and (first is None or (earlier.year_to or first) >= first):
            last = earlier.year_to
        return Limits(
            self.today,
            first,
            last,
            self.authors or earlier.authors,
            self.venues or earlier.venues,
            list(dict.fromkeys([*earlier.exclude, *self.exclude])),
            self.languages or earlier.languages,
            self.collections or earlier.collections,
            self.has_full_text if self.has_full_text is not None else earlier.has_full_text,
            self.asked_limit or earlier.asked_limit,
            self.answer_language or earlier.answer_language,
        )

    def without(self, dropped: Set[str]) -> "Limits":
        """These limits without the kinds that are taken back."""
        if "everything" in dropped:
            return Limits(self.today, answer_language=self.answer_language)
        rest = replace(self, exclude=[kind for kind in self.exclude if not _of_kind(kind, dropped)], dropped=set())
        if "years" in dropped:
            rest.year_from = rest.year_to = None
        if "count" in dropped:
            rest.asked_limit = None
        if "fulltext" in dropped:
            rest.has_full_text = None
        for kind in ("authors", "venues", "languages", "collections"):
            if kind in dropped:
                setattr(rest, kind, [])
        return rest

    def naming(self, words: str) -> set[str]:
        """The kinds of the limits that ``words`` name by their value: "drop NeurIPS", "drop Hinton", "drop 2020"."""
        said = fold(words)
        kinds = {
            "authors": self.authors,
            "venues": [name for venue in self.venues for name in venue_names(venue)],
            "years": [str(year) for year in (self.year_from, self.year_to) if year is not None],
            "languages": [name for name, code in _LANGUAGES.items() if code in self.languages],
            "collections": self.collections,
        }
        return {
            kind for kind, values in kinds.items() if any(said == fold(value) or said in fold(value).split() for value in values)
        }

    def _take_drop(self, groups: dict[str, str]) -> bool:
        if kind := groups.pop("kind", ""):
            self.dropped.add(_singular(kind.casefold()))
        self.dropped.update(groups)
        return True

    def _take_years(self, groups: dict[str, str]) -> bool:
        span = _years(groups, self.today)
        if span is None:
            return False
        first, last = span
        if (last or _EARLIEST_YEAR) < _EARLIEST_YEAR or (first or 0) > self.today.year + 2:
            return False
        self._limit_years(first, last)
        return True

    def _limit_years(self, first: int | None, last: int | None) -> None:
        """Two statements narrow together ("since 2018 … before 2022"); if they contradict, the one read last counts."""
        together = (first if first is not None else self.year_from, last if last is not None else self.year_to)
        if together[0] is not None and together[1] is not None and together[0] > together[1]:
            together = (first, last)
        self.year_from, self.year_to = together

    def _take_venue(self, groups: dict[str, str]) -> bool:
        venue = canonical_venue(groups["venue"])
        if not venue:
            return False
        year = groups.get("year") or (_full_year(groups["short"]) if "short" in groups else "")
        if year and not self._take_years({"year": year}):
            return False
        others = [canonical_venue(name) for name in _VENUE_JOINT.split(groups.get("others", "")) if name]
        return _add(self.venues, [venue, *others])

    def _take_authors(self, found: re.Match[str], original: str) -> bool:
        groups = found.groupdict()
        before = (groups.get("before") or "").casefold()
        if before.endswith(("ed", "ly")) and before not in _AUTHORING:
            return False  # guided by, provided ventrally by
        group = next(name for name in ("small", "alone", "sure", "origin", "names") if groups.get(name))
        if _OR.search(groups[group]):
            return False  # a search wants all its authors; as words of the topic, either name is found
        pieces = list(_pieces(_ET_AL.sub("", groups[group])))
        names = [groups[group][start:end] for start, end in pieces]
        if group in ("small", "alone"):
            if not all(map(can_be_author if group == "small" else sounds_like_author, names)):
                return False
        elif group == "origin" and not all(" " in name or not name.isascii() for name in names):
            return False  # papers from Zurich; a person's family name alone cannot be told from it
        elif not all(is_person(name, surely_author=group == "sure") for name in names):
            return False
        if groups.get("year") and not self._take_years({"year": groups["year"]}):
            return False
        offset = found.start(group)
        return _add(self.authors, [original[offset + start : offset + end] for start, end in pieces])

    def _take_exclusion(self, groups: dict[str, str]) -> bool:
        if "kinds" in groups:
            kinds = [_NEGATION.sub("", kind.strip()) for kind in _AND.split(groups["kinds"])]
            return _add(self.exclude, [_singular(_PAPERS_AT_END.sub("", kind).casefold()) for kind in kinds])
        words = _PAPERS_AT_END.sub("", groups["words"].strip())
        return _add(self.exclude, [_singular(words.casefold())])

    def _take_count(self, groups: dict[str, str]) -> bool:
        count = number(groups["count"])
        if not count or _EARLIEST_YEAR <= count <= self.today.year + 1:
            return False
        self.asked_limit = count
        return True

    def _take_language(self, groups: dict[str, str]) -> bool:
        code = _LANGUAGES.get(groups["tongue"].casefold())
        return code is not None and _add(self.languages, [code])


def _answer_language(tongue: str) -> Language:
    if tongue.startswith(("traditional", "繁")):
        return "zh-Hant"
    return "en" if _LANGUAGES.get(tongue) == "en" else "zh"


def _pieces(said: str) -> Iterator[tuple[int, int]]:
    """Where the names of a list stand that is joined by commas and "and"."""
    start = 0
    for joint in _AND.finditer(said):
        yield start, joint.start()
        start = joint.end()
    yield start, len(said)


def _years(groups: dict[str, str], today: date) -> tuple[int | None, int | None] | None:
    """The first and last year that the groups of a rule mean, None where open; None for all if they mean nothing.

    Conventions: "since 2020" and 2020年以后/之后/以来 include 2020, "after 2020" begins with 2021; "before 2015" and 2015年以前
    end with 2014, "until 2015" with 2015. "The last three years" are three calendar years, the current one the last of them.
    """
    year = {name: int(words) for name, words in groups.items() if words.isdecimal()}
    match groups:
        case {"first": _, "last": _}:
            return min(year["first"], year["last"]), max(year["first"], year["last"])
        case {"since": _}:
            return year["since"], None
        case {"after": _}:
            return year["after"] + 1, None
        case {"before": _}:
            return None, year["before"] - 1
        case {"until": _}:
            return None, year["until"]
        case {"year": _}:
            return year["year"], year["year"]
        case {"tens": _}:
            return year["tens"] * 10, year["tens"] * 10 + 9
    return _years_back(groups, today)


def _years_back(groups: dict[str, str], today: date) -> tuple[int | None, int | None] | None:
    match groups:
        case {"back": words}:
            back = number(words)
            # "The last 1 year" read as this year alone would mean nothing in January.
            return (today.year - max(back - 1, 1), today.year) if back and back <= 60 else None
        case {"months": words}:
            months = number(words)
            return ((today.year * 12 + today.month - 1 - months) // 12, today.year) if months and months < 2_400 else None
        case {"decade": _}:
            return today.year - 9, today.year
        case {"pastyear": _}:
            return today.year - 1, today.year
        case {"lastyear": _}:
            return today.year - 1, today.year - 1
        case {"beforelast": _}:
            return today.year - 2, today.year - 2
        case {"thisyear": _}:
            return today.year, today.year
    return None, None  # "in recent years" is no hard limit


def _full_year(two_digits: str) -> str:
    return f"19{two_digits}" if two_digits > "60" else f"20{two_digits}"


def _singular(words: str) -> str:
    if words.endswith("ies"):
        return words[:-3] + "y"
    if words in ("theses", "meta-analyses"):
        return words[:-2] + "is"
    if words.endswith("s") and not words.endswith(("ss", "us", "is")):
        return words[:-1]
    return words


def _of_kind(excluded: str, dropped: Set[str]) -> bool:
    """Whether an excluded kind of paper is taken back; 'survey' and 综述 are one."""
    names = {excluded, KIND_IN_OTHER_LANGUAGE.get(excluded, excluded), excluded.rpartition(" ")[2]}
    return not names.isdisjoint(dropped) or not names.isdisjoint({KIND_IN_OTHER_LANGUAGE.get(kind, kind) for kind in dropped})


def _add(known: list[str], new: Iterable[str]) -> bool:
    known.extend(word for word in dict.fromkeys(new) if word and word not in known)
    return True
