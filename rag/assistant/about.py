"""Answers about single papers: their facts, their own key sentences, why they were found, two or more side by side."""

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from rag.assistant.answer import authors, facts, limits, quotation, shortened
from rag.assistant.conversation import Language, Source, Understanding
from rag.assistant.keysentences import key_sentences
from rag.assistant.markdown import emphasised, fenced, link, plain, web_address
from rag.assistant.messages import TEXTS, say
from rag.assistant.services import FileLink
from rag.exports import Format, export
from rag.papers import Hit, Outline, Paper, Passage
from rag.retrieval import matching_spans, matching_words, question_stems
from rag.retrieval.evidence import best_sentence
from rag.retrieval.recommend import shared_terms
from rag.text import one_line, tokens

_FROM_ABSTRACT = 5
_FROM_SECTION = 2
_MOST_SECTIONS = 12
_CELL = 240
_MOST_AUTHORS = 40
_MOST_WORDS = 12


def heading(source: Source, language: Language) -> str:
    """A paper's linked title with its citation mark, and below it its facts."""
    paper = source.hit.paper
    lines = [f"{titled(paper)} [{source.rank}]", facts(paper, language)]
    return "  \n".join(filter(None, lines)) + "\n\n"


def titled(paper: Paper) -> str:
    """The linked title; the paper's id is the link's tooltip, or stands behind a title that has no link."""
    title = one_line(paper.title) or paper.id
    return link(title, paper.link, paper.id) if web_address(paper.link) else f"{link(title, '')} `{paper.id}`"


def summary(source: Source, full_text: Sequence[Passage], outline: Outline, language: Language) -> Iterator[str]:
    """The paper's own key sentences, by section and with pages; of the abstract where that is all there is."""
    paper = source.hit.paper
    yield heading(source, language)
    if not full_text and not paper.abstract:
        yield say("no_abstract", language) + "\n"
        return
    yield say("own_sentences" if full_text else "abstract_only", language) + "\n\n"
    if paper.abstract:
        if full_text:
            yield f"**{say('abstract', language)}**\n\n"
        yield from (f"- {plain(sentence)}\n" for sentence in key_sentences(paper.abstract, _FROM_ABSTRACT))
        yield "\n"
    for section, passages in _sections(full_text, {each.heading for each in outline.sections}):
        yield f"**{plain(section) or say('text', language)}**\n\n"
        text = " ".join(passage.text for passage in passages)
        for sentence in key_sentences(text, _FROM_SECTION):
            yield f"- {plain(sentence)}{_page(sentence, passages, language)}\n"
        yield "\n"


def _sections(passages: Sequence[Passage], headings: Set[str]) -> list[tuple[str, list[Passage]]]:
    """The passages by section, in the order of the text; of a paper with very many sections, the longest."""
    by_section: dict[str, list[Passage]] = {}
    for section, passage in _by_headings(passages, headings):
        by_section.setdefault(section, []).append(passage)
    longest = sorted(by_section, key=lambda name: -sum(len(p.text) for p in by_section[name]))[:_MOST_SECTIONS]
    return [(name, part) for name, part in by_section.items() if name in longest]


def _by_headings(passages: Sequence[Passage], headings: Set[str]) -> Iterator[tuple[str, Passage]]:
    """The passages with their sections; one that has several, each below its heading, in pieces."""
    section = ""
    for passage in passages:
        pieces = passage.text.split("\n\n")
        if all(piece.partition("\n")[0] not in headings for piece in pieces):
            section = one_line(passage.section)
            yield section, passage
            continue
        for piece in pieces:
            line, _, rest = piece.partition("\n")
            opens = line in headings
            section = line if opens else section
            yield section, replace(passage, text=rest if opens else piece)


def _page(sentence: str, passages: Sequence[Passage], language: Language) -> str:
    page = next((p.page for p in passages if p.page is not None and sentence[:40] in p.text), None)
    return "" if page is None else f" ({say('page', language, page=page + 1)})"


