"""What kind of publication a paper is, as far as its venue tells, the parts of its authors' names, and its keywords in a line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag.papers import Paper
from rag.text import has_cjk


class Kind(StrEnum):
    """The kinds that reference managers tell apart and our records can tell."""

    ARTICLE = "article"
    CONFERENCE = "conference"
    PREPRINT = "preprint"
    PATENT = "patent"
    OTHER = "other"


_CONFERENCE = re.compile(
    r"\b(?:conference|proceedings of (?!the (?:national academy|ieee\b|royal))|symposium|workshop|annual meeting|congress|conf\."
    r"|proc\."
    r"|ACL|EMNLP|NAACL|EACL|AACL|COLING|CoNLL|LREC|WMT|NeurIPS|NIPS|ICML|ICLR|AISTATS|UAI|COLT|CoRL|COLM|ACML|AAAI|IJCAI|ECAI|AAMAS"
    r"|CVPR|ICCV|ECCV|WACV|BMVC|ACCV|MICCAI|ISBI|INTERSPEECH|ICASSP|SIGIR|ECIR|CIKM|WSDM|RecSys|KDD|ICDM|WWW|TREC|SIGMOD|VLDB|ICDE"
    r"|PODS|CIDR|SOSP|OSDI|NSDI|EuroSys|USENIX|ASPLOS|ISCA|MLSys|SIGCOMM|INFOCOM|CCS|NDSS|CRYPTO|EUROCRYPT|STOC|FOCS|SODA|ICALP|PODC"
    r"|POPL|PLDI|OOPSLA|ICFP|ICSE|FSE|CHI|UIST|CSCW|ICRA|IROS|RSS)\b|会议|研讨会|大会",
    re.IGNORECASE,
)
_JOURNAL = re.compile(
    r"\b(?:journal|transactions|letters|magazine|annals|archives|communications)\b|学报|杂志|期刊", re.IGNORECASE
)
_PREPRINT = re.compile(r"^\s*(?:arxiv|biorxiv|medrxiv|corr|ssrn|preprint)\b", re.IGNORECASE)
_PATENT = re.compile(r"^\s*patent\s+[A-Z]{2}\d", re.IGNORECASE)
_PARTICLES = frozenset("van von der den de del della di da du la le ter ten bin ibn al el dos das".split())
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})


def kind_of(paper: Paper) -> Kind:
    """From the venue's name; without one, a paper on arXiv is a preprint. A venue that says nothing is taken for a journal."""
    venue = paper.venue.strip()
    if _PATENT.search(venue):
        return Kind.PATENT
    if _PREPRINT.search(venue) or (not venue and paper.arxiv_id):
        return Kind.PREPRINT
    if not venue:
        return Kind.OTHER
    if _JOURNAL.search(venue) or not _CONFERENCE.search(venue):
        return Kind.ARTICLE
    return Kind.CONFERENCE


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in parts. ``family`` has its particles ("van der Berg"); ``given`` is '' for a name of one word."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def inverted(self) -> str:
        """'Family, Given, Jr.'"""
        return ", ".join(filter(None, (self.family, self.given, self.suffix)))


def name_of(author: str) -> Name:
    """The parts of a name written 'Given Family' or 'Family, Given'; a Chinese, Japanese or Korean name stays whole."""
    author = " ".join(author.split())
    pieces = [piece.strip() for piece in author.split(",")]
    if len(pieces) == 2 and pieces[1].casefold() in _SUFFIXES:
        return _in_order(pieces[0], pieces[1])
    if len(pieces) > 2 and pieces[1].casefold() in _SUFFIXES:
        return Name(pieces[0], " ".join(pieces[2:]), pieces[1])
    if len(pieces) > 1 and pieces[0]:
        return Name(pieces[0], " ".join(filter(None, pieces[1:])))
    return _in_order(author)


def _in_order(author: str, suffix: str = "") -> Name:
    words = author.split()
    if len(words) < 2 or has_cjk(author):
        return Name(author, "", suffix)
    if words[-1].casefold() in _SUFFIXES and len(words) > 2:
        words, suffix = words[:-1], words[-1]
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def listed(keywords: Sequence[str]) -> str:
    """Keywords in one line, between commas, or between semicolons when one has a comma of its own ("Models, Theoretical")."""
    return ("; " if any("," in word for word in keywords) else ", ").join(keywords)
