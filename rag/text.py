"""Rules about text: folding, search tokens, sentences, and the normal forms of titles, names, DOIs and arXiv ids."""

import hashlib
import re
import threading
import unicodedata
from functools import cache, lru_cache

import Stemmer
from opencc import OpenCC

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af"
_CJK_CHARACTER = re.compile(f"[{CJK}]")
_TOKEN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
_POSSESSIVE = re.compile(r"[’']s\b")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_LETTERS = re.compile(r"[^\W_]+")
_PLAIN_LETTERS = re.compile(r"[0-9a-z]+|[^\W_\x00-\u036f]+")
_DOI = re.compile(r"10\.\d{4,9}/\S+", re.IGNORECASE)
_PLACEHOLDER_DOI = re.compile(r"^10\.\d{4,9}/(?:n{3,}|x{3,}|0{4,}|1234567)", re.IGNORECASE)
_ARXIV = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5}|[a-z][a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?(?![\d])", re.IGNORECASE)
_SENTENCE_END = re.compile(
    r"(?<=[。！？])(?=.)|(?<=[.!?])[\"'”’)\]]?\s+(?=[\"'“‘(\[]?[A-Z0-9\u0391-\u03a9\u0410-\u042f\u4e00-\u9fff])"
)
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|et al|cf|vs|Fig|Eq|Sec|Dr|Prof|No|approx|resp|etc)|\b[A-Z])\.$")

STOP_WORDS = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing down during each few for from further had has have having he her here hers him his how i
    if in into is it its itself just me more most my no nor not now of off on once only or other our ours out over own
    same she should so some such than that the their theirs them then there these they this those through to too under
    until up us very was we were what when where which while who whom why will with would you your yours""".split()
)


def clean(text: str) -> str:
    """Without NULs, control characters and lone surrogates, which Postgres or JSON refuse."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """``clean`` text with every run of white space made one space."""
    return _SPACES.sub(" ", clean(text)).strip()


@cache
def _simplifier() -> OpenCC:
    """Traditional Chinese into simplified."""
    return OpenCC("t2s")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Lower case, full-width forms made plain (NFKC), accents taken off, traditional Chinese characters simplified."""
    if text.isascii():
        return text.lower()
    if _CJK_CHARACTER.search(text):
        text = _simplifier().convert(text)
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if unicodedata.category(c) != "Mn"))


def tokens(text: str) -> list[str]:
    """Search tokens in order: stems of words (Snowball English, no stop words), bigrams of Chinese, Japanese and Korean."""
    found: list[str] = []
    for run in _TOKEN.findall(_POSSESSIVE.sub("", _fold_uncached(text))):
        if _CJK_CHARACTER.match(run):
            found.extend(run[i : i + 2] for i in range(max(1, len(run) - 1)))
        elif run not in STOP_WORDS:
            found.append(_stem(run[:64]))
    return found


def _fold_uncached(text: str) -> str:
    return fold.__wrapped__(text)


_stemmers = threading.local()


@lru_cache(maxsize=262_144)
def _stem(word: str) -> str:
    # A Snowball stemmer keeps state while it works: one a thread.
    if not hasattr(_stemmers, "english"):
        _stemmers.english = Stemmer.Stemmer("english", 0)
    stem: str = _stemmers.english.stemWord(word)
    return stem


def sentences(text: str) -> list[str]:
    """Sentences of running text, English or Chinese, in order; abbreviations and initials do not end one."""
    pieces: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        piece = text[start : end.end()].strip()
        if piece and not _ABBREVIATION.search(piece):
            pieces.append(piece)
            start = end.end()
    rest = text[start:].strip()
    return [*pieces, rest] if rest else pieces


def is_chinese(text: str) -> bool:
    """Whether more of the letters are CJK than Latin; one CJK character says as much as two letters."""
    cjk = len(_CJK_CHARACTER.findall(text))
    latin = sum(1 for c in text if c.isascii() and c.isalpha())
    return cjk > 0 and cjk * 2 > latin


def has_cjk(text: str) -> bool:
    """Whether the text has any Chinese, Japanese or Korean character."""
    return _CJK_CHARACTER.search(text) is not None


def language(text: str) -> str:
    """'zh', 'en', or '' when the text has too few letters to tell, or is in neither script."""
    if is_chinese(text):
        return "zh"
    letters = [c for c in text if c.isalpha()]
    latin = sum(1 for c in letters if c.isascii())
    return "en" if len(letters) >= 8 and latin * 10 >= len(letters) * 9 else ""


def normalised_title(title: str) -> str:
    """Folded words and CJK characters only, joined by single spaces: equal for spellings of one title."""
    return " ".join(_TOKEN.findall(fold(title)))


def letters_hash(text: str) -> bytes:
    """SHA-256 of the letters and digits of a text: the same when only spaces, punctuation, capitals or accents differ.

    Accented letters count for nothing, because programs that mend wrongly decoded text change them.
    """
    letters = "".join(_LETTERS.findall(unicodedata.normalize("NFC", text)))
    letters = "".join(_PLAIN_LETTERS.findall(unicodedata.normalize("NFKC", letters).casefold()))
    return hashlib.sha256(letters.encode("utf-8", "replace")).digest()


def normalised_doi(raw: str) -> str:
    """The DOI in ``raw`` in lower case without resolver and trailing punctuation; '' if none, or a template's placeholder."""
    found = _DOI.search(raw)
    if found is None:
        return ""
    doi = found.group().lower().rstrip(".,;:\"'>}]")
    if doi.endswith(")") and "(" not in doi:
        doi = doi.rstrip(")")
    return "" if _PLACEHOLDER_DOI.match(doi) else doi


def normalised_arxiv_id(raw: str) -> str:
    """The arXiv id in ``raw`` ('1706.03762', 'cs/0301012') without version; '' if there is none."""
    found = _ARXIV.search(raw)
    return found.group(1).lower() if found else ""


def person_key(name: str) -> str:
    """A name folded as 'given family': 'Hinton, Geoffrey E.' gives 'geoffrey e hinton'."""
    family, comma, given = name.partition(",")
    ordered = f"{given} {family}" if comma else name
    return " ".join(re.findall(r"[^\W_]+", fold(ordered)))


def family_key(name: str) -> str:
    """The family name folded, for first-author comparison and 'by Hinton'; a Chinese name as a whole."""
    family, comma, _ = name.partition(",")
    if comma:
        return " ".join(re.findall(r"[^\W_]+", fold(family)))
    words = person_key(name).split()
    if not words:
        return ""
    return " ".join(words) if has_cjk(name) else words[-1]
