"""Articles in XML: PubMed's records, and JATS, in which publishers and PubMed Central keep whole articles."""

from collections.abc import Iterator

from lxml import etree

from rag.embeddings.estimate import token_estimate
from rag.ingest.documents.model import Block
from rag.ingest.documents.passages import passages_of
from rag.ingest.draft import Draft
from rag.ingest.formats.elements import every, first, name_of, said, text_of
from rag.ingest.formats.tagged import plain_title
from rag.papers import PassageText

_APART = frozenset("fig fig-group table-wrap table-wrap-foot disp-formula supplementary-material fn boxed-text".split())
_NOTES = frozenset({"xref", "fn", "label"})
_PUBLISHED = ("epub", "ppub", "collection", "pub")


def pubmed(element: etree._Element, _: dict[str, str]) -> Draft:
    """A PubmedArticle."""
    pmid = said(element, "MedlineCitation/PMID")
    article = first(element, "MedlineCitation/Article")
    if article is None:
        return Draft(0, source_id=_pmid(pmid))
    headings = every(element, "MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName")
    keywords = every(element, "MedlineCitation/KeywordList/Keyword")
    journal = said(article, "Journal/Title", "Journal/ISOAbbreviation") or said(
        element, "MedlineCitation/MedlineJournalInfo/MedlineTA"
    )
    return Draft(
        0,
        source_id=_pmid(pmid),
        title=plain_title(said(article, "ArticleTitle", "VernacularTitle")),
        abstract=_abstract(article),
        authors=list(_people(article)),
        year=said(article, "Journal/JournalIssue/PubDate/Year", "Journal/JournalIssue/PubDate/MedlineDate", "ArticleDate/Year"),
        venue=journal,
        doi=_identifier(element, "PubmedData/ArticleIdList/ArticleId", "IdType", "doi")
        or _identifier(article, "ELocationID", "EIdType", "doi"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        language=said(article, "Language"),
        keywords=[text_of(keyword) for found in (headings, keywords) for keyword in found],
    )


def pubmed_book(element: etree._Element, _: dict[str, str]) -> Draft:
    """A PubmedBookArticle: a book or a chapter of one."""
    book = first(element, "BookDocument")
    if book is None:
        return Draft(0)
    pmid, title = said(book, "PMID"), said(book, "Book/BookTitle")
    return Draft(
        0,
        source_id=_pmid(pmid),
        title=plain_title(said(book, "ArticleTitle") or title),
        abstract=_abstract(book),
        authors=list(_people(book)) or list(_people(first(book, "Book"))),
        year=said(book, "Book/PubDate/Year", "ContributionDate/Year"),
        venue=title if said(book, "ArticleTitle") else said(book, "Book/Publisher/PublisherName"),
        doi=_identifier(book, "ArticleIdList/ArticleId", "IdType", "doi"),
        url=f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/" if pmid else "",
        language=said(book, "Language"),
        keywords=[text_of(keyword) for keyword in every(book, "KeywordList/Keyword")],
    )


def _pmid(pmid: str) -> str:
    return f"pmid:{pmid}" if pmid else ""


def _abstract(article: etree._Element) -> str:
    parts = every(article, "Abstract/AbstractText")
    return " ".join(f"{part.get('Label')}: {text_of(part)}" if part.get("Label") else text_of(part) for part in parts)


def _people(article: etree._Element | None) -> Iterator[str]:
    lists = [] if article is None else [one for one in every(article, "AuthorList") if one.get("Type") != "editors"]
    for author in every(lists[0], "Author") if lists else ():
        parts = (said(author, "ForeName", "Initials"), said(author, "LastName"), said(author, "Suffix"))
        yield " ".join(filter(None, parts)) or said(author, "CollectiveName")


def _identifier(element: etree._Element, path: str, kind: str, wanted: str) -> str:
    return next((text_of(one) for one in every(element, path) if one.get(kind) == wanted), "")


def jats(element: etree._Element, _: dict[str, str]) -> Draft:
    """A JATS article with the text of its sections."""
    meta = first(element, "front/article-meta")
    if meta is None:
        return Draft(0)
    titles = [text_of(found, _NOTES) for name in ("article-title", "subtitle") for found in every(meta, f"title-group/{name}")]
    pmid = _identifier(meta, "article-id", "pub-id-type", "pmid")
    pmc = _identifier(meta, "article-id", "pub-id-type", "pmc").removeprefix("PMC")
    return Draft(
        0,
        source_id=_pmid(pmid),
        title=": ".join(filter(None, titles)),
        abstract=_jats_abstract(meta),
        authors=list(_contributors(meta)),
        year=_published(meta),
        venue=said(element, "front/journal-meta/journal-title-group/journal-title", "front/journal-meta/journal-title"),
        doi=_identifier(meta, "article-id", "pub-id-type", "doi"),
        url=f"https://pmc.ncbi.nlm.nih.gov/articles/PMC{pmc}/" if pmc else "",
        language=element.get("{http://www.w3.org/XML/1998/namespace}lang") or "",
        keywords=[text_of(word) for word in every(meta, "kwd-group/kwd")],
        passages=[PassageText(text=one.text, section=one.section) for one in passages_of(_blocks(element), token_estimate)],
    )


def _blocks(article: etree._Element) -> Iterator[Block]:
    """Headings and paragraphs of the body; figures, tables and formulas that stand apart are left out."""
    for element in article.iterfind("{*}body//*"):
        name = name_of(element)
        heading = name == "title" and element.getparent() is not None and name_of(element.getparent()) == "sec"
        if heading or (name == "p" and not any(name_of(parent) in _APART for parent in element.iterancestors())):
            text = text_of(element, _APART)
            level = sum(name_of(parent) == "sec" for parent in element.iterancestors()) if heading else 0
            if text:
                yield Block(text, "heading" if heading else "text", level, None)


def _jats_abstract(meta: etree._Element) -> str:
    # An abstract of another type is a picture, or the same for laymen.
    abstract = next((found for found in every(meta, "abstract") if found.get("abstract-type") is None), None)
    if abstract is None:
        abstract = first(meta, "abstract")
    if abstract is None:
        return ""
    paragraphs = [text_of(part, _NOTES) for part in abstract.iter("{*}title", "{*}p")]
    return " ".join(paragraphs) or text_of(abstract, _NOTES)


def _contributors(meta: etree._Element) -> Iterator[str]:
    for one in every(meta, "contrib-group/contrib"):
        if one.get("contrib-type") not in (None, "author"):
            continue
        name = first(one, "name")
        if name is None:
            name = first(one, "name-alternatives/name")
        parts = [] if name is None else [said(name, part) for part in ("given-names", "surname", "suffix")]
        yield " ".join(filter(None, parts)) or said(one, "string-name", "collab")


def _published(meta: etree._Element) -> str:
    dates = {date.get("pub-type") or date.get("date-type") or "": said(date, "year") for date in every(meta, "pub-date")}
    return next((dates[kind] for kind in _PUBLISHED if dates.get(kind)), next(iter(dates.values()), ""))
