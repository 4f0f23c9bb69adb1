"""XML, one record at a time in bounded memory; nothing is fetched and no entity is expanded."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from lxml import etree

from rag.ingest.draft import Draft, records, shortened
from rag.ingest.files import DAMAGE, beginning, count_matches, encoding, encoding_remark, opened
from rag.ingest.formats import xml_articles, xml_bibliographies
from rag.ingest.formats.elements import name_of
from rag.ingest.formats.patents import EPO, USPTO
from rag.ingest.reader import Item, Rejected, Remark

Context: TypeAlias = dict[str, str]
"""What a volume said of all its papers, kept from one element to the next."""
Read: TypeAlias = Callable[[etree._Element, Context], Draft | None]
"""An element's draft; its line is set afterwards. None: it is no paper."""

_ROOT = re.compile(r"<([A-Za-z_][\w.:-]*)")
_NO_ELEMENT = re.compile(r"<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_DECLARED = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")
_NEXT_DOCUMENT = re.compile(rb"(?<=[>\s])<\?xml\s")
_CHUNK = 65_536
_BORDER = 8
"""Bytes in which the beginning of a document shows."""

_JATS: Mapping[str, Read] = {"article": xml_articles.jats}
_PUBMED: Mapping[str, Read] = {"PubmedArticle": xml_articles.pubmed, "PubmedBookArticle": xml_articles.pubmed_book}
_ENDNOTE: Mapping[str, Read] = {"record": xml_bibliographies.endnote}
_FORMATS: Mapping[str, Mapping[str, Read]] = {
    "article": _JATS,
    "pmc-articleset": _JATS,
    **dict.fromkeys(("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"), _PUBMED),
    "xml": _ENDNOTE,
    "records": _ENDNOTE,
    "dblp": dict.fromkeys(xml_bibliographies.DBLP, xml_bibliographies.dblp),
    "collection": {"meta": xml_bibliographies.acl_volume, "paper": xml_bibliographies.acl_paper},
    "feed": {"entry": xml_bibliographies.atom},
    **dict.fromkeys(("us-patent-grant", "us-patent-application"), USPTO),
    **dict.fromkeys(("exchange-documents", "exchange-document", "world-patent-data", "ep-patent-document"), EPO),
}
"""Root element → the elements that are read, and by what."""


class XmlReader:
    """PubMed, JATS, EndNote, DBLP, the ACL Anthology, Atom feeds of arXiv, and patents, known by their root element."""

    name = "XML"

    def reads(self, path: Path) -> bool:
        """When its root element is one of these."""
        return bool(_format_of(path))

    def count(self, path: Path) -> int | None:
        """About the number of records: that of their opening tags."""
        tags = "|".join(map(re.escape, _format_of(path)))
        return (tags and count_matches(path, re.compile(rb"<(?:[\w.-]+:)?(?:%s)[\s>]" % tags.encode()))) or None

    def read(self, path: Path) -> Iterator[Item]:
        """Record by record; where it is no XML any more, the rest is given up with the line and the reason."""
        return records(path.name, _drafts(path))


def _root(path: Path) -> str:
    """The local name of the root element; '' of what is no XML."""
    text = beginning(path).lstrip()
    found = _ROOT.search(_NO_ELEMENT.sub("", text)) if text.startswith("<") else None
    return found.group(1).rpartition(":")[2] if found else ""


def _format_of(path: Path) -> Mapping[str, Read]:
    return _FORMATS.get(_root(path), {})


def _drafts(path: Path) -> Iterator[Draft | Rejected | Remark]:
    read = _format_of(path)
    root = _root(path)
    if not read:
        reason = f"its root element <{root}> is that of no format that Paper Finder reads" if root else "not XML"
        yield Rejected(f"{path.name}:1", reason)
        return
    codec, remark = _encoding(path)
    yield from encoding_remark(path, remark)
    work = _Documents(path.name, read, codec)
    with opened(path) as file:
        try:
            while chunk := file.read1(_CHUNK):
                yield from work.feed(chunk)
        except DAMAGE as error:
            yield Rejected(f"{path.name}:{work.line}", f"the file is damaged from here on ({error}); the rest is missing")
    yield from work.close()
    if not work.told:
        yield Rejected(f"{path.name}:1", f"there is no record in its root element <{root}>")


