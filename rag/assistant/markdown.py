"""Text of papers inside our Markdown: shown as it is, never live.

Two readers are meant: CommonMark, and Open WebUI's renderer, which differs. It shows entities such as ``&#91;`` literally, knows
backslash escapes, takes ``\\(``…``\\)`` and ``\\[``…``\\]`` for formulas and ``[3]`` for a citation, and handles ``<think>`` or
``{{user}}`` before any Markdown is read. So: a backslash where it is safe; where it is not, an invisible WORD JOINER
(U+2060) parts the characters that together would mean something.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from rag.text import one_line

WORD_JOINER = "\u2060"

_ESCAPED = re.compile(r"[\\`*_$~#|]|&(?=#?\w{1,40};)")
_PARTED = (
    (re.compile(r"([\[<◁]|\{(?=\{))"), rf"\1{WORD_JOINER}"),
    (re.compile(r"\]"), f"{WORD_JOINER}]{WORD_JOINER}"),
    (re.compile(r"@"), f"@{WORD_JOINER}"),
    (re.compile(r"\b([a-z][a-z+.-]{0,20}:)(?=//)", re.IGNORECASE), rf"\1{WORD_JOINER}"),
    (re.compile(r"\b(www)\.", re.IGNORECASE), rf"\1{WORD_JOINER}."),
)
_AT_LINE_START = re.compile(r"^(?:([-+=>:])|(\d{1,9})([.)]))")
_URL_SAFE = "/:?#@!&=+,%~-._"


def plain(text: str) -> str:
    """``text`` of any origin as one line of Markdown that renders as just that text."""
    line = _ESCAPED.sub(lambda found: "\\" + found.group(), one_line(text.replace(WORD_JOINER, "")))
    for pattern, parted in _PARTED:
        line = pattern.sub(parted, line)
    return _AT_LINE_START.sub(_escaped_start, line)


def _escaped_start(found: re.Match[str]) -> str:
    mark, digits, after = found.groups()
    return f"\\{mark}" if mark else f"{digits}\\{after}"


_BEGIN, _END = "\ue010", "\ue011"


def emphasised(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """``plain`` text with the words at ``spans`` in bold."""
    pieces, done = [], 0
    for start, end in spans:
        pieces += [text[done:start], _BEGIN, text[start:end], _END]
        done = end
    return plain("".join([*pieces, text[done:]])).replace(_BEGIN, "**").replace(_END, "**")


def link(text: str, url: str, tooltip: str = "") -> str:
    """``text`` in bold, linked to ``url`` when that is a web address; ``tooltip`` (letters and digits) is the link's title."""
    label = plain(text)
    address = web_address(url)
    if not address:
        return f"**{label}**"
    if not _balanced(label):
        label = label.replace("[", "［").replace("]", "］")
    return f'[**{label}**]({address} "{tooltip}")' if tooltip else f"[**{label}**]({address})"


def fenced(text: str, kind: str) -> str:
    """``text`` as a block of code that nothing in it can end."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{kind}\n{text.rstrip()}\n{fence}\n"


def web_address(url: str) -> str:
    """``url`` if it is an http(s) address, its unusual characters percent-encoded; else ''."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc or any(c.isspace() for c in parts.netloc):
        return ""
    return quote(url.strip(), safe=_URL_SAFE)


def _balanced(label: str) -> bool:
    """Whether the label's brackets pair up without nesting: any others would end the link's text early."""
    depth = 0
    for character in label:
        depth += {"[": 1, "]": -1}.get(character, 0)
        if depth not in (0, 1):
            return False
    return depth == 0


def original(markdown: str) -> str:
    """What ``plain`` was given, from what it made."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown.replace(WORD_JOINER, ""))
