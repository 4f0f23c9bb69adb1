"""Years as they are said in a question: since 2020, the last three years, not in 2017."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from rag.wording.numerals import number

Span = tuple[int | None, int | None]
"""The first and the last year; None where open."""

_YEAR = re.compile(r"\d{4}")
_FIRST_MONTH = re.compile(r"jan|early|0?1月", re.IGNORECASE)
_LAST_MONTH = re.compile(r"dec|12月", re.IGNORECASE)


def years(groups: Mapping[str, str], today: date) -> Span | None:
    """The years that the groups of a rule mean; None for all if they mean nothing.

    Conventions: "since 2020" and 2020年以后/之后/以来 include 2020, "after 2020" begins with 2021; "before 2015" and 2015年以前
    end with 2014, "until 2015" with 2015. "The last three years" are three calendar years, the current one the last of them;
    "recent" means these.
    A month counts as its whole year: "after March 2020" and "before March 2020" include 2020.
    """
    year = {name: int(words) for name, words in groups.items() if words.isdecimal()}
    month = groups.get("month", "")
    match groups:
        case {"first": _, "last": _}:
            return min(year["first"], year["last"]), max(year["first"], year["last"])
        case {"since": _}:
            return year["since"], None
        case {"after": _}:
            return year["after"] + (not month or _LAST_MONTH.match(month) is not None), None
        case {"before": _}:
            return None, year["before"] - (not month or _FIRST_MONTH.match(month) is not None)
        case {"until": _}:
            return None, year["until"]
        case {"year": _}:
            return year["year"], year["year"]
        case {"tens": _}:
            return year["tens"] * 10, year["tens"] * 10 + 9
    span = _back(groups, today)
    return (span[0], None) if span and "onwards" in groups else span


def _back(groups: Mapping[str, str], today: date) -> Span | None:
    match groups:
        case {"back": words}:
            back = number(words)
            # "The last 1 year" read as this year alone would mean nothing in January.
            return (today.year - max(back - 1, 1), today.year) if back and back <= 60 else None
        case {"months": words}:
            months = number(words)
            return ((today.year * 12 + today.month - 1 - months) // 12, today.year) if months and months < 2_400 else None
        case {"twentieth": words}:
            tens = number(words)
            return (1900 + tens, 1909 + tens) if tens else None
        case {"recent": _}:
            return today.year - 2, None
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
    return None


def listed(words: str) -> list[int]:
    """The years of an enumeration: "2019, 2020 and 2022"."""
    return sorted(set(map(int, _YEAR.findall(words))))


def full_year(two_digits: str) -> str:
    """Of a venue's short year: ICML'19 is of 2019."""
    return f"19{two_digits}" if two_digits > "60" else f"20{two_digits}"


def runs(single_years: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Years in a row, as first and last of each row: 2017, 2018, 2020 are 2017–2018 and 2020–2020."""
    first = last = None
    for year in sorted(set(single_years)):
        if last is not None and first is not None and year > last + 1:
            yield first, last
            first = None
        first, last = year if first is None else first, year
    if first is not None and last is not None:
        yield first, last