def _encoding(path: Path) -> tuple[str | None, str]:
    """The codec that the parser is to be told, because the file does not say it or says it wrongly."""
    declared = _DECLARED.search(beginning(path)[:1_000])
    if declared and declared.group(1).lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        return None, ""
    codec, remark = encoding(path)
    return (codec, remark) if codec in ("gb18030", "cp1252", "iso-8859-1") else (None, "")


class _Documents:
    """XML documents one after the other, as the patent office puts them into a file; usually there is one."""

    def __init__(self, name: str, read: Mapping[str, Read], codec: str | None) -> None:
        self.told = False
        self.line = 1
        """Where the bytes that are next begin."""
        self._name = name
        self._read = read
        self._codec = codec
        self._parser: etree.XMLPullParser | None = None
        self._begun = 1
        self._broken = False
        self._context: Context = {}
        self._kept = b""

    def feed(self, chunk: bytes) -> Iterator[Draft | Rejected]:
        """What the chunk brings to an end."""
        data = self._kept + chunk
        # The border of two documents may lie across two chunks.
        data, self._kept = data[:-_BORDER], data[-_BORDER:]
        start = 0
        for cut in [found.start() for found in _NEXT_DOCUMENT.finditer(data + self._kept) if found.start() < len(data)]:
            yield from self._parse(data[start:cut])
            yield from self._end()
            start = cut
        yield from self._parse(data[start:])

    def close(self) -> Iterator[Draft | Rejected]:
        """What the end of the file brings to an end."""
        yield from self._parse(self._kept)
        yield from self._end()

    def _parse(self, data: bytes) -> Iterator[Draft | Rejected]:
        if self._parser is None and not self._broken and data.strip():
            text = data.lstrip()
            self.line += data[: -len(text)].count(b"\n")
            self._parser, self._begun, data = self._new_parser(), self.line, text
        if self._parser is not None:
            yield from self._step(self._parser, data)
        self.line += data.count(b"\n")

    def _end(self) -> Iterator[Draft | Rejected]:
        if self._parser is not None:
            yield from self._step(self._parser, None)
        self._parser, self._broken, self._context = None, False, {}

    def _new_parser(self) -> etree.XMLPullParser:
        tags = [f"{{*}}{tag}" for tag in self._read]
        safe = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
        return etree.XMLPullParser(events=("end",), tag=tags, encoding=self._codec, **safe)

    def _step(self, parser: etree.XMLPullParser, data: bytes | None) -> Iterator[Draft | Rejected]:
        """Feed the data (None: the end); what came before a fault is read all the same."""
        fault: etree.XMLSyntaxError | None = None
        try:
            if data is None:
                parser.close()
            else:
                parser.feed(data)
        except etree.XMLSyntaxError as error:
            fault = error
        yield from self._records(parser)
        if fault is not None:
            self._parser, self._broken, self.told = None, True, True
            line = self._begun + max(fault.lineno or 1, 1) - 1
            yield Rejected(f"{self._name}:{line}", f"not XML: {shortened(fault.msg or '', 200)}; the rest is not read")

    def _records(self, parser: etree.XMLPullParser) -> Iterator[Draft | Rejected]:
        for _, element in parser.read_events():
            draft = self._read[name_of(element)](element, self._context)
            if draft is not None:
                self.told = True
                yield replace(draft, line=self._begun + (element.sourceline or 1) - 1)
            _forget(element)


def _forget(element: etree._Element) -> None:
    """Free what was read: the element's inside, and all that stands before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
