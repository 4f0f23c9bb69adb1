"""The language of a text by its script and its commonest words, and whether it is text at all."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from rag.text import is_chinese

_WORD = re.compile(r"[^\W\d_]+")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_SAMPLE = 20_000
_FEWEST_WORDS = 12
_COMMON = {
    "en": "the of and to in is that for with as are this be we on by which from an not or it can have these our has their",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch werden wird einer sind oder wir",
    "fr": "de la le et les des en un du une que est pour qui dans par plus au sur ne pas ce sont avec nous cette aux",
    "es": "de la que el en los del se las por un para con una su al lo como más es este entre sobre son está",
    "it": "di e il la che in per un del della con non una le dei si da sono al delle nel come più anche alla è",
    "pt": "de a que e do da em um para com não uma os no se na por mais as dos como ao das são pela entre",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als bij door worden deze naar wordt",
}
_WORDS = {code: frozenset(word for word in words.split() if len(word) > 1) for code, words in _COMMON.items()}
_SCRIPTS = {"LATIN", "CJK", "GREEK", "CYRILLIC", "HIRAGANA", "KATAKANA", "HANGUL", "MATHEMATICAL", "FULLWIDTH", "MODIFIER"}


def language_of(text: str) -> str:
    """The ISO 639-1 code of the language most of ``text`` is in; '' when it is too short or in none that is known here."""
    sample = text[:_SAMPLE]
    if len(_KANA.findall(sample)) * 10 > len(sample):
        return "ja"
    if len(_HANGUL.findall(sample)) * 4 > len(sample):
        return "ko"
    if is_chinese(sample):
        return "zh"
    if len(_CYRILLIC.findall(sample)) * 2 > len(sample):
        return "ru"
    words = Counter(_WORD.findall(sample.casefold()))
    shares = {code: sum(words[word] for word in common) for code, common in _WORDS.items()}
    best = max(shares, key=lambda code: shares[code])
    total = sum(words.values())
    return best if total >= _FEWEST_WORDS and shares[best] * 10 >= total else ""


def readable(text: str) -> str:
    """The paragraphs of a text whose fonts say which letters they show."""
    return "\n\n".join(paragraph for paragraph in text.split("\n\n") if not is_garbled(paragraph))


def is_garbled(text: str) -> bool:
    """Whether a text mixes scripts as no language does: its font says nothing of which letters its glyphs are."""
    scripts = Counter(_script(letter) for letter in text[:_SAMPLE] if letter.isalpha() or "\ue000" <= letter <= "\uf8ff")
    total = sum(scripts.values())
    strange = total - sum(count for script, count in scripts.items() if script in _SCRIPTS)
    known = max(scripts.values(), default=0)
    return total > 0 and strange * 8 > total and len(scripts) > 2 and known < 0.95 * total


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    return unicodedata.name(letter, "PRIVATE").split(" ", 1)[0].split("-", 1)[0]
