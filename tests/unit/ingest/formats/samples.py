"""One small file of each format, of our own writing, and the first paper that it holds."""

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Sample:
    """A file, the reader that it gets, and what the first of its papers is known to say."""

    name: str
    content: bytes
    reader: str
    papers: int
    first: dict[str, Any] = field(default_factory=dict)


def _text(name: str, content: str, reader: str, papers: int, **first: Any) -> Sample:
    return Sample(name, content.encode(), reader, papers, first)


def _json(name: str, value: object, reader: str, papers: int, **first: Any) -> Sample:
    return _text(name, json.dumps(value, ensure_ascii=False, indent=1), reader, papers, **first)


MEDLINE = """
PMID- 101
OWN - NLM
TI  - [Sleep and memory in older
      adults.]
LID - 10.1000/sleep.1 [doi]
AB  - We measured sleep.
      And memory.
FAU - Löwe, Anna B
AU  - Löwe AB
FAU - Bo, Xu
LA  - ger
MH  - *Memory
OT  - sleep
DP  - 2019 Mar-Apr
JT  - Journal of rest
AID - S1 [pii]

PMID- 102
TI  - Another one.
AU  - Long V
"""

ISI = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Li, W
   Roe, J
AF Li, Wei
   Roe, Jane
TI Graphs of
   everything
SO JOURNAL OF GRAPHS
LA English
DE graph; network
ID SPECTRA
AB All graphs.
PY 2018
DI 10.1000/graphs.7
UT WOS:0001
ER

PT J
TI Cut short
"""

REFER = """%0 Journal Article
%T Ice cores and
their layers
%A Nansen, Fridtjof
%A Byrd, Ada
%J Annals of Ice
%D 2001
%X Layers.
%K ice; core
%R doi:10.1000/ice.3
%U https://example.org/ice
%G eng

%0 Book
%T Second
%I Press
"""

ENDNOTE = """<?xml version="1.0" encoding="UTF-8"?>
<xml><records>
<record><rec-number>1</rec-number><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Sørensen, Kari</style></author>
<author>Lee, Bo</author></authors></contributors>
<titles><title><style face="normal">Salt &amp; </style><style face="italic">Artemia</style></title>
<secondary-title>Journal of Salt</secondary-title></titles>
<keywords><keyword>salt</keyword><keyword>lake</keyword></keywords><dates><year>1999</year></dates>
<electronic-resource-num>10.1000/salt.9</electronic-resource-num><abstract>Very salty.</abstract>
<urls><related-urls><url>https://example.org/salt</url></related-urls></urls></record>
<record><titles><title>Another</title></titles></record>
</records></xml>
"""

PUBMED = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2019//EN" "https://dtd.nlm.nih.gov/pubmed.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">55</PMID><Article>
<Journal><JournalIssue><PubDate><MedlineDate>2015 Jan-Feb</MedlineDate></PubDate></JournalIssue><Title>Heart</Title></Journal>
<ArticleTitle>Beats of H<sub>2</sub>O.</ArticleTitle>
<Abstract><AbstractText Label="AIM">To count.</AbstractText><AbstractText Label="RESULT">Many.</AbstractText></Abstract>
<AuthorList><Author><LastName>Mora</LastName><ForeName>Eva</ForeName><Suffix>Jr</Suffix></Author>
<Author><CollectiveName>Heart Group</CollectiveName></Author></AuthorList><Language>eng</Language>
<ELocationID EIdType="doi">10.1000/heart.5</ELocationID></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Heart</DescriptorName></MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>56</PMID><Book><BookTitle>Book of hearts</BookTitle>
<Publisher><PublisherName>Press</PublisherName></Publisher><PubDate><Year>2009</Year></PubDate></Book></BookDocument></PubmedBookArticle>
</PubmedArticleSet>
"""

