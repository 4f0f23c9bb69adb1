"""People's names on a title page: told from affiliations and addresses, split, freed of marks and degrees."""

import re
import unicodedata

from rag.ingest.documents.phrases import (
    AFFILIATION,
    CHINESE_PLACES,
    CHINESE_SURNAMES,
    CONTACT,
    KOREAN_SURNAMES,
    PLACES,
    STATES,
    TWO_WORD_PLACES,
)
from rag.text import CJK, STOP_WORDS, fold, has_cjk, one_line

_PARTICLES = frozenset(
    "de del della delle di da das do dos du van der den von zu zum zur vom la le les lo ter ten te el al bin ibn ben "
    "bint y e af av san st st. mac mc d' o' abu dela".split()
)
_PARTICLES_IN_FRONT = frozenset("van von der den ten ter d' o'".split())
_LINKS = re.compile(
    r"\s+(?:and|und|et|y|e)\s+(?=[^\W\d_])|\s*[&·•|/⋅∙●]\s*|\s*[;；、，]\s*|\s{2,}|\x00|\s*,\s*(?:and\s+)?|\t|\n|"
    r"\s+-\s+|[∗*†‡§¶⋆♠♣♦♥#∥‖⊥$✉⇑]+|\s*[⁰¹²³⁴⁵⁶⁷⁸⁹]+",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"\b(?:ph\.?\s?d|m\.?d|m\.?sc|b\.?sc|m\.?a|b\.?a|m\.?s|b\.?s|m\.?eng|b\.?eng|dipl\.?-?\s?(?:ing|inf)|"
    r"dr\.?\s?(?:rer\.?\s?nat|ing|med)|m\.?p\.?h|r\.?n|mba|esq|frcp|facs|d\.?phil|dds|pharm\.?d|sc\.?d|"
    r"(?:(?:senior|student|graduate\s+student|associate|life)\s+)*(?:member|fellow)\b,?\s*(?:ieee|acm|osa|siam)?|ieee|"
    r"acm)(?:\.|\b)(?=[\s,;)]|$)\s*",
    re.IGNORECASE,
)
_HONORIFIC = re.compile(
    r"^(?:(?:prof(?:essor)?|dr|mr|mrs|ms|miss|sir|ing|dipl\.?-ing|associate professor|assistant professor)\b\.?\s*)+",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^\W*(?:(?:written|submitted|presented|prepared|edited|vorgelegt|eingereicht|thesis|dissertation|report|"
    r"a\s+thesis)?\s*(?:by|von|par|per)\b|authors?\b(?:\(s\))?|autor(?:in|en)?\b|verfasser|student(?:\s+name)?\b|name\b|"
    r"candidate\b|作\s*者(?:\s*姓\s*名)?|(?:学\s*生|研\s*究\s*生)?\s*姓\s*名|学\s*生|撰\s*稿\s*人)\s*[:：.]?\s*",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:[A-Z][a-z]?\.?-?){1,4}\.?$")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[’'`\-‐–.][^\W\d_]+)*\.?$")
_CJK_NAME = re.compile(f"[{CJK}·]{{2,4}}$")
_HANGUL_NAME = re.compile("[\uac00-\ud7af]{3}$")
_CJK_AFFILIATION = re.compile(r"大学|学院|研究|实验|公司|中心|学校|医院|系$|省|市|大學|學院")
_MARK = re.compile(r"[\d\s,;'’”*∗†‡§¶⋆♠♣♦♥#∥‖✉\]\[()⇑]+$|^[\d\s,;'‘“*∗†‡§¶⋆♠♣♦♥#∥‖✉?\]\[]+")
_WORDS_NO_NAME = (
    STOP_WORDS
    | frozenset(
        """abstract introduction keywords using based via towards toward approach method methods analysis learning model models
    data system systems network networks study survey review new novel report paper thesis conference workshop proceedings
    journal january february march april june july august september october november december published received accepted
    corresponding equal contribution open access article et al computer software language information processing
    artificial intelligence machine neural deep algorithm algorithms theory applications evaluation annual meeting
    international national figure table chapter section contents supplementary material online download page note notes
    version index references acknowledgements acknowledgments appendix preface summary monday tuesday wednesday thursday
    friday saturday sunday""".split()
    )
) - {"will", "an", "so", "he", "her", "my", "do", "in", "ai", "may", "no", "how", "am", "too", "me", "be", "any", "until"}
_LONGEST_NAME = 6


def is_person(name: str) -> bool:
    """Whether a piece of text can be the name of a person: two to six capitalised words, or two to four ideographs."""
    if has_cjk(name):
        first, _, rest = name.partition(" ")
        return _is_chinese_person(first + rest) if len(first) == 1 or not rest else False
    if len(name) < 4 or len(name) > 60 or CONTACT.search(name) or AFFILIATION.search(name):
        return False
    words = name.replace(",", " ").split()
    if not 2 <= len(words) <= _LONGEST_NAME or any(character.isdigit() for character in name):
        return False
    folded = [fold(word).strip(".'’") for word in words]
    if (
        words[-1] in STATES
        or " ".join(folded) in TWO_WORD_PLACES
        or (words[0][0].islower() and fold(words[0]) not in _PARTICLES_IN_FRONT)
    ):
        return False
    if (
        any(word in _WORDS_NO_NAME and len(word) > 1 for word in folded)
        or folded[-1] in PLACES
        or (folded[0] in PLACES and len(words) == 2 and folded[1] in PLACES)
    ):
        return False
    return all(map(_is_name_word, words)) and any(len(word.strip(".")) > 1 and word[0].isupper() for word in words)


def _is_chinese_person(name: str) -> bool:
    if not _CJK_NAME.match(name) or _CJK_AFFILIATION.search(name) or name in CHINESE_PLACES:
        return False
    return name[0] in CHINESE_SURNAMES or "·" in name or (name[0] in KOREAN_SURNAMES and _HANGUL_NAME.match(name) is not None)


def _is_name_word(word: str) -> bool:
    if word.casefold() in _PARTICLES:
        return True
    if not (word[0].isupper() or word[:2].casefold() in ("d'", "d’", "o'") or re.match(r"(?:al|el|bin)-[A-Z]", word)):
        return False
    return _INITIAL.match(word) is not None or _NAME_WORD.match(word) is not None


def is_affiliation(text: str) -> bool:
    """Whether a line names an institution, an address or a place."""
    if AFFILIATION.search(text):
        return True
    words = [fold(word).strip(".,;()") for word in text.split()]
    return any(word in PLACES for word in words[-3:]) and not is_person(text)


def looks_like_people(text: str) -> bool:
    """Whether all of a text is names of people, two or more, or one that has initials."""
    names = people_in(text)
    pieces = [piece for piece in _pieces(text) if len(piece) > 1]
    return len(names) >= 1 and len(names) == len(pieces) and (len(names) > 1 or re.search(r"\b[A-Z]\.", text) is not None)


def begins_with_person(text: str, raised: tuple[tuple[int, int], ...] = ()) -> bool:
    """Whether the first thing a line names is a person."""
    for begin, end in reversed(raised):
        text = f"{text[:begin]}\x00{text[end:]}"
    pieces = _pieces(text)
    return bool(pieces) and is_person(clean_name(pieces[0]))


def people_in(text: str, raised: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """The names in a line of authors, in order, as printed but without marks, degrees, titles, addresses.

    ``raised`` says where superscripts are: they part two names where nothing else does.
    """
    for begin, end in reversed(raised):
        text = f"{text[:begin]}\x00{text[end:]}"
    names = []
    for piece in _pieces(text):
        name = clean_name(piece)
        if is_person(name):
            names.append(name)
        elif has_cjk(name) and " " in name:
            names.extend(_chinese(name))
    return names


def _pieces(text: str) -> list[str]:
    text = _LEADING.sub("", re.sub(r"\([^)]*\)|\[[^\]]*\]|\{[^}]*\}|<[^>]*>|（[^）]*）", "\x00", text))
    text = re.sub(r"\s+", " ", text) if has_cjk(text) else _DEGREE.sub(" ", text)
    if text.count(";") and text.count(",") and all(part.count(",") == 1 for part in text.split(";") if part.strip()):
        return [part.strip() for part in text.split(";")]
    return [piece.strip() for piece in _LINKS.split(_digits_apart(text)) if piece and piece.strip(" .")]


def _digits_apart(text: str) -> str:
    """Digits after a name are marks of affiliations and end it."""
    return re.sub(r"(?<=[^\W\d_.])\s?\d[\d,\s]*(?:[a-z∗*†]\b)?|(?<=\.)\d[\d,\s]*|^\s*\d[\d,\s]*", "\x00", text)


def clean_name(text: str) -> str:
    """A name without marks, degrees, titles and what leads up to it."""
    text = unicodedata.normalize("NFC", one_line(text.replace("\x00", " ")))
    text = _HONORIFIC.sub("", _LEADING.sub("", _MARK.sub("", text)))
    text = re.sub(r"^(?:and|und|et|by|&)\s+", "", text.strip(" ,;:-–—"), flags=re.IGNORECASE)
    text = re.sub(r"\b([A-Z])\.(?=[A-Z][^\W\d_])", r"\1. ", text)
    if has_cjk(text):
        text = re.sub(f"(?<=[{CJK}])\\s+(?=[{CJK}])", " ", text)
        parts = text.split(" ")
        if len(parts) == 2 and len(parts[0]) == 1 and len(parts[1]) <= 2:
            text = "".join(parts)
    return _MARK.sub("", text).strip(" ,;:")


def _chinese(text: str) -> list[str]:
    """Names with blanks between; a single ideograph goes with the next, as two-letter names are set wide."""
    names: list[str] = []
    parts = text.split()
    while parts:
        part = parts.pop(0)
        if len(part) == 1 and parts and len(parts[0]) <= 2:
            part += parts.pop(0)
        if is_person(part):
            names.append(part)
    return names