def details(source: Source, language: Language) -> Iterator[str]:
    """Everything that is known of a paper."""
    paper = source.hit.paper
    yield f"{titled(paper)} [{source.rank}]\n\n"
    names = say("comma", language).join(plain(name) for name in paper.authors[:_MOST_AUTHORS])
    tongue = f"language_{paper.language}"
    known = {
        "detail_authors": say("et_al", language, names=names) if len(paper.authors) > _MOST_AUTHORS else names,
        "detail_year": str(paper.year) if paper.year is not None else "",
        "detail_venue": plain(paper.venue),
        "detail_doi": plain(paper.doi),
        "detail_arxiv": plain(paper.arxiv_id),
        "detail_link": web_address(paper.link),
        "detail_keywords": plain(", ".join(paper.keywords)),
        "detail_language": say(tongue, language) if tongue in TEXTS else plain(paper.language),
        "detail_collections": plain(", ".join(paper.collections)),
    }
    yield from (f"- {say(name, language)}: {value}\n" for name, value in known.items() if value)
    if paper.abstract:
        yield f"\n> {plain(one_line(paper.abstract))}\n"
    yield "\n"


def explanation(source: Source, found: Hit | None, understanding: Understanding) -> Iterator[str]:
    """Why a paper was found for the question: matching words and where, nearness in meaning, relevance; nothing guessed.

    ``found`` is the paper as the question finds it now; None when it does not.
    """
    language, paper = understanding.language, source.hit.paper
    yield heading(source, language)
    topic = understanding.topic
    if not topic:
        all_met = " · ".join(limits(understanding))
        yield (say("limits_met", language, limits=all_met) if all_met else say("no_question", language)) + "\n\n"
        return
    stems = question_stems(topic)
    yield say("why_question", language, topic=plain(shortened(topic, 200))) + "\n\n"
    texts = [("in_title", paper.title), ("in_abstract", paper.abstract), ("in_keywords", " ".join(paper.keywords))]
    anywhere: set[str] = set()
    for place, text in texts:
        if words := matching_words([text], stems)[:_MOST_WORDS]:
            anywhere.update(stem for word in words for stem in tokens(word))
            yield f"- {say(place, language)}: {_bold(words, language)}\n"
    for passage in found.passages if found else ():
        if passage.section and (words := matching_words([passage.text], stems)[:_MOST_WORDS]):
            yield f"- {say('in_section', language, section=plain(passage.section))}: {_bold(words, language)}\n"
    missing = [word for word in dict.fromkeys(matching_words([topic], stems)) if anywhere.isdisjoint(tokens(word))]
    if not anywhere:
        yield f"- {say('no_word_matches', language)}\n"
    elif missing:
        yield f"- {say('not_there', language)}: {say('comma', language).join(map(plain, missing[:_MOST_WORDS]))}\n"
    if found is None:
        yield f"- {say('not_found_now', language)}\n"
    else:
        if found.dense_score is not None:
            yield f"- {say('nearness', language, cosine=f'{found.dense_score:.2f}')}\n"
        yield f"- {say('relevance', language, percent=round(100 * found.score))}\n"
    if met := limits(understanding):
        yield f"- {say('limits_met', language, limits=' · '.join(met))}\n"
    if quoted := quotation(found or source.hit, stems, language):
        yield f"\n> {quoted}\n"
    yield "\n"