JATS = """<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS-archivearticle1.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article" xml:lang="en">
<front><journal-meta><journal-title-group><journal-title>Phage Weekly</journal-title></journal-title-group></journal-meta>
<article-meta><article-id pub-id-type="pmid">77</article-id><article-id pub-id-type="pmc">123</article-id>
<article-id pub-id-type="doi">10.1000/phage.2</article-id>
<title-group><article-title>Lysis in phage <italic>λ</italic><xref ref-type="fn">*</xref></article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Wang</surname><given-names>Ing-Nang</given-names></name></contrib>
<contrib contrib-type="editor"><name><surname>No</surname><given-names>One</given-names></name></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2011</year></pub-date>
<abstract><title>Background</title><p>Cells burst.</p></abstract><kwd-group><kwd>phage</kwd></kwd-group></article-meta></front>
<body><sec><title>Results</title><p>They do <xref>1</xref>burst.</p><fig><caption><p>A cell.</p></caption></fig></sec></body>
</article>
"""

DBLP = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE dblp SYSTEM "dblp.dtd">
<dblp>
<article key="journals/corr/abs-1706-03762" mdate="2020-01-01"><author>Hans M&uuml;ller 0001</author><author>Bo Xu</author>
<title>Sums of <i>n</i> squares.</title><year>2017</year><volume>abs/1706.03762</volume><journal>CoRR</journal>
<ee>https://doi.org/10.1000/sums</ee></article>
<www key="homepages/x"><author>Bo Xu</author><title>Home Page</title></www>
<inproceedings key="conf/x/1">
<author>Bo Xu</author><title>Second.</title><booktitle>X</booktitle><year>2018</year></inproceedings>
</dblp>
"""

ACL = """<?xml version='1.0' encoding='UTF-8'?>
<collection id="2031.acl"><volume id="long"><meta><booktitle>Proceedings of a Meeting</booktitle><year>2031</year></meta>
<frontmatter><url>2031.acl-long.0</url></frontmatter>
<paper id="1"><title><fixed-case>BERT</fixed-case>s of the sea</title><author><first>Ada</first><last>Byron</last></author>
<abstract>Waves.</abstract><url>2031.acl-long.1</url><doi>10.1000/acl.1</doi></paper>
<paper id="2"><title>Two</title><author><first/><last>Plato</last></author></paper></volume></collection>
"""

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>Query</title>
<entry><id>http://arxiv.org/abs/2104.12255v1</id><published>2021-04-25T00:00:00Z</published><title>On
  tests</title><summary>We test.</summary><author><name>Ada Byron</name></author><arxiv:doi>10.1000/tests</arxiv:doi>
<arxiv:journal_ref>J. Tests 1 (2021)</arxiv:journal_ref><category term="cs.SE"/></entry>
<entry><id>http://arxiv.org/api/errors#wrong</id><title>Error</title><summary>wrong id</summary></entry></feed>
"""

_GRANT = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45.dtd" [ ]>
<us-patent-grant lang="EN" country="US"><us-bibliographic-data-grant>
<publication-reference><document-id><country>US</country><doc-number>{number}</doc-number><kind>B2</kind><date>20140506</date>
</document-id></publication-reference><invention-title id="d">{title}</invention-title>
<us-parties><inventors><inventor><addressbook><last-name>Byron</last-name><first-name>Ada</first-name></addressbook></inventor></inventors>
</us-parties><assignees><assignee><addressbook><orgname>Engines Ltd</orgname></addressbook></assignee></assignees>
</us-bibliographic-data-grant><abstract><p>An engine.</p></abstract></us-patent-grant>
"""

EPO = """<?xml version="1.0" encoding="UTF-8"?>
<exch:exchange-documents xmlns:exch="http://www.epo.org/exchange">
<exch:exchange-document country="EP" doc-number="1000000" kind="A1" date-publ="20000517"><exch:bibliographic-data>
<exch:parties>
<exch:applicants><exch:applicant data-format="docdb"><exch:applicant-name><name>MILLS AG</name></exch:applicant-name>
</exch:applicant></exch:applicants><exch:inventors><exch:inventor data-format="docdb"><exch:inventor-name><name>MILL, JOHN</name>
</exch:inventor-name></exch:inventor></exch:inventors></exch:parties>
<exch:invention-title lang="de">Mühle</exch:invention-title><exch:invention-title lang="en">Mill</exch:invention-title>
</exch:bibliographic-data><exch:abstract lang="en"><exch:p>It grinds.</exch:p></exch:abstract></exch:exchange-document>
</exch:exchange-documents>
"""

EP_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<ep-patent-document country="EP" doc-number="2000001" kind="B1" date-publ="20100303"><SDOBI><B500><B540><B541>de</B541>
<B542>Rad</B542><B541>en</B541><B542>Wheel</B542></B540></B500><B700><B720><B721><snm>Rad, Ina</snm></B721></B720>
<B730><B731><snm>Wheels SE</snm></B731></B730></B700></SDOBI><abstract lang="en"><p>It turns.</p></abstract></ep-patent-document>
"""

