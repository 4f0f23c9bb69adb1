"""BibTeX through bibtexparser: values put together, LaTeX decoded, missing fields taken from the crossref'd entry."""

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException, ParsingException
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft, keyword_list, records, shortened
from rag.ingest.files import encoding_remark, head, whole_text
from rag.ingest.latex import decoded, unescaped
from rag.ingest.reader import Item, Rejected, Remark
from rag.text import one_line

# What it warns of is reported as rejected records, with their lines.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

Fields: TypeAlias = Mapping[str, str]
_ENTRY = re.compile(r"@(?!(?:comment|string|preamble)\b)\w+[ \t]*[{(]", re.IGNORECASE)
_FIRST_ENTRY = re.compile(rf"^[ \t]*{_ENTRY.pattern}\s*[^\s,]*\s*,", re.IGNORECASE | re.MULTILINE)
_NO_RECORD = re.compile(r"@\s*(?:comment|preamble)", re.IGNORECASE)
_NOT_PAPERS = frozenset({"xdata", "set", "control", "bibnote"})
_INHERITED = ("year", "date", "journal", "journaltitle", "booktitle", "series", "publisher", "language")
_VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "organization", "publisher", "howpublished")
_NOBODY = re.compile(r"others|et al\.?|\w+=\w+", re.IGNORECASE)  # The last is a BibLaTeX option of the list.
_NAME_PART = re.compile(r"(family|given|prefix|suffix)\s*=\s*(\{.*?\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE | re.DOTALL)


class BibtexReader:
    """.bib files; they are read into memory whole, because an entry may refer to a later one."""

    name = "BibTeX"

    def reads(self, path: Path) -> bool:
        """By the suffix; a .txt or a file without one when it has an entry near its beginning."""
        if path.is_dir() or path.suffix.lower() not in (".bib", ".bibtex", ".txt", ""):
            return False
        return path.suffix.lower().startswith(".bib") or _FIRST_ENTRY.search(head(path).decode("latin-1")) is not None

    def count(self, path: Path) -> int:
        """The number of entries."""
        return sum(1 for _ in _ENTRY.finditer(whole_text(path).text))

    def read(self, path: Path) -> Iterator[Item]:
        """Entry by entry. Raises UnreadableFileError when the parser gives up on the file."""
        text, remark = whole_text(path)
        yield from encoding_remark(path, remark)
        try:
            library = parse_string(text, parse_stack=[])
        except ParsingException as error:
            raise UnreadableFileError(f"{path} cannot be read as BibTeX: {error}.") from error
        strings = {string.key.strip().lower(): string.value for string in library.strings}
        yield from records(path.name, _drafts(path.name, library.blocks, strings))


def _drafts(name: str, blocks: list[Block], strings: Mapping[str, str]) -> Iterator[Draft | Rejected | Remark]:
    # An entry with a field twice, or with a key met before, is an entry all the same; the key is checked later, by line.
    entries = {id(block): entry for block in blocks if (entry := _entry(block)) is not None}
    fields = {number: _fields(entry, strings) for number, entry in entries.items()}
    by_key = {entry.key.strip().lower(): fields[number] for number, entry in reversed(entries.items())}
    for block in blocks:
        line = (block.start_line or 0) + 1
        entry = entries.get(id(block))
        if entry is None:
            if isinstance(block, ParsingFailedBlock) and not _NO_RECORD.match(block.raw or ""):
                yield Rejected(f"{name}:{line}", _in_words(block))
        elif entry.entry_type.lower() in _NOT_PAPERS:
            yield Rejected(f"{name}:{line}", f"an @{entry.entry_type.lower()} entry is not a paper")
        else:
            own = fields[id(block)]
            parent = by_key.get(own["crossref"].strip().lower(), {}) if "crossref" in own else {}
            yield _draft(line, entry.key, _inherited(own, parent))


def _entry(block: Block) -> Entry | None:
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        inner = block.ignore_error_block
        return inner if isinstance(inner, Entry) else None
    return block if isinstance(block, Entry) else None


def _in_words(block: ParsingFailedBlock) -> str:
    error = block.error
    return shortened(error.abort_reason if isinstance(error, BlockAbortedException) else str(error), 200) or "not BibTeX"


def _fields(entry: Entry, strings: Mapping[str, str]) -> Fields:
    """Field names in lower case and their values; of a repeated field the first counts, as in BibTeX."""
    values: dict[str, str] = {}
    for field in entry.fields:
        value = _value(str(field.value), strings)
        if value.strip():
            values.setdefault(field.key.strip().lower(), value)
    return values


def _inherited(own: Fields, parent: Fields) -> Fields:
    inherited = {name: parent[name] for name in _INHERITED if name in parent}
    if "title" in parent:
        inherited.setdefault("booktitle", parent["title"])
    if "year" in own or "date" in own:
        inherited.pop("year", None)
        inherited.pop("date", None)
    return {**inherited, **own}


def _value(raw: str, strings: Mapping[str, str], depth: int = 0) -> str:
    """A value without its delimiters: ``{…}``, ``"…"``, a number, a name of an @string, or several of them joined by ``#``."""
    return "".join(_piece(piece.strip(), strings, depth) for piece in _pieces(raw.strip()))


def _piece(piece: str, strings: Mapping[str, str], depth: int) -> str:
    if len(piece) >= 2 and (piece[0], piece[-1]) in (("{", "}"), ('"', '"')):
        return piece[1:-1]
    meant = strings.get(piece.lower())
    # A string may be made of others; one made of itself is left as its name.
    return piece if meant is None or depth > 8 else _value(meant, strings, depth + 1)


def _pieces(raw: str) -> list[str]:
    if "#" not in raw:
        return [raw]
    pieces, start, level, quoted = [], 0, 0, False
    for at, character in enumerate(raw):
        if character == "{":
            level += 1
        elif character == "}":
            level -= 1
        elif character == '"' and level == 0:
            quoted = not quoted
        elif character == "#" and level == 0 and not quoted:
            pieces.append(raw[start:at])
            start = at + 1
    return [*pieces, raw[start:]]


def _draft(line: int, key: str, fields: Fields) -> Draft:
    title = ": ".join(one_line(decoded(fields[name])) for name in ("title", "subtitle") if name in fields)
    return Draft(
        line=line,
        source_id=key,
        title=title,
        abstract=decoded(fields.get("abstract", "")),
        authors=_people(fields.get("author", "")),
        year=fields.get("year") or fields.get("date"),
        venue=decoded(next((fields[name] for name in _VENUES if name in fields), "")),
        doi=unescaped(fields.get("doi", "")),
        arxiv_id=_arxiv_id(fields),
        url=unescaped(fields.get("url") or fields.get("link") or fields.get("howpublished", "")),
        language=decoded(fields.get("langid") or fields.get("language", "")),
        keywords=keyword_list(decoded(fields.get("keywords") or fields.get("keyword", ""))),
    )


def _arxiv_id(fields: Fields) -> str:
    """An eprint that is arXiv's (not PubMed's), or DBLP's ``journal = {CoRR}, volume = {abs/1706.03762}``."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype", "arxiv")
    if "arxiv" in archive.lower() and "eprint" in fields:
        return unescaped(fields["eprint"])
    return fields.get("volume", "") if fields.get("journal", "").strip().lower() == "corr" else ""


def _people(names: str) -> list[str]:
    people = [_person(name) for name in split_multiple_persons_names(names)]
    return [name for name in people if name and not _NOBODY.fullmatch(name)]


def _person(name: str) -> str:
    parts = {part.lower(): value.strip('{}" ') for part, value in _NAME_PART.findall(name)}
    if parts.keys() & {"family", "given"}:
        ordered = " ".join(parts[part] for part in ("given", "prefix", "family", "suffix") if parts.get(part))
    else:
        ordered = parse_single_name_into_parts(name, strict=False).merge_first_name_first
    return one_line(decoded(ordered))
