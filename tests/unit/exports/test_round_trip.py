"""Import, export, import: the same papers, in each format that reference managers read."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.exports import Format, export
from rag.ingest import Draft, Reader, Rejected, record
from rag.ingest.formats.bibtex import BibtexReader
from rag.ingest.formats.json_document import JsonReader
from rag.ingest.formats.ris import RisReader
from rag.papers import Paper, PaperId, PaperRecord

LIBRARIES = 500
FORMATS: dict[Format, Reader] = {Format.BIBTEX: BibtexReader(), Format.RIS: RisReader(), Format.CSL_JSON: JsonReader()}

NAMES = """Ludwig van Beethoven|José Müller|李飞飞|OpenAI|Martin L. King Jr.|Peter and Paul Foundation|Jean-Luc de la Tour
Plato|김철수|Bath & Wells Institute|Łukasz Đặng|X Æ A-12|María del Carmen Ñuñez III|A. N. Other|Ø|Σωκράτης|d'Alembert
Université de Paris 6|Jr.|van|Kirti $mith|50% Club|C++ Team|René~Descartes|{Braced} Name|Back\\slash Group|de Gaulle
Anne and|山田 太郎|Sinéad O’Neill"""
DATES = [None, 1000, 1687, 1900, 1999, 2000, 2024, 2199]
DOIS = ["", "10.1000/a_b(c)d", "10.1002/(sici)1097-0258<1::aid-sim1>3.0.co;2-#", "10.1000/50%25~x&y", "10.48550/arxiv.1706.03762"]
LINKS = ["", "https://example.org/a_b?x=1&y=%20#z", "http://例え.jp/~user/%7E", "https://doi.org/10.1000/other"]
VENUES = ["", "NeurIPS", "Journal of R&D", "arXiv", "Proceedings of the 5th Workshop on $100 Problems", "学报"]
VENUES += ["Patent US7650331B1 (A_B)", "Annals -- of `dashes'"]
SIGNS = [*"{}$&%#_~^\\\"'`-,;:@<>=|!?*", "--", "---", "``", "''", "?`", "\\alpha", "$x$", "{\\'e}", "and", "É", "深度", "🜁"]

_characters = st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp", "Zs"))
_word = st.text(_characters, min_size=1, max_size=8) | st.sampled_from([*SIGNS, "BERT", "GPT-3", "of", "learning", "mRNA"])
_line = st.lists(_word, min_size=1, max_size=7).map(" ".join)
_letters = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=8)
_name = st.sampled_from(re.split(r"[|\n]", NAMES)) | st.lists(_letters, min_size=1, max_size=3).map(" ".join)
_keywords = st.lists(st.sampled_from(["deep learning", "R&D", "Models, Theoretical", "图", "C#", "x_1"]), max_size=3, unique=True)

drafts = st.builds(
    Draft,
    line=st.just(1),
    title=_line,
    abstract=st.just("") | _line,
    authors=st.lists(_name, max_size=4),
    year=st.sampled_from(DATES),
    venue=st.sampled_from(VENUES),
    doi=st.sampled_from(DOIS),
    arxiv_id=st.sampled_from(["", "1810.04805", "cs/0301012"]),
    url=st.sampled_from(LINKS),
    language=st.sampled_from(["", "en", "zh", "de"]),
    keywords=_keywords.filter(lambda words: words != ["Models, Theoretical"]),
)


def paper(one: PaperRecord, number: int) -> Paper:
    said = one.model_dump(include={"title", "abstract", "year", "venue", "doi", "arxiv_id", "url", "language"})
    return Paper(PaperId(f"p{number}"), **said, authors=tuple(one.authors), keywords=tuple(one.keywords))


def known(one: Paper) -> dict[str, object]:
    """What an export says of a paper."""
    facts = (one.title, one.abstract, one.authors, one.year, one.venue, one.doi, one.arxiv_id, one.link, one.keywords)
    return dict(zip("title abstract authors year venue doi arxiv_id link keywords".split(), facts, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("round")


@pytest.mark.parametrize("file_format", FORMATS, ids=lambda file_format: file_format.value)
def test_the_same_papers_come_back(file_format: Format, folder: Path) -> None:
    path, reader = folder / f"papers.{file_format.extension}", FORMATS[file_format]

    @settings(max_examples=LIBRARIES)
    @given(st.lists(drafts, min_size=1, max_size=3))
    def check(library: list[Draft]) -> None:
        made = [one for one in (record(draft, "x") for draft in library) if not isinstance(one, Rejected)]
        before = [paper(one, number) for number, one in enumerate(made)]
        path.write_text(export(before, file_format), encoding="utf-8")
        after = [paper(one, number) for number, one in enumerate(reader.read(path)) if isinstance(one, PaperRecord)]
        assert [known(one) for one in after] == [known(one) for one in before]

    check()
