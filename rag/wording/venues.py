"""Venues that are recognised in a question, under all the names that questions and libraries use."""

import re

# canonical name: other short names, then the long names that proceedings and databases print
VENUES: dict[str, tuple[str, ...]] = {
    "ACL": ("Annual Meeting of the Association for Computational Linguistics",),
    "EMNLP": ("Empirical Methods in Natural Language Processing",),
    "NAACL": (
        "NAACL-HLT",
        "North American Chapter of the Association for Computational Linguistics",
        "Nations of the Americas Chapter of the Association for Computational Linguistics",
    ),
    "EACL": ("European Chapter of the Association for Computational Linguistics",),
    "AACL": ("Asia-Pacific Chapter of the Association for Computational Linguistics",),
    "COLING": ("International Conference on Computational Linguistics",),
    "CoNLL": ("Computational Natural Language Learning",),
    "LREC": ("LREC-COLING", "Language Resources and Evaluation"),
    "WMT": (
        "Conference on Machine Translation",
        "Workshop on Machine Translation",
        "Workshop on Statistical Machine Translation",
    ),
    "TACL": ("Transactions of the Association for Computational Linguistics",),
    "NeurIPS": ("NIPS", "Neural Information Processing Systems"),
    "ICML": ("International Conference on Machine Learning",),
    "ICLR": ("International Conference on Learning Representations",),
    "AISTATS": ("Artificial Intelligence and Statistics",),
    "UAI": ("Uncertainty in Artificial Intelligence",),
    "COLT": ("Conference on Learning Theory", "Computational Learning Theory"),
    "CoRL": ("Conference on Robot Learning",),
    "COLM": ("Conference on Language Modeling",),
    "ACML": ("Asian Conference on Machine Learning",),
    "JMLR": ("Journal of Machine Learning Research",),
    "TMLR": ("Transactions on Machine Learning Research",),
    "AAAI": ("AAAI Conference on Artificial Intelligence",),
    "IJCAI": ("IJCAI-ECAI", "International Joint Conference on Artificial Intelligence"),
    "ECAI": ("European Conference on Artificial Intelligence",),
    "AAMAS": ("Autonomous Agents and Multiagent Systems", "Autonomous Agents and Multi-Agent Systems"),
    "CVPR": ("Computer Vision and Pattern Recognition",),
    "ICCV": ("International Conference on Computer Vision",),
    "ECCV": ("European Conference on Computer Vision",),
    "WACV": ("Winter Conference on Applications of Computer Vision",),
    "BMVC": ("British Machine Vision Conference",),
    "ACCV": ("Asian Conference on Computer Vision",),
    "IJCV": ("International Journal of Computer Vision",),
    "TPAMI": ("PAMI", "Transactions on Pattern Analysis and Machine Intelligence"),
    "MICCAI": (
        "Medical Image Computing and Computer-Assisted Intervention",
        "Medical Image Computing and Computer Assisted Intervention",
    ),
    "ISBI": ("International Symposium on Biomedical Imaging",),
    "SIGGRAPH": ("SIGGRAPH Asia", "ACM Transactions on Graphics"),
    "INTERSPEECH": ("Interspeech", "InterSpeech"),
    "ICASSP": ("Acoustics, Speech and Signal Processing", "Acoustics, Speech, and Signal Processing"),
    "SIGIR": ("Research and Development in Information Retrieval",),
    "ECIR": ("European Conference on Information Retrieval",),
    "CIKM": ("Information and Knowledge Management",),
    "WSDM": ("Web Search and Data Mining",),
    "RecSys": ("Recommender Systems Conference", "Conference on Recommender Systems"),
    "KDD": ("SIGKDD", "Knowledge Discovery and Data Mining"),
    "ICDM": ("International Conference on Data Mining",),
    "WWW": ("TheWebConf", "The Web Conference", "World Wide Web Conference", "International World Wide Web"),
    "TREC": ("Text REtrieval Conference", "Text Retrieval Conference"),
    "SIGMOD": ("Management of Data",),
    "VLDB": ("PVLDB", "Very Large Data Bases"),
    "ICDE": ("International Conference on Data Engineering",),
    "PODS": ("Principles of Database Systems",),
    "CIDR": ("Conference on Innovative Data Systems Research",),
    "SOSP": ("Symposium on Operating Systems Principles",),
    "OSDI": ("Operating Systems Design and Implementation",),
    "NSDI": ("Networked Systems Design and Implementation",),
    "EuroSys": ("European Conference on Computer Systems",),
    "USENIX ATC": ("USENIX Annual Technical Conference",),
    "FAST": ("File and Storage Technologies",),
    "ASPLOS": ("Architectural Support for Programming Languages and Operating Systems",),
    "ISCA": ("International Symposium on Computer Architecture",),
    "MLSys": ("Machine Learning and Systems",),
    "SIGCOMM": ("Data Communication",),
    "INFOCOM": ("International Conference on Computer Communications",),
    "USENIX Security": ("USENIX Security Symposium",),
    "CCS": ("Computer and Communications Security",),
    "NDSS": ("Network and Distributed System Security",),
    "IEEE S&P": ("Symposium on Security and Privacy",),
    "CRYPTO": ("International Cryptology Conference",),
    "EUROCRYPT": ("Theory and Applications of Cryptographic Techniques",),
    "STOC": ("Symposium on Theory of Computing", "Symposium on the Theory of Computing"),
    "FOCS": ("Foundations of Computer Science",),
    "SODA": ("Symposium on Discrete Algorithms",),
    "ICALP": ("Automata, Languages and Programming",),
    "PODC": ("Principles of Distributed Computing",),
    "POPL": ("Principles of Programming Languages",),
    "PLDI": ("Programming Language Design and Implementation",),
    "OOPSLA": ("Object-Oriented Programming, Systems, Languages",),
    "ICFP": ("International Conference on Functional Programming",),
    "ICSE": ("International Conference on Software Engineering",),
    "FSE": ("ESEC/FSE", "Foundations of Software Engineering"),
    "CHI": ("Human Factors in Computing Systems",),
    "UIST": ("User Interface Software and Technology",),
    "CSCW": ("Computer-Supported Cooperative Work", "Computer Supported Cooperative Work"),
    "UbiComp": ("IMWUT", "Ubiquitous Computing"),
    "ICRA": ("International Conference on Robotics and Automation",),
    "IROS": ("Intelligent Robots and Systems",),
    "RSS": ("Robotics: Science and Systems",),
    "arXiv": (),
    "Nature": ("《自然》",),
    "Science": ("《科学》",),
    "Cell": ("《细胞》",),
    "PNAS": ("Proceedings of the National Academy of Sciences",),
    "The Lancet": ("Lancet", "《柳叶刀》"),
    "JAMA": ("Journal of the American Medical Association",),
    "NEJM": ("New England Journal of Medicine",),
    "BMJ": ("British Medical Journal",),
    "CACM": ("Communications of the ACM",),
    "Nature Communications": (),
    "Nature Medicine": (),
    "Nature Methods": (),
    "Nature Machine Intelligence": (),
    "Science Advances": (),
    "PLOS ONE": (),
    "计算机学报": ("Chinese Journal of Computers",),
    "软件学报": ("Journal of Software",),
    "自动化学报": ("Acta Automatica Sinica",),
    "电子学报": ("Acta Electronica Sinica",),
    "中文信息学报": ("Journal of Chinese Information Processing",),
    "计算机研究与发展": ("Journal of Computer Research and Development",),
    "中国科学": (),
}