OPENALEX = {
    "meta": {"count": 2},
    "results": [
        {
            "id": "https://openalex.org/W1",
            "doi": "https://doi.org/10.1000/open.1",
            "title": "Open <i>works</i> &amp; more",
            "publication_year": 2020,
            "language": "en",
            "authorships": [{"author": {"display_name": "Ada Byron"}}, {"author": {"display_name": "王伟"}}],
            "primary_location": {"landing_page_url": "https://example.org/1", "source": {"display_name": "J. Open"}},
            "keywords": [{"display_name": "Openness"}],
            "abstract_inverted_index": {"Words": [0], "in": [1, 3], "order": [2], "place.": [4]},
        },
        {"id": "https://openalex.org/W2", "title": None, "display_name": "Second", "authorships": [], "primary_location": None},
    ],
}

SEMANTIC_SCHOLAR = {
    "total": 2,
    "data": [
        {
            "paperId": "abc",
            "externalIds": {"DOI": "10.1000/s2", "ArXiv": "1706.03762"},
            "title": "Scholars",
            "abstract": "They read.",
            "venue": "J. Reading",
            "year": 2016,
            "authors": [{"authorId": "1", "name": "Ada Byron"}],
            "fieldsOfStudy": ["Computer Science"],
            "url": "https://www.semanticscholar.org/paper/abc",
        },
        {"citedPaper": {"paperId": "def", "title": "Cited", "year": None, "authors": []}},
        None,
    ],
}

CROSSREF = {
    "status": "ok",
    "message-type": "work-list",
    "message": {
        "items": [
            {
                "DOI": "10.1000/Cross.1",
                "title": ["Crossing <i>refs</i>"],
                "subtitle": ["A story"],
                "abstract": "<jats:p>Many refs.</jats:p>",
                "author": [{"given": "Ada", "family": "Byron"}, {"name": "The Group"}],
                "issued": {"date-parts": [[2012, 5]]},
                "container-title": ["J. Refs"],
                "URL": "https://doi.org/10.1000/cross.1",
            },
            {"DOI": "10.1000/cross.2", "title": [], "issued": {"date-parts": [[None]]}},
        ]
    },
}

CSL = [
    {
        "id": "byron1843",
        "type": "article-journal",
        "title": "Notes",
        "author": [{"family": "Byron", "given": "Ada", "suffix": "Jr."}, {"literal": "A Society"}],
        "issued": {"date-parts": [["1843", 9]]},
        "container-title": "Memoirs",
        "DOI": "10.1000/notes",
        "keyword": "engine, notes",
        "abstract": "On engines.",
    },
    {"id": "raw", "title": "Raw date", "issued": {"raw": "spring 1901"}},
    "not an object",
]

ARXIV = {
    "id": "0704.0001",
    "authors": "C. Bal\\'azs, E. L. Berger",
    "title": "Prompt  photons in\n  QCD at $\\alpha$",
    "journal-ref": "Phys.Rev.D76:013009,2007",
    "doi": "10.1103/PhysRevD.76.013009",
    "abstract": "  We compute.\n",
    "categories": "hep-ph hep-ex",
    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}],
    "update_date": "2008-11-26",
    "authors_parsed": [["Bal\\'azs", "C.", ""], ["Berger", "E. L.", "Jr"]],
}

GOOGLE_PATENT = {
    "publication_number": "US-7650331-B1",
    "title_localized": [{"text": "Verfahren", "language": "de"}, {"text": "Processing of data", "language": "en"}],
    "abstract_localized": [{"text": "Data is processed.", "language": "en"}],
    "publication_date": 20100119,
    "inventor_harmonized": [{"name": "BYRON ADA", "country_code": "GB"}],
    "assignee_harmonized": [{"name": "ENGINES LTD", "country_code": "GB"}],
}

