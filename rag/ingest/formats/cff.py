"""CITATION.cff: how a program wants to be cited, and the paper that it would rather have cited."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft, records
from rag.ingest.files import beginning, encoding_remark, whole_text
from rag.ingest.reader import Item, Rejected, Remark

_LARGEST = 1024 * 1024


class CffReader:
    """Citation File Format 1.x (YAML)."""

    name = "CFF"

    def reads(self, path: Path) -> bool:
        """When it says its version."""
        text = beginning(path)
        return text.startswith("cff-version:") or "\ncff-version:" in text

    def count(self, path: Path) -> int:
        """One; a preferred citation beside it is another. Raises UnreadableFileError when the file is larger than 1 MB."""
        if path.stat().st_size > _LARGEST:
            raise UnreadableFileError(f"{path} is larger than 1 MB: that is no CITATION.cff.")
        return 1

    def read(self, path: Path) -> Iterator[Item]:
        """The program, and the paper to cite for it."""
        return records(path.name, _drafts(path))


def _drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    text, remark = whole_text(path)
    yield from encoding_remark(path, remark)
    try:
        value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield Rejected(f"{path.name}:{line}", f"not YAML: {error.problem}")
        return
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        yield Rejected(f"{path.name}:1", f"not YAML: {str(error).splitlines()[0] if str(error) else 'nested too deeply'}")
        return
    if not isinstance(value, dict):
        yield Rejected(f"{path.name}:1", "not a mapping of names to values")
        return
    yield _draft(value, _line_of(text, "title"))
    preferred = value.get("preferred-citation")
    if isinstance(preferred, dict):
        yield _draft(preferred, _line_of(text, "preferred-citation"))


def _line_of(text: str, name: str) -> int:
    """Where a name of the outermost level stands; 1 when it does not."""
    return next((number for number, line in enumerate(text.split("\n"), 1) if line.startswith(f"{name}:")), 1)


def _draft(value: Mapping[str, Any], line: int) -> Draft:
    people = value.get("authors")
    identifiers = value.get("identifiers")
    others = [one for one in identifiers if isinstance(one, dict)] if isinstance(identifiers, list) else []
    return Draft(
        line=line,
        title=_text(value, "title"),
        abstract=_text(value, "abstract"),
        authors=[_person(one) for one in people if isinstance(one, dict)] if isinstance(people, list) else [],
        year=_text(value, "year", "date-released", "date-published"),
        venue=_text(value, "journal", "collection-title") or _name(value.get("conference")) or _name(value.get("publisher")),
        doi=_text(value, "doi") or next((_text(one, "value") for one in others if one.get("type") == "doi"), ""),
        url=_text(value, "url", "repository-code", "repository"),
        keywords=[word for word in value.get("keywords") or () if isinstance(word, str)]
        if isinstance(value.get("keywords"), list)
        else [],
    )


def _person(value: Mapping[str, Any]) -> str:
    parts = (_text(value, name) for name in ("given-names", "name-particle", "family-names", "name-suffix"))
    return " ".join(filter(None, parts)) or _text(value, "name", "alias")


def _name(value: object) -> str:
    return _text(value, "name") if isinstance(value, dict) else ""


def _text(value: Mapping[str, Any], *names: str) -> str:
    """The first that is a plain value: a string, a number or a date."""
    return next(
        (str(value[name]) for name in names if value.get(name) is not None and not isinstance(value[name], dict | list)), ""
    )
