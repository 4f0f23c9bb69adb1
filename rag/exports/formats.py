"""The formats there are, under the names people use, and the one function that writes any of them."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from rag.exports.bibtex import bibtex
from rag.exports.csl import csl_json
from rag.exports.lists import csv, markdown
from rag.exports.ris import ris
from rag.papers import Paper


class Format(StrEnum):
    """What papers can be exported as."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CSV = "csv"
    MARKDOWN = "markdown"

    @property
    def extension(self) -> str:
        """Of a file in this format, without the dot."""
        return _FILES[self][0]

    @property
    def media_type(self) -> str:
        """Of such a file, without parameters."""
        return _FILES[self][1]


_FILES = {
    Format.BIBTEX: ("bib", "application/x-bibtex"),
    Format.RIS: ("ris", "application/x-research-info-systems"),
    Format.CSL_JSON: ("json", "application/vnd.citationstyles.csl+json"),
    Format.CSV: ("csv", "text/csv"),
    Format.MARKDOWN: ("md", "text/markdown"),
}
_WRITERS: dict[Format, Callable[[Sequence[Paper]], str]] = {
    Format.BIBTEX: bibtex,
    Format.RIS: ris,
    Format.CSL_JSON: csl_json,
    Format.CSV: csv,
    Format.MARKDOWN: markdown,
}

_NAMES = {
    Format.BIBTEX: "bib bibtex biblatex jabref latex",
    Format.RIS: "ris endnote end-note zotero mendeley",
    Format.CSL_JSON: "csl csl-json csljson json",
    Format.CSV: "csv excel spreadsheet table 表格",
    Format.MARKDOWN: "markdown md reference references bibliography 参考文献 参考文献列表 文献列表",
}
_BY_NAME = {name: format_ for format_, names in _NAMES.items() for name in names.split()} | {"reference list": Format.MARKDOWN}


def export(papers: Sequence[Paper], format_: Format) -> str:
    """The papers in that format, in their order; keys of one export are unique."""
    return _WRITERS[format_](papers)


def format_named(name: str) -> Format | None:
    """The format that people call ``name``; None for a name that means none."""
    return _BY_NAME.get(name.strip().casefold().replace(" ", "-"), _BY_NAME.get(name.strip().casefold()))
