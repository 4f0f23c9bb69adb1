"""The limits that a message states, collected while its rules are read."""

import re
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, TypeVar

from rag.assistant.conversation import DEFAULT_LIMIT, GREATEST_LIMIT, KIND_IN_OTHER_LANGUAGE, Language
from rag.assistant.names import can_be_author, has_known_family_name, is_person, sounds_like_author
from rag.assistant.years import Span, full_year, listed, years
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
_AND = re.compile(r",? and |,? & |,? or | nor |[,/] ?| ?(?:[和与及]|或者?) ?|以及", re.IGNORECASE)
_OR = re.compile(r"\bor\b|或", re.IGNORECASE)
_NEGATION = re.compile(r"^(?:no|not|without) ", re.IGNORECASE)
_ET_AL = re.compile(r",? et al\b.*$| (?:and|&) (?:colleagues|others|co-?workers|co-?authors|(?:his|her|their) \w+)$")
_PLACED = re.compile(r"^(?:(?:at|in|from|the) ){1,2}", re.IGNORECASE)
_PAPERS_AT_END = re.compile(r" (?:papers?|articles?)$", re.IGNORECASE)
_Limit = TypeVar("_Limit", str, int)
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
    exclude_years: list[int] = field(default_factory=list)
    exclude_authors: list[str] = field(default_factory=list)
    exclude_venues: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    collections: list[str] = field(default_factory=list)
    has_full_text: bool | None = None
    among: Literal["uploads", "attached"] | None = None
    asked_limit: int | None = None
    answer_language: Language | None = None
    dropped: set[str] = field(default_factory=set)
    """Kinds of limits taken back: fields of ``Filters``, "years", "count", "everything", or an excluded kind of paper."""

    def take(self, says: Says, found: re.Match[str], original: str, *, negated: bool = False) -> bool:
        """Notes one match; ``original`` is the text as the person wrote it. False leaves the words in the topic.

        ``negated``: what is said is not wanted.
        """
        groups = {name.rstrip("23"): words for name, words in found.groupdict().items() if words}
        negated = negated or "not" in groups
        match says:
            case Says.YEARS:
                return self._take_years(groups, negated=negated)
            case Says.VENUE:
                return self._take_venue(groups, negated=negated)
            case Says.AUTHOR:
                return self._take_authors(found, original, negated=negated)
            case _ if negated:
                return False  # no search can be asked for it, and the contrary is not meant
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
            case Says.UPLOADS if "cut" in groups:
                return self.among is not None  # "… 怎么说" closes what began with 这个文件
            case Says.UPLOADS:
                self.among = "attached" if "attached" in groups else self.among or "uploads"
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
            exclude_years=sorted(self.exclude_years)[:200],
            exclude_authors=self.exclude_authors[:50],
            exclude_venues=self.exclude_venues[:50],
            collections=self.collections[:50],
            has_full_text=self.has_full_text,
            among=self.among,
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
            list(dict.fromkeys([*(year for year in earlier.exclude_years if {year} != {first, last}), *self.exclude_years])),
            _both(earlier.exclude_authors, self.exclude_authors, self.authors),
            _both(earlier.exclude_venues, self.exclude_venues, self.venues),
            self.languages or earlier.languages,
            self.collections or earlier.collections,
            self.has_full_text if self.has_full_text is not None else earlier.has_full_text,
            self.among or earlier.among,
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
            rest.exclude_years = []
        if "count" in dropped:
            rest.asked_limit = None
        if "fulltext" in dropped:
            rest.has_full_text = None
        if "uploads" in dropped:
            rest.among = None
        for kind in ("authors", "venues", "languages", "collections"):
            if kind in dropped:
                setattr(rest, kind, [])
        rest.exclude_authors = [] if "authors" in dropped else rest.exclude_authors
        rest.exclude_venues = [] if "venues" in dropped else rest.exclude_venues
        return rest

    def naming(self, words: str) -> set[str]:
        """The kinds of the limits that ``words`` name by their value: "drop NeurIPS", "drop Hinton", "drop 2020"."""
        said = fold(words)
        kinds = {
            "authors": [*self.authors, *self.exclude_authors],
            "venues": [name for venue in (*self.venues, *self.exclude_venues) for name in venue_names(venue)],
            "years": [str(year) for year in (self.year_from, self.year_to, *self.exclude_years) if year is not None],
            "languages": [name for name, code in _LANGUAGES.items() if code in self.languages],
            "collections": self.collections,
        }
        named = {
            kind for kind, values in kinds.items() if any(said == fold(value) or said in fold(value).split() for value in values)
        }
        return named | {kind for kind in self.exclude if fold(kind) in (said, _singular(said))}

    def _take_drop(self, groups: dict[str, str]) -> bool:
        if kind := groups.pop("kind", ""):
            self.dropped.add(_singular(kind.casefold()))
        self.dropped.update(groups)
        return True

    def _take_years(self, groups: dict[str, str], *, negated: bool = False) -> bool:
        if "listed" in groups:
            return self._take_listed_years(listed(groups["listed"]), negated=negated)
        span = years(groups, self.today)
        if span is None or (negated and span == (None, None)):
            return False
        first, last = span
        if (last or _EARLIEST_YEAR) < _EARLIEST_YEAR or (first or 0) > self.today.year + 2:
            return False
        if negated:
            self._exclude_years(span)
        else:
            self._limit_years(first, last)
        return True

    def _take_listed_years(self, said: list[int], *, negated: bool) -> bool:
        between = range(said[0], said[-1] + 1)
        if not negated:
            self._limit_years(said[0], said[-1])
        return _add(self.exclude_years, [year for year in between if (year in said) is negated])

    def _exclude_years(self, span: Span) -> None:
        first, last = span
        if first is not None and (last is None or last >= self.today.year):
            self._limit_years(None, first - 1)
        elif first is None and last is not None:
            self._limit_years(last + 1, None)
        elif first is not None and last is not None:
            _add(self.exclude_years, range(first, last + 1))

    def _limit_years(self, first: int | None, last: int | None) -> None:
        """Two statements narrow together ("since 2018 … before 2022"); if they contradict, the one read last counts."""
        together = (first if first is not None else self.year_from, last if last is not None else self.year_to)
        if together[0] is not None and together[1] is not None and together[0] > together[1]:
            together = (first, last)
        self.year_from, self.year_to = together

    def _take_venue(self, groups: dict[str, str], *, negated: bool) -> bool:
        others = [_PLACED.sub("", name) for name in _AND.split(groups.get("others", "")) if name]
        named = list(filter(None, map(canonical_venue, (groups["venue"], *others))))
        year = groups.get("year") or (full_year(groups["short"]) if "short" in groups else "")
        if not named or (year and negated):
            return False  # "not at ACL 2020" is neither without ACL nor without 2020
        before = self.year_from, self.year_to
        if year and not self._take_years({"year": year}):
            return False
        if year and self.venues and None not in before:
            # "ACL 2020 and EMNLP 2021"
            self.year_from = min(filter(None, (*before, self.year_from)))
            self.year_to = max(filter(None, (*before, self.year_to)))
        return _add(self.exclude_venues if negated else self.venues, named)

    def _take_authors(self, found: re.Match[str], original: str, *, negated: bool) -> bool:
        groups = {name.rstrip("23"): words for name, words in found.groupdict().items() if words}
        before = (groups.get("before") or "").casefold()
        if before.endswith(("ed", "ly")) and before not in _AUTHORING:
            return False  # guided by, provided ventrally by
        group = next(name for name in ("small", "alone", "sure", "origin", "known", "names") if groups.get(name))
        if _OR.search(groups[group]) and not negated:
            return False  # a search wants all its authors; as words of the topic, either name is found
        pieces = list(_pieces(_ET_AL.sub("", groups[group])))
        names = [groups[group][start:end] for start, end in pieces]
        if not all(_is_author(name, group) for name in names):
            return False
        if groups.get("year") and not negated and not self._take_years({"year": groups["year"]}):
            return False
        offset = found.start(group)
        known = self.exclude_authors if negated else self.authors
        return _add(known, [original[offset + start : offset + end] for start, end in pieces])

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


def _is_author(name: str, group: str) -> bool:
    """Whether the words of this group of a rule name a person: the less the wording tells, the more the name has to."""
    match group:
        case "small":
            return can_be_author(name)
        case "alone":
            return sounds_like_author(name)
        case "origin":
            # papers from Zurich; a person's family name alone cannot be told from it
            return (" " in name or not name.isascii() or has_known_family_name(name)) and is_person(name)
        case "known":
            return has_known_family_name(name) and can_be_author(name)
        case _:
            return is_person(name, surely_author=group == "sure")


def _both(earlier: list[str], new: list[str], wanted: list[str]) -> list[str]:
    """What was excluded before and what is now, but for what is wanted now."""
    return [name for name in dict.fromkeys([*earlier, *new]) if name not in wanted]


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


def _add(known: list[_Limit], new: Iterable[_Limit]) -> bool:
    known.extend(word for word in dict.fromkeys(new) if word and word not in known)
    return True
