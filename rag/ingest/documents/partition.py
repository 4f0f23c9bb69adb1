"""Documents without a page layout, cut into blocks by ``unstructured``: kept offline, and without torch.

Importing this module takes seconds, and it is for reading processes only: it changes what others would import.
"""

import os
import re
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

# It would call home, and say on every start that it does.
os.environ.update(DO_NOT_TRACK="1", SCARF_NO_ANALYTICS="1", UNSTRUCTURED_DISABLE_NOTICE="1")
# spaCy takes torch into use where it finds it: three seconds and 200 MB for nothing that is needed here.
sys.modules.setdefault("torch", None)  # type: ignore[arg-type]

import spacy
from markdown_it import MarkdownIt
from unstructured.documents.elements import Element
from unstructured.nlp import tokenize

# The functions over these, partition_docx and so on, give all of a document or nothing.
from unstructured.partition.docx import DocxPartitionerOptions, _DocxPartitioner
from unstructured.partition.html.partition import HtmlPartitionerOptions, _HtmlPartitioner
from unstructured.partition.pptx import PptxPartitionerOptions, _PptxPartitioner
from unstructured.partition.text import element_from_text

from rag.ingest.documents import web_page
from rag.ingest.documents.limits import Limits
from rag.ingest.documents.model import Block, Metadata
from rag.ingest.documents.office import Package, book, office_facts
from rag.text import CJK, clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.language import Language

_KINDS = {"Title": "heading", "ListItem": "list", "Table": "table", "CodeSnippet": "code"}
_LEFT_OUT = frozenset(["Header", "Footer", "PageBreak", "PageNumber", "Image"])
_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n(?:---|\.\.\.)\s*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|author|authors|date|year|doi|lang)\s*:\s*(.+)$", re.MULTILINE | re.IGNORECASE)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_PARAGRAPH = re.compile(r"\n[ \t\f\v]*\n\s*|\f")
_WIDE = f"[{CJK}\u3000-\u303f\uff00-\uffef]"
_LINE_END = re.compile(f"(?<={_WIDE})[ \t]*\n[ \t]*(?={_WIDE})")
_LONGEST_HEADING = 120
_LONGEST_TITLE = 200
_MARKER = re.compile(r"(?:[-*+•▪●]|\(?\d{1,2}[.)]|[a-z]\))\s")
_ENDS = re.compile(r"[.!?;,:。！？；，：]$")
_NAMED = re.compile(
    r"abstract|summary|introduction|related work|background|methods?|results|discussion|conclusions?|acknowledge?ments|references"
    r"|bibliography|appendix.{0,40}|摘\s*要|引言|绪论|结论|参考文献|致谢",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,5}\.|第[一二三四五六七八九十\d]+[章节])\s*\S")


