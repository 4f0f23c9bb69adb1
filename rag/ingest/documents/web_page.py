"""HTML before it is partitioned: decoded, without what is no text of the document, and what its head says."""

import re

from lxml import etree, html

from rag.ingest.documents.model import Metadata

_ENCODING = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_APART = (
    *("script", "style", "noscript", "template", "nav", "footer", "form", "button", "svg", "iframe", "object", "embed"),
    *("img", "picture", "video", "audio", "canvas"),
)
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(data: bytes, declared: str = "") -> str:
    """The text of an HTML file by its mark, by the charset it was sent with or names itself, else as UTF-8 or GBK."""
    found = _ENCODING.search(data[:4_096])
    named = (found.group(1) or found.group(2)).decode("ascii") if found else ""
    marked = [name for mark, name in _MARKS if data.startswith(mark)]
    for encoding in [*marked, declared, named, "utf-8", "gb18030"]:
        try:
            if encoding:
                return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def stripped(text: str) -> tuple[str, Metadata]:
    """The page's body as HTML, and its own metadata; both empty when there is nothing in it."""
    text = _DECLARATION.sub("", text).replace("\0", "")
    if not text.strip():
        return "", Metadata()
    try:
        root = html.document_fromstring(text)
    except (etree.ParserError, ValueError):
        return "", Metadata()
    facts = _facts(root)
    etree.strip_elements(root, *_APART, with_tail=False)
    etree.strip_elements(root, etree.Comment, with_tail=False)
    return html.tostring(root, encoding="unicode"), facts


def _facts(root: html.HtmlElement) -> Metadata:
    """What publishers write for indexers (citation_…, Dublin Core), else what the head of any page says."""
    said: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("name") or meta.get("property") or "").lower()
        content = " ".join((meta.get("content") or "").split())
        if name and content:
            said.setdefault(name, []).append(content)

    def first(*names: str) -> str:
        return next((said[name][0] for name in names if name in said), "")

    title = root.find(".//title")
    year = _YEAR.search(first("citation_publication_date", "citation_date", "citation_year", "dc.date", "dc.date.issued"))
    return Metadata(
        title=first("citation_title", "dc.title", "og:title") or ("" if title is None else " ".join((title.text or "").split())),
        authors=tuple(said.get("citation_author") or said.get("dc.creator") or said.get("author") or ()),
        year=int(year.group()) if year else None,
        venue=first("citation_journal_title", "citation_conference_title", "citation_inbook_title"),
        doi=first("citation_doi", "dc.identifier"),
        arxiv_id=first("citation_arxiv_id"),
        abstract=first("citation_abstract", "dc.description.abstract"),
        language=first("citation_language", "dc.language") or root.get("lang") or "",
    )
