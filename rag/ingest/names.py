"""People's names as files write them, turned into 'Given Family'."""

import re

from rag.text import has_cjk, one_line

_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d)\.?", re.IGNORECASE)
_COMPANY = re.compile(r"(?:inc|ltd|llc|gmbh|corp|co|plc|s\.?a)\.?", re.IGNORECASE)
_NAME_PARTS = (
    ("given", "first", "given_name", "firstname"),
    ("dropping-particle",),
    ("non-dropping-particle",),
    ("family", "last", "family_name", "lastname"),
    ("suffix",),
)
_LONGEST_NAME = 6
"""Words; more than these with a comma between are an institution, not a person."""


def given_first(name: str) -> str:
    """'Hinton, Geoffrey' as 'Geoffrey Hinton', 'King, Jr., Martin' as 'Martin King Jr.'; other forms as they are."""
    name = one_line(name).strip(" ,;")
    parts = [part.strip() for part in name.split(",")]
    if len(parts) == 1 or len(name.split()) > _LONGEST_NAME:
        return name
    if len(parts) == 2:
        family, given = parts
        if _SUFFIX.fullmatch(given):
            return f"{family} {given}"
        if _COMPANY.fullmatch(given):
            return name
        return f"{family}{given}" if has_cjk(name) else f"{given} {family}"
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[1]):
        return f"{parts[2]} {parts[0]} {parts[1]}"
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[2]):
        return f"{parts[1]} {parts[0]} {parts[2]}"
    return name


def people(names: object) -> list[str]:
    """Authors as JSON has them: a list of names or of objects with a name, or one string with 'and' or ';' between."""
    if isinstance(names, str):
        return [given_first(name) for name in _separated(names) if name.strip()]
    if isinstance(names, dict):
        names = [names]
    if not isinstance(names, list):
        return []
    return [given_first(name) for name in map(_name, names) if name.strip()]


def _separated(names: str) -> list[str]:
    for separator in (r"[;；]", r",?\s+and\s+", r"[、，]"):
        parts = [part.strip() for part in re.split(separator, names.strip())]
        if len(parts) > 1:
            return [*_by_comma(parts[0]), *parts[1:]] if len(parts) == 2 and "," not in parts[1] else parts
    return _by_comma(names)


def _by_comma(names: str) -> list[str]:
    """'Ann Lee, Bo Xu' are two people, 'Lee, Ann' is one."""
    parts = [part.strip() for part in names.split(",")]
    return parts if all(" " in part for part in parts) else [names]


def _name(person: object) -> str:
    if isinstance(person, str):
        return person
    if not isinstance(person, dict):
        return ""
    for key in ("name", "full_name", "literal"):
        if isinstance(person.get(key), str):
            return str(person[key])
    return " ".join(
        part for keys in _NAME_PARTS if (part := next((person[key] for key in keys if isinstance(person.get(key), str)), ""))
    )
