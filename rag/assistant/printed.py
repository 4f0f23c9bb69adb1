"""The papers that earlier answers printed, read back from their Markdown: the conversation is the only memory there is."""

import re
from dataclasses import dataclass

from rag.assistant.markdown import original
from rag.papers import PaperId

MOST = 200
"""Papers read from one answer at most."""
_READ_CHARACTERS = 200_000

# As ``answer.item`` prints them: a paper's id is the title of its link (a tooltip for readers), or stands behind its facts.
_LINKED = re.compile(r"\[(?P<title>[^\n]{1,4000}?)\]\((?P<address>https?://[^\s()\"]{1,4000}) \"(?P<id>[A-Za-z0-9_-]{1,80})\"\)")
_LISTED = re.compile(r"^(?P<rank>\d{1,3})\. (?P<rest>.*) \[(?P=rank)\] *$")
_GROUPED = re.compile(r"^- (?P<rest>.*) \[(?P<rank>\d{1,3})\] *$")
_BARE_ID = re.compile(r"`(?P<id>[A-Za-z0-9_-]{1,80})`(?= *(?:$|\||\[\d))")
_READ_AS = re.compile(r"^\*\*(?:Read as:|读作：|讀作：)\*\* (?P<question>[^\n]{1,1000})$", re.MULTILINE)
_FENCED = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)
_YEAR = re.compile(r"(?:^| · )((?:19|20)\d\d)(?= · |$)")
_FORMATTING = re.compile(r"\*\*")


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper of an earlier answer. ``rank`` is 0 outside ranked lists; ``facts`` are its authors, year and venue as printed."""

    rank: int
    id: PaperId
    title: str
    facts: str = ""

    @property
    def year(self) -> int | None:
        """As printed among the facts."""
        found = _YEAR.findall(self.facts)
        return int(found[0]) if found else None


def listed(markdown: str) -> tuple[Printed, ...]:
    """The ranked list of an answer, in its order; empty when it has none."""
    lines = markdown[:_READ_CHARACTERS].split("\n")
    found: list[Printed] = []
    for number, line in enumerate(lines):
        item = _LISTED.match(line[:6_000])
        if item is None or int(item["rank"]) != len(found) + 1 or len(found) == MOST:
            continue
        facts = lines[number + 1].strip() if number + 1 < len(lines) else ""
        facts = "" if facts.startswith(">") else facts
        if paper := _paper(int(item["rank"]), item["rest"], facts):
            found.append(paper)
    return tuple(found)


def read_as(markdown: str) -> str:
    """The question in other words, where a language model read it; '' where none did.

    Nothing out of a paper can look like it: there, asterisks are escaped.
    """
    found = _READ_AS.search(markdown[:_READ_CHARACTERS])
    return original(found["question"]).strip() if found else ""


def mentioned(markdown: str) -> tuple[Printed, ...]:
    """The papers an answer links to outside of a ranked list, each once, in order."""
    found: dict[str, Printed] = {}
    for line in _FENCED.sub("", markdown[:_READ_CHARACTERS]).split("\n"):
        if _LISTED.match(line[:6_000]):
            continue
        for link in _LINKED.finditer(line[:20_000]):
            found.setdefault(link["id"], Printed(0, PaperId(link["id"]), _text(link["title"])))
        for bare in _BARE_ID.finditer(line[:20_000]):
            found.setdefault(bare["id"], Printed(0, PaperId(bare["id"]), ""))
    return tuple(found.values())


def numbered(markdown: str) -> tuple[Printed, ...]:
    """The papers of an answer that lists them in groups, each with its number behind it, in the order of the numbers."""
    found: dict[int, Printed] = {}
    for line in markdown[:_READ_CHARACTERS].split("\n"):
        if item := _GROUPED.match(line[:6_000]):
            paper = _paper(int(item["rank"]), item["rest"], item["rest"])
            found |= {paper.rank: paper} if paper else {}
    return tuple(found[rank] for rank in sorted(found))


def _paper(rank: int, heading: str, facts: str) -> Printed | None:
    shown = original(_BARE_ID.sub("", facts)).rstrip(" ·")
    if link := _LINKED.match(heading):
        return Printed(rank, PaperId(link["id"]), _text(link["title"]), shown)
    bare = _BARE_ID.search(facts)
    return Printed(rank, PaperId(bare["id"]), _text(heading), shown) if bare else None


def _text(markdown: str) -> str:
    return original(_FORMATTING.sub("", markdown)).strip()
