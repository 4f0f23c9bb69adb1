"""LaTeX source: its title, authors and abstract, and its sections as blocks of plain text."""

import re
from collections.abc import Iterator
from itertools import chain

from rag.ingest.documents.model import Block, Metadata
from rag.ingest.formats.latex import decoded

_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%.*?(?:\n[ \t]*|\Z)")
_BODY = re.compile(r"\\begin\s*\{document\}(.*?)(?:\\end\s*\{document\}|\Z)", re.DOTALL)
_REFERENCES = re.compile(
    r"\\begin\s*\{thebibliography\}.*?(?:\\end\s*\{thebibliography\}|\Z)|\\(?:bibliography|printbibliography)\b[^\n]*", re.DOTALL
)
_DRAWN = re.compile(r"\\begin\s*\{(tikzpicture|pgfpicture|filecontents\*?|comment)\}.*?(?:\\end\s*\{\1\}|\Z)", re.DOTALL)
_ABSTRACT = re.compile(r"\\begin\s*\{abstract\}(.*?)(?:\\end\s*\{abstract\}|\Z)", re.DOTALL)
_HEADING = re.compile(r"\\(part|chapter|section|subsection|subsubsection|paragraph|references)\*?\s*(?:\[[^\]]*\]\s*)?(?=\{)")
_LEVELS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "references": 1}
_TITLE = re.compile(r"\\(?:title|icmltitle|papertitle)\s*(?:\[[^\]]*\]\s*)?(?=\{)")
_AUTHOR = re.compile(r"\\(?:author|icmlauthor)\s*(?:\[[^\]]*\]\s*)?(?=\{)")
_DATE = re.compile(r"\\date\s*(?=\{)")
_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
# What stands in the text only to point elsewhere, or to arrange it.
_POINTERS = re.compile(
    r"~?\\(?:cite\w*|nocite|label|ref|eqref|autoref|cref|Cref|pageref|footnotemark|vspace|hspace|includegraphics|input|include"
    r"|bibliographystyle|usepackage|thispagestyle|pagestyle|setlength|vskip|setcounter|addtocounter)\*?(?:\s*\[[^\]]*\])*\s*(?:\{[^{}]*\})*"
)
_ENVIRONMENT = re.compile(
    r"\\(?:begin|end)\s*\{(?!equation|align|gather|multline|eqnarray|displaymath|math|array|tabular|matrix|[pbvBV]matrix|cases|split)"
    r"[A-Za-z]+\*?\}(?:\s*\[[^\]]*\])?"
)
_COMMANDS = re.compile(
    r"\\(?:maketitle|tableofcontents|centering|noindent|clearpage|newpage|appendix|bigskip|medskip|smallskip|hline|toprule|midrule|bottomrule)\b"
)
_ITEM = re.compile(r"\\item\b\s*(?:\[[^\]]*\])?")
_CAPTION = re.compile(r"\\caption\*?\s*(?:\[[^\]]*\]\s*)?(?=\{)")
_MACRO = re.compile(r"\\(?:re|provide)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*(?=\{)")
_APART = re.compile(r"\\(?:and|And|AND|quad|qquad)\b|\\\\(?:\[[^\]]*\])?|\n\s*\n")
_BESIDE = re.compile(
    r"\\(?:thanks|footnote|inst|textsuperscript|orcid|email|affiliation|institute|address|IEEEmembership)\*?\s*(?=\{)|\$\^?.*?\$|\\IEEEauthorrefmark\s*\{[^}]*\}"
)
_NO_NAME = re.compile(
    r"@|\d|https?:|universit|institut|department|laborator|school|college|faculty|research|center|centre|\binc\b|\bltd\b|academy|大学|学院|研究",
    re.IGNORECASE,
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*|\\par\b")
_LONGEST_ARGUMENT = 100_000
_LONGEST_MACRO = 200


def latex_blocks(source: str) -> tuple[Iterator[Block], Metadata]:
    """The blocks of a LaTeX document without its references, and its own title, authors, year and abstract.

    Each block is made when it is asked for.
    """
    source = _COMMENT.sub(r"\1", source.replace("\r\n", "\n").replace("\r", "\n"))
    source = _expanded(_DRAWN.sub("", source))
    body = _BODY.search(source)
    text = _REFERENCES.sub(r"\n\n\\references{References}\n\n", body.group(1) if body else source)
    abstract = _ABSTRACT.search(text)
    facts = _facts(source, abstract.group(1) if abstract else "")
    blocks = [Block(facts.title, "title", 0, None)] if facts.title else []
    if facts.abstract:
        blocks += [Block("Abstract", "heading", 1, None), Block(facts.abstract, "text", 0, None)]
    return chain(blocks, _sections(_without_front(_ABSTRACT.sub("", text)))), facts


def _expanded(source: str) -> str:
    """Abbreviations without arguments (\\newcommand{\\eg}{e.g.}) written out, once each."""
    meanings = {}
    for found in _MACRO.finditer(source):
        meaning, _ = _argument(source, found.end())
        if len(meaning) <= _LONGEST_MACRO and "#" not in meaning:
            meanings[found.group(1)] = meaning
    if not meanings:
        return source
    used = re.compile(r"(?<!newcommand\{)(?<!newcommand)\\(" + "|".join(map(re.escape, meanings)) + r")(?![A-Za-z])(?:\{\})?")
    return used.sub(lambda found: meanings[found.group(1)], source)


def _argument(text: str, start: int) -> tuple[str, int]:
    """What stands in the braces that open at ``start``, and where they end; all that follows when they never do."""
    depth = 0
    for at in range(start, min(len(text), start + _LONGEST_ARGUMENT)):
        escaped = at > 0 and text[at - 1] == "\\"
        if text[at] == "{" and not escaped:
            depth += 1
        elif text[at] == "}" and not escaped:
            depth -= 1
            if depth == 0:
                return text[start + 1 : at], at + 1
    return "", start


def _facts(source: str, abstract: str) -> Metadata:
    title = _TITLE.search(source)
    date = _DATE.search(source)
    year = _YEAR.search(_argument(source, date.end())[0]) if date else None
    names = [name for found in _AUTHOR.finditer(source) for name in _names(_argument(source, found.end())[0])]
    return Metadata(
        title=_text(_without_notes(_argument(source, title.end())[0])) if title else "",
        authors=tuple(dict.fromkeys(names)),
        year=int(year.group()) if year else None,
        abstract=_text(abstract),
    )


def _names(value: str) -> Iterator[str]:
    """The names in an author field, whose lines also hold where people work and how to reach them."""
    for piece in _APART.split(_without_notes(value)):
        for name in re.split(r",|;|\band\b|、", _text(piece)):
            name = name.strip(" *†‡§¶.")
            if 1 < len(name) < 60 and not _NO_NAME.search(name):
                yield name


def _without_notes(value: str) -> str:
    """Without footnotes and marks, and without the arguments of the former."""
    kept, at = "", 0
    for found in _BESIDE.finditer(value):
        if found.start() < at:
            continue
        kept += value[at : found.start()]
        at = found.end()
        if at < len(value) and value[at] == "{":
            at = _argument(value, at)[1]
    return kept + value[at:]


def _without_front(text: str) -> str:
    """Without the title and the authors, where these stand in the body."""
    for pattern in (_TITLE, _AUTHOR, _DATE):
        while (found := pattern.search(text)) is not None:
            text = text[: found.start()] + text[max(_argument(text, found.end())[1], found.end() + 1) :]
    return text


def _sections(text: str) -> Iterator[Block]:
    at = 0
    for found in _HEADING.finditer(text):
        if found.start() < at:
            continue
        yield from _paragraphs(text[at : found.start()])
        name, at = _argument(text, found.end())
        heading = _text(name)
        if heading:
            kind = "references" if found.group(1) == "references" else "heading"
            yield Block(heading, kind, _LEVELS[found.group(1)], None)
    yield from _paragraphs(text[at:])


def _paragraphs(text: str) -> Iterator[Block]:
    for piece in _PARAGRAPH.split(_CAPTION.sub("\n\n", text)):
        for place, item in enumerate(_ITEM.split(piece)):
            plain = _text(item)
            if plain:
                yield Block(plain, "list" if place else "text", 0, None)


def _text(value: str) -> str:
    """LaTeX as one line of plain text."""
    value = _COMMANDS.sub(" ", _ENVIRONMENT.sub(" ", _POINTERS.sub("", value)))
    return " ".join(decoded(value).split())
