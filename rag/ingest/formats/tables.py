"""Tables with named columns: CSV and its kin, as spreadsheets, Scopus, IEEE Xplore and Web of Science write them."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft, records
from rag.ingest.files import LONGEST_LINE, TextLine, beginning, count_beginnings, suffix_of, text_lines
from rag.ingest.formats.general_paper import draft_of
from rag.ingest.reader import Item, Rejected, Remark

_COLUMNS = {
    "title": "title|document title|article title|paper title|ti|标题|题名",
    "abstract": "abstract|abstract note|summary|ab|摘要",
    "authors": "authors|author|author full names|author s|af|au|作者",
    "year": "year|publication year|pub year|date|publication date|py|年份|年",
    "venue": "venue|journal|source title|publication title|container title|booktitle|journal book|so|期刊|来源",
    "doi": "doi|di|doi link",
    "arxiv_id": "arxiv id|arxiv|eprint",
    "url": "url|link|pdf link|链接",
    "language": "language|language of original document|la|语言",
    "keywords": "keywords|keyword|author keywords|manual tags|tags|de|关键词",
    "id": "id|key|source id|pmid|eid|ut|unique id",
}
"""Our names, and what programs head such a column with; a column that stands earlier here is taken first."""
_NAMES = {name: (rank, ours) for ours, names in _COLUMNS.items() for rank, name in enumerate(names.split("|"))}
_SIGNS = re.compile(r"[\W_]+")
_DELIMITERS = "\t,;|"
_ROW = re.compile(r".*\S")
_LONGEST_HEADER = 10_000
csv.field_size_limit(LONGEST_LINE)


def columns_of(header: list[str]) -> dict[str, int]:
    """Our name of a paper's field → the number of the column that holds it."""
    chosen: dict[str, tuple[int, int]] = {}
    for number, heading in enumerate(header):
        rank, ours = _NAMES.get(_SIGNS.sub(" ", heading).strip().lower(), (0, ""))
        if ours and (rank, number) < chosen.get(ours, (len(_NAMES), 0)):
            chosen[ours] = (rank, number)
    return {ours: number for ours, (_, number) in chosen.items()}


def _header(line: str) -> tuple[str, dict[str, int]]:
    """The delimiter that gives the most known columns, and these."""
    tried = []
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            cells = []
        tried.append((delimiter, columns_of(cells)))
    return max(tried, key=lambda found: len(found[1]))


class CsvReader:
    """Comma, semicolon, tab or bar between the cells; one row a paper under a row of headings."""

    name = "CSV"

    def reads(self, path: Path) -> bool:
        """When the first line names a title and another column of a paper; two others in a file that is not called a table."""
        lines = beginning(path)[:_LONGEST_HEADER].splitlines()
        columns = _header(lines[0])[1] if lines else {}
        return "title" in columns and len(columns) >= (2 if suffix_of(path) in (".csv", ".tsv") else 3)

    def count(self, path: Path) -> int:
        """The number of lines but the first; about, since a cell may have several. Raises UnreadableFileError without titles."""
        lines = beginning(path)[:_LONGEST_HEADER].splitlines()
        if lines and "title" not in _header(lines[0])[1]:
            raise UnreadableFileError(f"{path} has no column named 'title'.", hint="Its first line has to name the columns.")
        return count_beginnings(path, _ROW) - 1

    def read(self, path: Path) -> Iterator[Item]:
        """Row by row, in bounded memory."""
        return records(path.name, _rows(path))


def _rows(path: Path) -> Iterator[Draft | Rejected | Remark]:
    told: list[Rejected | Remark] = []

    def lines() -> Iterator[str]:
        for line in text_lines(path):
            if isinstance(line, TextLine):
                yield f"{line.text}\n"
            else:
                told.append(line)

    text = lines()
    first = next(text, "")
    delimiter, columns = _header(first)
    rows = csv.reader(text, delimiter=delimiter)
    line = 2
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Rejected(f"{path.name}:{line}", f"not a row: {error}; the rest is not read")
            return
        yield from told
        told.clear()
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield draft_of({ours: row[number] for ours, number in columns.items() if number < len(row)}, line)
        line = rows.line_num + 2
