"""What a language model writes, let through claim by claim: with citations of this answer's sources, and nothing that is live."""

import re
from collections.abc import Iterator, Sequence

from rag.assistant.grounds import Grounds
from rag.assistant.markdown import plain
from rag.text import has_cjk, sentences

MOST_CLAIMS = 8
_LONGEST = 4_000
"""Characters of a sentence at most."""
_SHARED_WORDS = 6
"""So many words of our instructions in a row, and a sentence repeats them."""

# [1], [1, 3], [2-4], 【1】, [^1], [source 1], and what surrounds the sources in other people's templates.
_MARK = re.compile(
    r"\s*[\[【]\s*\^?(?:(?:source|paper|ref|n|论文|文献)s?[ :#]{0,2})?(\d{1,3}(?:\s*[,，、;–-]\s*\^?\d{1,3}){0,20})\s*[\]】]",
    re.IGNORECASE,
)
_AFTER_THE_END = re.compile(r"([.!?。！？]+[\"”’」]?)\s*((?:\[\d{1,3}\])+)(?=\s*$|\s+[A-Z\"“(]|\s*[\u4e00-\u9fff])")
_ENDED = re.compile(r"[.!?。！？\]][\"”’」)）]?\s*$")
_OPEN_MARK = re.compile(r"\s*[\[【][^\]】]{0,40}$")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_LAYOUT = re.compile(r"^\s*(?:#{1,6}\s+|[-*•>]\s+|\d{1,2}[.)]\s+)+")
_EMPHASIS = re.compile(r"\*{1,3}|_{2,3}|`{1,3}|~~")
# An address, a link, a picture, markup, an entity, a call: nothing that a claim about papers needs.
_FOREIGN = re.compile(
    r"://|\bwww\.|\b(?:javascript|data|vbscript|mailto):|!\[|\]\s*\(|\]\s*:|<\s*[a-z/!?]|&#?\w{1,20};|\{\{|\$\$|\\[\[(]"
    r"|\b[\w-]+\.(?:com|org|net|io|example|cn|ru|xyz|top|link|ly)\b",
    re.IGNORECASE,
)
_FIRST_CODE = 0xE100
_CODED = re.compile("[\ue100-\ue4ff]")
_BETWEEN = re.compile("(?<=[\\ue100-\\ue4ff]) (?=[\\ue100-\\ue4ff])")
_PRIVATE = re.compile("[\ue000-\uf8ff]")


class Claims:
    """Takes a model's text in pieces and gives its claims as Markdown, each as soon as it is whole.

    A claim is a sentence that cites at least one source; citations of others are taken out. Dropped are sentences that cite
    none, that rest on nothing in the texts they cite (a figure, a name or a term stands in none of them), that hold anything live
    (addresses, markup), or that repeat our instructions.
    """

    def __init__(self, texts: Sequence[str], question: str, secret: str) -> None:
        """``texts``: what is known of source 1, 2, …; ``question``: whose words may be repeated; ``secret``: instructions, which
        may not.
        """
        self._grounds = [Grounds.of(text) for text in texts]
        self._asked = Grounds(stems=Grounds.of(question).stems)
        self._secret = frozenset(_runs(secret))
        self._buffer = ""
        self.given = 0
        """Claims that were let through."""
        self.dropped = 0

    def feed(self, text: str) -> Iterator[str]:
        """The claims that ``text`` completes."""
        self._buffer += text
        before, thinking, thought = self._buffer.partition("<think>")
        if thinking and "</think>" not in thought:
            self._buffer = before + thinking + thought[-len("</think>") :]
            return
        self._buffer = _THOUGHT.sub("", self._buffer)
        if len(self._buffer) > _LONGEST:
            self._buffer = ""  # no sentence: nothing of it is kept, and no time is spent on reading it again and again
            self.dropped += 1
        *lines, rest = self._buffer.split("\n")
        for line in lines:
            yield from self._claims(_sentences(line))
        # The last sentence may go on, if only by its citations.
        open_mark = _OPEN_MARK.search(rest)
        head, tail = (rest[: open_mark.start()], rest[open_mark.start() :]) if open_mark else (rest, "")
        *whole, last = _sentences(head) or [""]
        yield from self._claims(whole)
        self._buffer = last + head[len(head.rstrip()) :] + tail if whole else rest

    def finish(self) -> Iterator[str]:
        """What is left at the end of the text."""
        rest, self._buffer = _THOUGHT.sub("", self._buffer), ""
        for line in rest.split("\n"):
            yield from self._claims([sentence for sentence in _sentences(line) if _ENDED.search(sentence)])

    def _claims(self, said: Sequence[str]) -> Iterator[str]:
        for sentence in said:
            if not any(character.isalpha() for character in sentence):
                continue
            if self.given < MOST_CLAIMS and (claim := self._claim(sentence)):
                self.given += 1
                yield claim
            else:
                self.dropped += 1

    def _claim(self, sentence: str) -> str:
        """The sentence as Markdown; '' if it is to be dropped."""
        words = _EMPHASIS.sub("", _LAYOUT.sub("", _PRIVATE.sub("", sentence)))
        if _FOREIGN.search(_MARK.sub("", words)) or not self._secret.isdisjoint(_runs(words)):
            return ""
        cited = [number for mark in _MARK.finditer(words) for number in self._known(mark)]
        grounds = Grounds.together([self._asked, *(self._grounds[number - 1] for number in cited)])
        if not cited or not grounds.bear(_MARK.sub("", words)):
            return ""
        # Each number becomes one character that "plain" leaves alone, and a mark afterwards.
        coded = plain(_MARK.sub(lambda mark: _coded(self._known(mark)), words))
        return _CODED.sub(lambda code: f"[{ord(code[0]) - _FIRST_CODE}]", _BETWEEN.sub("", coded))

    def _known(self, mark: re.Match[str]) -> list[int]:
        return [number for number in _numbers(mark[1]) if 1 <= number <= len(self._grounds)]


def _sentences(line: str) -> list[str]:
    """The sentences of a line, the citations after a full stop counted to the sentence before it."""
    marked = _MARK.sub(lambda mark: " " + "".join(f"[{number}]" for number in _numbers(mark[1])), line)
    return sentences(_AFTER_THE_END.sub(r" \2\1", marked))


def _coded(numbers: Sequence[int]) -> str:
    return " " + "".join(chr(_FIRST_CODE + number) for number in numbers) if numbers else ""


def _numbers(written: str) -> list[int]:
    """The numbers of '1, 3' or '2-4', in order."""
    found: list[int] = []
    for part in re.split(r"\s*[,，、;]\s*", written.replace("^", "")):
        first, *last = (int(number) for number in re.split(r"\s*[–-]\s*", part) if number)
        found += range(first, min(last[-1], first + 20) + 1) if last else [first]
    return list(dict.fromkeys(found))


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every ``_SHARED_WORDS`` words in a row; of Chinese, characters."""
    words = re.findall(r"[a-z]+|[\u4e00-\u9fff]", text.lower())
    size = _SHARED_WORDS * 2 if has_cjk(text) and not re.search(r"[a-z]{3}", text.lower()) else _SHARED_WORDS
    return (tuple(words[start : start + size]) for start in range(len(words) - size + 1))
