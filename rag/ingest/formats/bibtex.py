"""BibTeX and BibLaTeX through bibtexparser: values put together, LaTeX decoded, missing fields taken from the parent entry."""

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from bibtexparser.entrypoint import parse_string
from bibtexparser.exceptions import BlockAbortedException, ParsingException
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry, ParsingFailedBlock

from rag.errors import UnreadableFileError
from rag.ingest.draft import Draft, keyword_list, records, shortened
from rag.ingest.files import TextLine, beginning, suffix_of, text_lines
from rag.ingest.formats.latex import decoded, unescaped
from rag.ingest.reader import Item, Rejected, Remark
from rag.text import one_line

# What it warns of is reported as rejected records, with their lines.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

Fields: TypeAlias = Mapping[str, str]
_ENTRY = re.compile(r"@(?!(?:comment|string|preamble)\b)\w+[ \t]*[{(]", re.IGNORECASE)
_FIRST_ENTRY = re.compile(rf"^[ \t]*{_ENTRY.pattern}\s*[^\s,]*\s*,", re.IGNORECASE | re.MULTILINE)
_BLOCK = re.compile(r"[ \t]*@\w+[ \t]*[{(]")
_CROSSREF = re.compile(r"crossref\s*=\s*[{\"]([^{}\"]+)", re.IGNORECASE)
_PORTION, _LARGEST_PORTION = 1024 * 1024, 32 * 1024 * 1024
"""Characters: a portion is cut at the next entry after the first, and anywhere after the second."""
_BEGINS = re.compile(r"\s*(?:%[^\n]*\n\s*)*@\w+[ \t]*[{(]")
_NO_RECORD = re.compile(r"@\s*(?:comment|preamble)", re.IGNORECASE)
_NOT_PAPERS = frozenset({"xdata", "set", "control", "bibnote"})
_INHERITED = ("year", "date", "journal", "journaltitle", "booktitle", "series", "publisher", "language")
_VENUES = ("journal", "journaltitle", "booktitle", "school", "institution", "organization", "publisher", "howpublished")
_NOBODY = re.compile(r"others|et al\.?|\w+=\w+", re.IGNORECASE)  # The last is a BibLaTeX option of the list.
_ESCAPED_SIGN = re.compile(r"\\([$&%#_])")
_NAME_PART = re.compile(r"(family|given|prefix|suffix)\s*=\s*(\{.*?\}|\"[^\"]*\"|[^,]*)", re.IGNORECASE | re.DOTALL)


class BibtexReader:
    """BibTeX and BibLaTeX in bounded memory; entries that others refer to (crossref) are looked for beforehand."""

    name = "BibTeX"

    def reads(self, path: Path) -> bool:
        """When there is an entry near the beginning; when it begins with one, if it is called neither a text nor BibTeX."""
        listed = suffix_of(path) in ("", ".txt", ".text", ".bib", ".bibtex")
        return (_FIRST_ENTRY.search if listed else _BEGINS.match)(beginning(path)) is not None

    def count(self, path: Path) -> int:
        """The number of entries."""
        return sum(len(_ENTRY.findall(portion.text)) for portion in _portions(path) if isinstance(portion, _Portion))

    def read(self, path: Path) -> Iterator[Item]:
        """Entry by entry. Raises UnreadableFileError when the parser gives up on the file."""
        return records(path.name, drafts(path))


class _Portion(NamedTuple):
    """Whole entries of a file, and the number of lines before them."""

    before: int
    text: str


def _portions(path: Path) -> Iterator[_Portion | Rejected | Remark]:
    """The file in portions of a megabyte, cut where a line begins an entry: there the parser begins anew as well."""
    lines, size, before = list[str](), 0, 0
    for line in text_lines(path):
        if not isinstance(line, TextLine):
            yield line
            continue
        if size > _LARGEST_PORTION or (size > _PORTION and _BLOCK.match(line.text)):
            yield _Portion(before, "\n".join(lines))
            lines, size, before = [], 0, line.number - 1
        lines.append(line.text)
        size += len(line.text) + 1
    yield _Portion(before, "\n".join(lines))


def drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    """The draft of each entry."""
    strings: dict[str, str] = {}
    parents = _parents(path)
    for portion in _portions(path):
        if not isinstance(portion, _Portion):
            yield portion
            continue
        for block in _blocks(path, portion, strings):
            draft = _draft_of(path.name, portion.before, block, strings, parents)
            if draft is not None:
                yield draft


def _blocks(path: Path, portion: _Portion, strings: dict[str, str]) -> list[Block]:
    """The blocks of a portion; its @strings are added to those of the portions before."""
    try:
        library = parse_string(portion.text, parse_stack=[])
    except ParsingException as error:
        raise UnreadableFileError(f"{path} cannot be read as BibTeX: {error}.") from error
    strings.update({string.key.strip().lower(): string.value for string in library.strings})
    return library.blocks


def _parents(path: Path) -> Mapping[str, Fields]:
    """The entries that others take fields from, by key in lower case; the first of several with one key."""
    portions = (portion for portion in _portions(path) if isinstance(portion, _Portion))
    wanted = {key.strip().lower() for portion in portions for key in _CROSSREF.findall(portion.text)}
    parents: dict[str, Fields] = {}
    if not wanted:
        return parents
    strings: dict[str, str] = {}
    for portion in _portions(path):
        for block in _blocks(path, portion, strings) if isinstance(portion, _Portion) else ():
            entry = _entry(block)
            if entry is not None and (key := entry.key.strip().lower()) in wanted:
                parents.setdefault(key, _fields(entry, strings))
    return parents


def _draft_of(
    name: str, before: int, block: Block, strings: Mapping[str, str], parents: Mapping[str, Fields]
) -> Draft | Rejected | None:
    # An entry with a field twice, or with a key met before, is an entry all the same; the key is checked later, by line.
    line = before + (block.start_line or 0) + 1
    entry = _entry(block)
    if entry is None:
        if isinstance(block, ParsingFailedBlock) and not _NO_RECORD.match(block.raw or ""):
            return Rejected(f"{name}:{line}", _in_words(block))
        return None
    if entry.entry_type.lower() in _NOT_PAPERS:
        return Rejected(f"{name}:{line}", f"an @{entry.entry_type.lower()} entry is not a paper")
    own = _fields(entry, strings)
    parent = parents.get(own["crossref"].strip().lower(), {}) if "crossref" in own else {}
    return _draft(line, entry.key, _inherited(own, parent))


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
        groups=[decoded(group.replace(r"\,", ",")) for group in re.split(r"(?<!\\),", fields.get("groups", ""))],
        files=[_file(part) for part in re.split(r"(?<!\\);", fields.get("file", ""))],
    )


def _file(part: str) -> str:
    """The path in 'description:path:type' as Zotero and JabRef write it, or alone."""
    pieces = [re.sub(r"\\(.)", r"\1", piece) for piece in re.split(r"(?<!\\):", part)]
    return pieces[1] if len(pieces) >= 3 else pieces[0]


def _arxiv_id(fields: Fields) -> str:
    """An eprint that is arXiv's (not PubMed's), or DBLP's ``journal = {CoRR}, volume = {abs/1706.03762}``."""
    archive = fields.get("archiveprefix") or fields.get("eprinttype", "arxiv")
    if "arxiv" in archive.lower() and "eprint" in fields:
        return unescaped(fields["eprint"])
    return fields.get("volume", "") if fields.get("journal", "").strip().lower() == "corr" else ""


def _people(names: str) -> list[str]:
    # The parser of names takes the sign after a backslash for an accent, which needs a letter after it.
    people = [_person(name) for name in split_multiple_persons_names(_ESCAPED_SIGN.sub(r"{\\\1}", names))]
    return [name for name in people if name and not _NOBODY.fullmatch(name)]


def _person(name: str) -> str:
    parts = {part.lower(): value.strip('{}" ') for part, value in _NAME_PART.findall(name)}
    if parts.keys() & {"family", "given"}:
        ordered = " ".join(parts[part] for part in ("given", "prefix", "family", "suffix") if parts.get(part))
    else:
        ordered = parse_single_name_into_parts(name, strict=False).merge_first_name_first
    return one_line(decoded(ordered))