# Also common words or terms of a science: only "published in Nature", "papers in Science", "CHI 2020" mean the venue.
AMBIGUOUS = frozenset({"Nature", "Science", "Cell", "FAST", "CHI", "RSS", "CRYPTO", "SODA", "COLT", "CCS", "FSE", "CIDR", "PODS"})

# Short names that mean nothing else, recognised in small letters as well.
_IN_ANY_CASE = frozenset(
    """EMNLP NAACL NAACL-HLT EACL AACL COLING CoNLL LREC TACL NeurIPS NIPS ICML ICLR AISTATS JMLR TMLR AAAI IJCAI ECAI
    CVPR ICCV ECCV WACV BMVC IJCV TPAMI MICCAI SIGGRAPH INTERSPEECH ICASSP SIGIR ECIR CIKM WSDM RecSys KDD SIGKDD ICDM
    SIGMOD VLDB PVLDB ICDE SOSP OSDI NSDI EuroSys ASPLOS MLSys SIGCOMM INFOCOM NDSS STOC FOCS ICALP PODC POPL PLDI OOPSLA
    ICFP ICSE UIST CSCW UbiComp ICRA IROS arXiv PNAS""".split()
)

# Short names that mean something else in small letters (a ligament): there only the plainest wordings mean the venue.
_RARELY_SMALL = frozenset({"ACL"})

_VENUE_WORD = re.compile(r"\b(?:Conference|Symposium|Meeting|Journal|Transactions|Communications of|Proceedings|Workshop)\b")

_CANONICAL = {alias.casefold(): name for name, aliases in VENUES.items() for alias in (name, *aliases)}


def canonical_venue(alias: str) -> str:
    """The table's name for a venue written in any of its ways; '' for an unknown one."""
    return _CANONICAL.get(alias.casefold(), "")


def venue_names(venue: str) -> tuple[str, ...]:
    """Every name a library may print for ``venue``, itself first."""
    plain = (alias for alias in VENUES.get(venue, ()) if not alias.startswith("《"))
    return (venue, *plain)


def venue_pattern(*, ambiguous: bool) -> str:
    """A regular expression for the names of the venues that are (not) also common words; longest names first."""
    aliases = {a for name, others in VENUES.items() if (name in AMBIGUOUS) == ambiguous for a in (name, *others)}
    ordered = sorted(filter(_is_said, aliases), key=lambda a: (-len(a), a))
    return "|".join(f"(?i:{re.escape(a)})" if a in _IN_ANY_CASE or " " in a else re.escape(a) for a in ordered)


def small_venue_pattern() -> str:
    """A regular expression for the names in small letters that mean a venue in some wordings only."""
    return "|".join(sorted(re.escape(name.lower()) for name in _RARELY_SMALL))


def short_venue_pattern() -> str:
    """A regular expression for the names of one word, as further ones of an enumeration."""
    aliases = sorted({a for name, others in VENUES.items() for a in (name, *others) if " " not in a and a[0] != "《"})
    return "|".join(f"(?i:{re.escape(a)})" if a in _IN_ANY_CASE else re.escape(a) for a in sorted(aliases, key=len, reverse=True))


def _is_said(alias: str) -> bool:
    """Whether people call the venue so. 'Ubiquitous Computing' in a question is a topic, though proceedings print it."""
    return " " not in alias or alias in VENUES or _VENUE_WORD.search(alias) is not None
