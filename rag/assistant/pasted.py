"""Messages that hold pasted material: a BibTeX record, an abstract, several questions at once."""

import re
from dataclasses import dataclass

from rag.text import sentences

_LEAST_PASTE = 350
"""Prose from this length on is something pasted, not something asked: its words limit nothing."""
_RECORD = re.compile(r"@\s*[a-z]{3,20}\s*[{(]\s*[^\s,{}]{1,200}\s*,", re.IGNORECASE)
_TITLE = re.compile(r"(?<![a-z])title\s*=\s*[{\"]{1,3}([^\n]{1,500}?)[}\"]{1,3}\s*(?:,|\n|\}|$)", re.IGNORECASE)
_DOI = re.compile(r"(?<![a-z])doi\s*=\s*[{\"]\s*([^\s}\"]{6,200})", re.IGNORECASE)
_RIS = re.compile(r"^TY  - .{2,10}$", re.MULTILINE)
_RIS_TITLE = re.compile(r"^(?:TI|T1)  - (.{1,500})$", re.MULTILINE)
_LATEX = re.compile(r"\\[a-zA-Z]{1,20}\s?|[{}\\]")
_REQUEST_END = re.compile(r":\s|：|\n")
_REQUEST_WORDS = re.compile(
    r"\b(?:find|papers?|similar|related|like|search|abstract|looking|work|citations?|references?|recommend|suggest|show)\b"
    r"|论文|文献|相关|类似|相似|查找|摘要|推荐|找",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:I|I'm|I'd|my|me|please|you|your)\b|\?\s*$|请|帮我|我[想要在需]|？\s*$")
_LISTED_QUESTION = re.compile(r"^\s*(?:\d{1,2}[.)、]|[-*•])\s+(?=\S)")
_LEANS_ON_ANOTHER = re.compile(r"\b(?:those|these|them|it|they|ones?|this|that)\b|它们?|这些|那些|其中", re.IGNORECASE)
_QUESTION = re.compile(
    r"^(?:and |also,? |then |plus )?(?:what|which|who|how|when|where|why|is|are|do|does|can|could|any|find|show|list|give"
    r"|recommend|search|papers|compare|summari[sz]e)\b|^(?:另外|还有|以及|再|请|有没有|有哪些|哪些|查找|推荐|找)",
    re.IGNORECASE,
)
_PARTS = re.compile(
    r"(?<=[?？])\s*|(?<=[.!。！])\s+|,? (?:and )?then (?=(?:compare|summari[sz]e|export|give|list|show|map|cite|tell)\b)"
    r"|[,，]?(?:然后|接着)再?(?=对比|比较|总结|导出|列出)"
)
_REASON = re.compile(r"^(?:(?:hi|hello|hey|dear|good \w{2,9})\b.{0,30}$|(?:I|I'm|I’m|we|my|our)\b)", re.IGNORECASE)
_ASKING = re.compile(
    r"^(?:so,? |now,? |please,? )?(?:can|could|would|will|please|do you|are there|find|show|give|suggest|recommend|list)\b.{0,40}"
    r"\b(?:papers?|articles?|literature|works?|references|studies) (?:on|about|regarding|concerning|that|which|using)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pasted:
    """``text`` is what to look for; ``request`` the words around it, whose limits count; ``further`` other questions."""

    text: str
    request: str = ""
    further: tuple[str, ...] = ()


def pasted(message: str) -> Pasted | None:
    """The pasted material in ``message``, or the first of several questions; None where it is an ordinary one."""
    if (_RECORD.search(message) or _RIS.search(message)) and (record := _record(message)):
        return record
    if len(message) < _LEAST_PASTE or len(sentences(message)) < 2:
        return None
    paste = _abstract(message)
    return paste if paste.request or not _PERSONAL.search(message) else None


def questions(message: str) -> list[str]:
    """The questions of a message that asks several, each in its own words; the message alone where it asks one."""
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    if len(lines) > 1 and all(map(_LISTED_QUESTION.match, lines)):
        return [_LISTED_QUESTION.sub("", line) for line in lines]
    if len(lines) > 1 and all(len(line) < _LEAST_PASTE and _QUESTION.match(line) for line in lines):
        return lines
    if len(message) >= _LEAST_PASTE:
        return [message]
    asked = [piece for line in lines for piece in _PARTS.split(line) if piece.strip()]
    if len(asked) > 1 and all(map(_QUESTION.match, asked)) and not any(map(_LEANS_ON_ANOTHER.search, asked)):
        return [piece.strip() for piece in asked]
    return [message]


def _record(message: str) -> Pasted | None:
    start = (_RECORD.search(message) or _RIS.search(message)).start()  # type: ignore[union-attr]
    titles = [_plain(found) for found in (_TITLE.findall(message) or _RIS_TITLE.findall(message))]
    if not titles:
        doi = _DOI.search(message)
        return Pasted(doi.group(1), message[:start].strip()) if doi else None
    return Pasted(titles[0], message[:start].strip(), tuple(titles[1:6]))


def _plain(latex: str) -> str:
    return " ".join(_LATEX.sub("", latex).split())


def _is_request(line: str, *, colon: bool) -> bool:
    """Whether a first line asks for something, and is not the first of a text that was pasted with its line ends."""
    whole = colon or line[-1:] in ".?!。？！" or _QUESTION.match(line) is not None
    return whole and _REQUEST_WORDS.search(line) is not None


def without_reasons(message: str) -> list[str]:
    """The sentences before a request in which people say who they are and why they ask; none where there is no such request."""
    pieces = sentences(message)
    at = next((place for place, piece in enumerate(pieces) if _ASKING.match(piece)), 0)
    before = pieces[:at]
    return before if all(map(_REASON.match, before)) and not _LEANS_ON_ANOTHER.search(pieces[at] if pieces else "") else []


def _abstract(message: str) -> Pasted:
    first = sentences(message)[0]
    if len(first) < 200 and first[-1] in "?？" and _REQUEST_WORDS.search(first):
        return Pasted(message[message.index(first) + len(first) :].strip(), first)
    end = _REQUEST_END.search(message[:200])
    if end and _is_request(message[: end.start()].strip(), colon=end[0][0] in ":："):
        return Pasted(message[end.end() :].strip(), message[: end.start()].strip())
    last = message.rstrip().rpartition("\n")
    if last[1] and len(last[2]) < 200 and _REQUEST_WORDS.search(last[2]) and last[0].strip():
        return Pasted(last[0].strip(), last[2].strip())
    return Pasted(message.strip())
