"""Elements of XML: found by their local names, and their text."""

from collections.abc import Iterator
from html.entities import name2codepoint

from lxml import etree

from rag.text import one_line


def first(element: etree._Element, path: str) -> etree._Element | None:
    """The first element under ``path`` ('front/article-meta'), whatever its namespaces."""
    return next(every(element, path), None)


def every(element: etree._Element, path: str) -> Iterator[etree._Element]:
    """All elements under ``path``; './/name' looks at every depth."""
    deep = path.startswith(".//")
    local = "/".join(f"{{*}}{step}" for step in path.removeprefix(".//").split("/"))
    yield from element.iterfind(f".//{local}" if deep else local)


def said(element: etree._Element, *paths: str) -> str:
    """The text of the first of these that says something."""
    return next((text for path in paths for found in every(element, path) if (text := text_of(found))), "")


def text_of(element: etree._Element | None, without: frozenset[str] = frozenset()) -> str:
    """All text of an element in one line, but for elements named in ``without``."""
    return "" if element is None else one_line("".join(_pieces(element, without)))


def _pieces(element: etree._Element, without: frozenset[str]) -> Iterator[str]:
    if isinstance(element, etree._Entity):
        # Of a DTD that is never fetched (DBLP's): those of HTML are known without it, and nothing else is expanded.
        code = name2codepoint.get(element.name or "")
        yield chr(code) if code else ""
    elif isinstance(element.tag, str) and name_of(element) not in without:
        yield element.text or ""
        for child in element:
            yield from _pieces(child, without)
            yield child.tail or ""


def name_of(element: etree._Element) -> str:
    """Without its namespace; '' of a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
