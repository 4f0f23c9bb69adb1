"""Headings: what a line must look like, or say, to begin a section; where references begin and end."""

import re

_NAMES = (
    r"abstract|summary|introduction|background|related works?|literature review|preliminaries|motivation|methods?|"
    r"methodology|materials and methods|methods and materials|"
    r"approach|model|data|datasets?|experiments?|experimental (?:setup|results|evaluation)|evaluation|results?|results and "
    r"discussion|discussion|analysis|limitations|"
    r"threats to validity|conclusions?|conclusions? and future works?|future works?|acknowledge?ments?|funding|data "
    r"availability|code availability|author contributions|"
    r"competing interests|conflicts? of interest|ethics statement|broader impact|appendix|appendices|supplementary "
    r"materials?|glossary|nomenclature|"
    r"einleitung|zusammenfassung|fazit|schluss|ergebnisse|diskussion|méthodes|résultats|introducción|conclusión|conclusiones"
)
_CHINESE_NAMES = (
    r"摘\s*要|引\s*言|绪\s*论|前\s*言|概\s*述|方\s*法|实\s*验|结\s*果|讨\s*论|结\s*论|结\s*语|总\s*结|小\s*结|致\s*谢|"
    r"后\s*记|附\s*录.{0,20}|相关工作|研究方法|背\s*景"
)
KNOWN = re.compile(
    rf"^\W*(?:(?:\d{{1,2}}(?:\.\d+)*|[IVX]{{1,5}}|[A-Z])[.):]?\s+)?(?:{_NAMES}|{_CHINESE_NAMES})\s*[.:：]?$", re.IGNORECASE
)
NUMBERED = re.compile(
    r"^(?:§\s*)?(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[A-Z\u00c0-\u024f\u0391-\u03a9\u0400-\u042f\u3400-\u9fff“\"(¿])"
)
_ROMAN = re.compile(r"^([IVX]{1,5})\.\s+(?=[A-Z])")
_LETTERED = re.compile(r"^([A-Z])(?:\.(\d{1,2}(?:\.\d{1,2})*))?[.)]?\s+(?=[A-Z])")
_CHAPTER = re.compile(
    r"^(?:chapter|part|section|kapitel|chapitre|appendix|anhang)\s+(?:\d{1,2}|[IVX]{1,5}|[A-Z])\b", re.IGNORECASE
)
_CHINESE = re.compile(
    r"^(?:第\s*[一二三四五六七八九十\d]{1,3}\s*([章节部篇])|[一二三四五六七八九十]{1,3}\s*[、.．]|"
    r"[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}(?:[.．]\d{1,2}){0,3}[.．、]?\s*(?=[\u3400-\u9fff]))"
)
_REFERENCES = re.compile(
    r"^\W*(?:(?:\d{1,2}|[IVX]{1,5}|[A-Z])[.):]?\s+)?(?:references?(?: and notes| cited)?|bibliography|literature(?: cited)?|"
    r"works cited|cited (?:works|literature)|literatur(?:verzeichnis)?|"
    r"références(?: bibliographiques)?|bibliographie|referencias(?: bibliográficas)?|bibliografía|bibliografia|"
    r"riferimenti(?: bibliografici)?|referências(?: bibliográficas)?|参\s*考\s*文\s*献|引用文献|references and further "
    r"reading)\s*[:：]?\W*$",
    re.IGNORECASE,
)
_AFTER_REFERENCES = re.compile(
    r"^\W*(?:appendix|appendices|supplement\w*|supporting information|annex|anhang|annexe|附\s*录|致\s*谢|后\s*记|"
    r"acknowledge?ments?|author(?:s'?)? (?:biograph|information|contributions)|biograph|about the author|index$|"
    r"glossary|curriculum|(?:chapter|part|kapitel) \w+|第\s*[一二三四五六七八九十\d]{1,3}\s*章|"
    r"[A-Z](?:\.\d+)*[.:)]?\s+(?:[A-Z][\w-]+\s?){1,8}$|publisher'?s note|additional file|extended data)",
    re.IGNORECASE,
)
CAPTION = re.compile(
    r"^\W*(?:fig(?:ure|s)?\.?|table|tab\.|algorithm|listing|scheme|exhibit|box|plate|abb(?:ildung)?\.?|tabelle|tableau|图|"
    r"表)\s*(?:[A-Z]?\d+|[IVX]+)",
    re.IGNORECASE,
)
CONTENTS = re.compile(r"(?:\.\s?){4,}|·{4,}|…{2,}|(?:\s\.){3,}")
_LONGEST, _MOST_WORDS = 140, 16


def is_references(text: str) -> bool:
    """Whether a line is the heading of the bibliography."""
    return len(text) < 60 and _REFERENCES.match(text) is not None


def ends_references(text: str) -> bool:
    """Whether a heading after the bibliography begins something that is text again."""
    return len(text) < _LONGEST and _AFTER_REFERENCES.match(text) is not None


def level_of(text: str) -> int:
    """The depth a heading's number shows, from 1; 0 without a number."""
    found = NUMBERED.match(text)
    if found:
        return found.group(1).count(".") + 1
    if _CHAPTER.match(text) or _ROMAN.match(text):
        return 1
    chinese = _CHINESE.match(text)
    if chinese:
        if chinese.group(1):
            return 2 if chinese.group(1) == "节" else 1
        return chinese.group().count(".") + chinese.group().count("．") + 1 if chinese.group()[0].isdigit() else 1
    lettered = _LETTERED.match(text)
    if lettered:
        return 2 + (lettered.group(2) or "").count(".") + bool(lettered.group(2))
    return 0


def may_be_heading(text: str) -> bool:
    """Whether a paragraph has the form of a heading: short, with words, no sentence, no caption, no line of contents."""
    if not 2 <= len(text) <= _LONGEST or len(text.split()) > _MOST_WORDS or CAPTION.match(text) or CONTENTS.search(text):
        return False
    letters = sum(1 for letter in text if letter.isalpha())
    if letters < 2 or letters < 0.6 * len(text.replace(" ", "")) or re.search(r"[=<>@∈∑∫√≤≥]|https?:", text):
        return False
    if re.search(r"[,;，；。-]$|[a-z]{3,}\.$", text) and not KNOWN.match(text):
        return False
    number = level_of(text)
    # '4 Related Work 25' is a line of contents; 'WB1 WB2', 'Loss 0.242' stand in a figure.
    if re.search(r"\s\d{1,4}$", text) if number else re.search(r"\d\.\d|(?:\w*\d\w*\s+){2}", text):
        return False
    first = next(letter for letter in text if letter.isalpha())
    return first.isupper() or first >= "\u2e80" or KNOWN.match(text) is not None