def likeness(source: Source, alike: Sequence[Paper], cosines: Sequence[float], understanding: Understanding) -> Iterator[str]:
    """Why a paper was found like others: the nearest of them, what both speak of, nearness in meaning; nothing guessed.

    ``cosines``: to each of ``alike``; none where they are not known.
    """
    language, paper = understanding.language, source.hit.paper
    yield heading(source, language)
    if not alike:
        yield say("no_question", language) + "\n\n"
        return
    place = max(range(len(cosines)), key=cosines.__getitem__, default=0)
    nearest = alike[place]
    yield say("why_like", language, titles=say("quoted", language, title=plain(shortened(nearest.title, 200)))) + "\n\n"
    if terms := shared_terms(paper, nearest, {}):
        yield f"- {say('both_speak_of', language, terms=_bold(terms, language))}\n"
    if shared := _shared([paper, nearest], language):
        yield f"- {shared}\n"
    if cosines:
        yield f"- {say('nearness', language, cosine=f'{cosines[place]:.2f}')}\n"
    if met := limits(understanding):
        yield f"- {say('limits_met', language, limits=' · '.join(met))}\n"
    if sentence := _on_topic(paper, question_stems(nearest.title)):
        yield f"\n> {sentence}\n"
    yield "\n"


def _bold(words: Sequence[str], language: Language) -> str:
    return say("comma", language).join(f"**{plain(word)}**" for word in words)


def comparison(sources: Sequence[Source], understanding: Understanding) -> Iterator[str]:
    """A table with a column a paper: facts, and sentences of their own."""
    language = understanding.language
    papers = [source.hit.paper for source in sources]
    stems = question_stems(understanding.topic) if understanding.topic else frozenset()
    yield "| | " + " | ".join(f"{titled(s.hit.paper)} [{s.rank}]" for s in sources) + " |\n"
    yield "|---|" + "---|" * len(sources) + "\n"
    rows = {
        "detail_authors": [authors(paper, language) for paper in papers],
        "detail_year": [str(paper.year or "") for paper in papers],
        "detail_venue": [plain(paper.venue) for paper in papers],
        "detail_keywords": [plain(", ".join(paper.keywords[:8])) for paper in papers],
        "own_words": [plain(shortened(" ".join(key_sentences(paper.abstract, 1)), _CELL)) for paper in papers],
        "on_your_topic": [_on_topic(paper, stems) for paper in papers],
    }
    for name, cells in rows.items():
        if any(cells):
            yield f"| **{say(name, language)}** | " + " | ".join(cell or "–" for cell in cells) + " |\n"
    yield "\n"
    if shared := _shared(papers, language):
        yield shared + "\n\n"


def _on_topic(paper: Paper, stems: Set[str]) -> str:
    sentence = shortened(best_sentence(paper.abstract, sorted(stems)), _CELL)
    return emphasised(sentence, matching_spans(sentence, stems)) if sentence else ""


def _shared(papers: Sequence[Paper], language: Language) -> str:
    found = []
    for name, values in (
        ("detail_authors", [paper.authors for paper in papers]),
        ("detail_keywords", [paper.keywords for paper in papers]),
    ):
        shared = [value for value in values[0] if all(value in others for others in values[1:])]
        if shared:
            found.append(f"{say(name, language)}: {plain(', '.join(shared))}")
    return say("in_common", language, what=" · ".join(found)) if found else ""


def exported(understanding: Understanding, papers: Sequence[Paper], file_link: FileLink | None = None) -> str:
    """The papers in the format asked for, as a block of code, and as a file where there is an address for it."""
    format_ = Format(understanding.format)
    name = say(
        "exported_one" if len(papers) == 1 else "exported", understanding.language, count=len(papers), format=_LABELS[format_]
    )
    address = web_address(file_link(papers, format_)) if file_link else ""
    file = f"\n{link(say('download', understanding.language, extension=format_.extension), address)}\n" if address else ""
    return f"{name}\n\n{fenced(export(papers, format_), _FENCES[format_])}{file}\n"


_LABELS = {
    Format.BIBTEX: "BibTeX",
    Format.RIS: "RIS",
    Format.CSL_JSON: "CSL-JSON",
    Format.CSV: "CSV",
    Format.MARKDOWN: "Markdown",
}
_FENCES = {Format.BIBTEX: "bibtex", Format.RIS: "ris", Format.CSL_JSON: "json", Format.CSV: "csv", Format.MARKDOWN: "markdown"}