def _without_model() -> "Language":
    """A pipeline that finds the ends of sentences by punctuation, in place of a model that would be downloaded."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


# The one place where the model is loaded, and fetched when it is not there.
tokenize._load_spacy_model = _without_model
tokenize._get_nlp()


def partitioned(data: bytes, kind: str, filename: str, content_type: str, limits: Limits) -> "tuple[Iterator[Block], Metadata]":
    """The blocks of a document in order, each made when it is asked for, and what it says of itself in its properties.

    Raises:
        DamagedFileError, EncryptedFileError, TooLargeError: as their names say.
    """
    charset = content_type.partition("charset=")[2].strip(" \"'")
    if kind == "docx":
        facts = office_facts(Package(data, filename, limits))
        return _blocks(_DocxPartitioner.iter_document_elements(_docx_options(data))), facts
    if kind == "pptx":
        facts = office_facts(Package(data, filename, limits))
        return _slides(_PptxPartitioner.iter_presentation_elements(_pptx_options(data))), facts
    if kind == "epub":
        facts, chapters = book(Package(data, filename, limits))
        return (block for chapter in chapters for block in _page(web_page.decoded(chapter))[0]), facts
    text = web_page.decoded(data, charset).replace("\r\n", "\n").replace("\r", "\n")
    if kind == "html":
        return _page(text)
    return _markdown(text) if kind == "markdown" else (_plain(text), Metadata())


def _docx_options(data: bytes) -> DocxPartitionerOptions:
    return DocxPartitionerOptions.load(
        file=BytesIO(data), file_path=None, include_page_breaks=False, infer_table_structure=False, strategy=None
    )


def _pptx_options(data: bytes) -> PptxPartitionerOptions:
    return PptxPartitionerOptions(
        file=BytesIO(data),
        file_path=None,
        include_page_breaks=False,
        include_slide_notes=False,
        infer_table_structure=False,
        strategy="fast",
    )


def _page(text: str) -> "tuple[Iterator[Block], Metadata]":
    body, facts = web_page.stripped(text)
    return _web(body), facts


def _web(body: str) -> "Iterator[Block]":
    """The blocks of HTML."""
    if not body.strip():
        return iter(())
    options = HtmlPartitionerOptions(
        file_path=None,
        file=None,
        text=body,
        encoding=None,
        url=None,
        headers={},
        ssl_verify=True,
        skip_headers_and_footers=False,
        detection_origin=None,
    )
    return _blocks(_HtmlPartitioner.iter_elements(options))


def _markdown(text: str) -> "tuple[Iterator[Block], Metadata]":
    front = _FRONT_MATTER.match(text)
    facts = Metadata()
    if front is not None:
        text = text[front.end() :]
        said = {name.lower(): value.strip(" \"'[]") for name, value in _FIELD.findall(front.group(1))}
        year = _YEAR.search(said.get("date", "") or said.get("year", ""))
        names = re.split(r"\s*[,;]\s*", said.get("author", "") or said.get("authors", ""))
        facts = Metadata(
            title=said.get("title", ""),
            authors=tuple(name.strip("\"'") for name in names if name),
            year=int(year.group()) if year else None,
            doi=said.get("doi", ""),
            language=said.get("lang", ""),
        )
    return _web(MarkdownIt("commonmark").enable("table").render(text)), facts


def _plain(text: str) -> "Iterator[Block]":
    """Paragraphs are what stands between blank lines; their lines are joined, except those of a list."""
    paragraphs: list[str] = []
    alone: set[str] = set()
    for paragraph in _PARAGRAPH.split(clean(text)):
        items: list[str] = []
        for line in paragraph.splitlines():
            if items and not _MARKER.match(line.lstrip()):
                items[-1] += f"\n{line}"
            else:
                items.append(line)
        joined = [" ".join(_LINE_END.sub("", item).split()) for item in items]
        paragraphs.extend(joined)
        if len(paragraph.splitlines()) == 1:
            alone.update(joined)
    first = True
    for block in _blocks(map(element_from_text, filter(None, paragraphs))):
        if first and block.text in alone and _may_be_title(block.text):
            yield Block(block.text, "title", 0, None)
        else:
            yield _plain_block(block, alone=block.text in alone)
        first = False


def _may_be_title(text: str) -> bool:
    """A first line that stands alone, unless it is the heading of a section or runs on."""
    return len(text) <= _LONGEST_TITLE and not _ENDS.search(text) and not _NUMBERED.match(text) and not _NAMED.fullmatch(text)


def _plain_block(block: Block, *, alone: bool) -> Block:
    """To ``unstructured`` anything short in a plain text is a title, and anything with a number before it an item of a list."""
    text = block.text
    short = alone and len(text) <= _LONGEST_HEADING and not _ENDS.search(text)
    if short and (_NUMBERED.match(text) or _NAMED.fullmatch(text) or text.isupper()):
        return Block(text, "heading", 1, block.page)
    return _as_text(block) if block.kind == "heading" else block


def _as_text(block: Block) -> Block:
    return Block(block.text, "text", 0, block.page)


def _slides(elements: "Iterable[Element]") -> "Iterator[Block]":
    """Of a slide, only the title is a heading; its points come as titles of a lower rank."""
    return (block if block.kind != "heading" or block.level == 1 else _as_text(block) for block in _blocks(elements))


def _blocks(elements: "Iterable[Element]") -> "Iterator[Block]":
    for element in elements:
        name = type(element).__name__
        text = clean(element.text or "").strip()
        if not text or name in _LEFT_OUT:
            continue
        kind = _KINDS.get(name, "text")
        about: Any = element.metadata
        level = (about.category_depth or 0) + 1 if kind == "heading" else 0
        yield Block(text, kind, level, None if about.page_number is None else about.page_number - 1)