ZOTERO = [
    {
        "key": "ABCD",
        "data": {
            "key": "ABCD",
            "itemType": "journalArticle",
            "title": "Zotero item",
            "creators": [
                {"creatorType": "author", "firstName": "Ada", "lastName": "Byron"},
                {"creatorType": "editor", "lastName": "No"},
            ],
            "date": "2013-04",
            "publicationTitle": "J. Items",
            "tags": [{"tag": "x"}],
        },
    }
]

UNPAYWALL = {
    "doi": "10.1000/pay",
    "title": "Paywalls",
    "year": 2014,
    "journal_name": "J. Pay",
    "z_authors": [{"raw_author_name": "Ada Byron"}],
    "best_oa_location": None,
}

OURS = {"DOI": "10.1000/x", "title": "Ours", "authors": ["Ada Byron"], "year": 2003, "type": "x", "URL": "https://x.example"}

CFF = """cff-version: 1.2.0
message: Cite it.
title: Engine
authors:
  - {family-names: Beethoven, given-names: Ludwig, name-particle: van}
  - name: The Team
date-released: 2021-08-11
identifiers: [{type: doi, value: 10.1000/engine}]
repository-code: https://example.org/engine
preferred-citation:
  type: article
  title: The paper on the engine
  authors: [{family-names: Byron, given-names: Ada}]
  journal: J. Engines
  year: 2022
"""

CSV = (
    "Authors;Title;Year;Source title;DOI;Author Keywords;Abstract\n"
    '"Byron, Ada; Xu, Bo";"Tables; a ""survey""";2011;J. Tables;10.1000/tables;row;"Rows\nand columns."\n'
    ";;;;;;\nPlato;Second;;;;;\n"
)

BIBLATEX = r"""@string{j = "Journal of {\"U}bung"}
@article{one, title = {On {G}raphs}, subtitle = {and $\alpha$}, author = {M{\"u}ller, Hans and family=Lee, given=Ann},
  journaltitle = j # { B}, date = {2001-05}, eprint = {1706.03762}, eprinttype = {arxiv}, groups = {Reading, Old\, books},
  file = {Full Text:files/1/one.pdf:application/pdf;:two\:2.pdf:PDF}}
@comment{jabref-meta: databaseType:biblatex;}
@inproceedings{two, title = "Two", author = {Bo Xu}, crossref = {p}}
@proceedings{p, title = {Proceedings of P}, year = {2002}}
"""

RIS = "TY  - JOUR\nID  - a\nTI  - One\nAU  - Müller, Hans\nPY  - 2001/02//\nUR  - http://a; http://b\nKW  - x; y\nER  - \n"

_ENGINE = {"source_id": "US8000001B2", "title": "Engine", "year": 2014, "authors": ["Ada Byron"], "abstract": "An engine."}
_ENGINE |= {"venue": "Patent US8000001B2 (Engines Ltd)", "url": "https://patents.google.com/patent/US8000001B2/en"}

SAMPLES = [
    _text(
        "pubmed.txt",
        MEDLINE,
        "MEDLINE",
        2,
        source_id="pmid:101",
        title="Sleep and memory in older adults",
        year=2019,
        language="de",
    ),
    _text("savedrecs.txt", ISI, "Web of Science", 1, title="Graphs of everything", authors=["Wei Li", "Jane Roe"], year=2018),
    _text("export.enw", REFER, "EndNote", 2, title="Ice cores and their layers", doi="10.1000/ice.3", venue="Annals of Ice"),
    _text(
        "endnote.xml",
        ENDNOTE,
        "XML",
        2,
        title="Salt & Artemia",
        authors=["Kari Sørensen", "Bo Lee"],
        year=1999,
        keywords=["salt", "lake"],
    ),
    _text(
        "pubmed.xml",
        PUBMED,
        "XML",
        2,
        title="Beats of H2O",
        authors=["Eva Mora Jr", "Heart Group"],
        abstract="AIM: To count. RESULT: Many.",
    ),
    _text(
        "article.nxml",
        JATS,
        "XML",
        1,
        title="Lysis in phage λ",
        authors=["Ing-Nang Wang"],
        year=2011,
        abstract="Background Cells burst.",
    ),
    _text(
        "dblp.xml",
        DBLP,
        "XML",
        2,
        title="Sums of n squares",
        authors=["Hans Müller", "Bo Xu"],
        arxiv_id="1706.03762",
        doi="10.1000/sums",
    ),
    _text(
        "2031.acl.xml",
        ACL,
        "XML",
        2,
        source_id="2031.acl-long.1",
        title="BERTs of the sea",
        year=2031,
        venue="Proceedings of a Meeting",
    ),
    _text(
        "feed.atom",
        ATOM,
        "XML",
        1,
        title="On tests",
        arxiv_id="2104.12255",
        year=2021,
        venue="J. Tests 1 (2021)",
        keywords=["cs.SE"],
    ),
    _text(
        "ipg.xml",
        _GRANT.format(number=8000001, title="Engine") + _GRANT.format(number=8000002, title="Other"),
        "XML",
        2,
        **_ENGINE,
    ),
    _text(
        "docdb.xml",
        EPO,
        "XML",
        1,
        source_id="EP1000000A1",
        title="Mill",
        authors=["JOHN MILL"],
        venue="Patent EP1000000A1 (MILLS AG)",
    ),
    _text(
        "ep.xml",
        EP_DOCUMENT,
        "XML",
        1,
        source_id="EP2000001B1",
        title="Wheel",
        authors=["Ina Rad"],
        year=2010,
        abstract="It turns.",
    ),
    _json(
        "openalex.json",
        OPENALEX,
        "JSON",
        2,
        title="Open works & more",
        abstract="Words in order in place.",
        authors=["Ada Byron", "王伟"],
    ),
    _json("s2.json", SEMANTIC_SCHOLAR, "JSON", 2, title="Scholars", arxiv_id="1706.03762", doi="10.1000/s2", venue="J. Reading"),
    _json(
        "crossref.json",
        CROSSREF,
        "JSON",
        1,
        title="Crossing refs: A story",
        abstract="Many refs.",
        authors=["Ada Byron", "The Group"],
    ),
    _json(
        "csl.json", CSL, "JSON", 2, title="Notes", authors=["Ada Byron Jr.", "A Society"], year=1843, keywords=["engine", "notes"]
    ),
    _json(
        "zotero.json", ZOTERO, "JSON", 1, source_id="ABCD", title="Zotero item", authors=["Ada Byron"], year=2013, keywords=["x"]
    ),
    _json("unpaywall.json", UNPAYWALL, "JSON", 1, title="Paywalls", authors=["Ada Byron"], venue="J. Pay"),
    _text(
        "arxiv.jsonl",
        json.dumps(ARXIV) + "\n",
        "JSON Lines",
        1,
        title="Prompt photons in QCD at α",
        authors=["C. Balázs", "E. L. Berger Jr"],
    ),
    _text(
        "patents.jsonl",
        json.dumps(GOOGLE_PATENT) + "\n",
        "JSON Lines",
        1,
        source_id="US7650331B1",
        title="Processing of data",
        year=2010,
    ),
    _text(
        "CITATION.cff",
        CFF,
        "CFF",
        2,
        title="Engine",
        authors=["Ludwig van Beethoven", "The Team"],
        doi="10.1000/engine",
        year=2021,
    ),
    _text(
        "scopus.csv",
        CSV,
        "CSV",
        2,
        title='Tables; a "survey"',
        authors=["Ada Byron", "Bo Xu"],
        abstract="Rows and columns.",
        year=2011,
    ),
    _text(
        "library.bib",
        BIBLATEX,
        "BibTeX",
        3,
        title="On Graphs: and α",
        authors=["Hans Müller", "Ann Lee"],
        groups=["Reading", "Old, books"],
    ),
    _json(
        "ours.json", [OURS], "JSON", 1, title="Ours", year=2003, doi="10.1000/x", url="https://x.example", authors=["Ada Byron"]
    ),
    _text("library.ris", RIS, "RIS", 1, title="One", authors=["Hans Müller"], year=2001, keywords=["x", "y"]),
]
