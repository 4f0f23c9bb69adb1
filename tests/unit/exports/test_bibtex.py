"""BibTeX is read back as it was meant: by bibtexparser, and by our own reader of it."""

import re
from pathlib import Path
from typing import Any

from bibtexparser.entrypoint import parse_string
from hypothesis import given
from hypothesis import strategies as st

from rag.exports import Format, export
from rag.ingest.formats.bibtex import BibtexReader
from rag.papers import Paper, PaperRecord
from rag.text import normalised_title
from tests.unit.exports.papers import BARE, CHINESE, HARD, TWIN, drawn


def entries(*papers: Paper) -> list[Any]:
    library = parse_string(export(papers, Format.BIBTEX))
    assert not library.failed_blocks
    return list(library.entries)


def read_back(folder: Path, *papers: Paper) -> list[PaperRecord]:
    path = folder / "papers.bib"
    path.write_text(export(papers, Format.BIBTEX), encoding="utf-8")
    return [item for item in BibtexReader().read(path) if isinstance(item, PaperRecord)]


def test_an_entry_is_what_bibtex_programs_expect() -> None:
    (entry,) = entries(HARD)
    fields = {field.key: field.value for field in entry.fields}
    assert entry.entry_type == "article"
    assert (
        fields["title"] == r"{BERT} \& {GPT-3}: 50\% of \textbraceleft{}braces\textbraceright{}, "
        r"\$x\_1\textasciicircum{}2\$ \textasciitilde{} \#tags \textbackslash{} {mRNA}"
    )
    assert fields["author"] == (
        "van Beethoven, Ludwig and Müller, José and 李飞飞 and OpenAI and King, Jr., Martin L. and {Peter and Paul Foundation}"
    )
    assert fields["journal"] == r"Transactions on R\&D"
    assert fields["doi"] == "10.1000/a_b(c)d"
    assert fields["url"] == "https://example.org/a_b?x=1&y=%20#z"
    assert (fields["eprint"], fields["archiveprefix"]) == ("1810.04805", "arXiv")


def test_our_own_reader_reads_what_was_written(tmp_path: Path) -> None:
    hard, chinese, bare = read_back(tmp_path, HARD, CHINESE, BARE)
    assert normalised_title(hard.title) == normalised_title(HARD.title)
    assert (hard.year, hard.doi, hard.arxiv_id, hard.venue) == (2019, HARD.doi, HARD.arxiv_id, HARD.venue)
    assert hard.authors[:4] == ["Ludwig van Beethoven", "José Müller", "李飞飞", "OpenAI"]
    assert (chinese.title, chinese.authors, chinese.venue) == (CHINESE.title, list(CHINESE.authors), CHINESE.venue)
    assert bare.title == BARE.title


def test_keys_are_stable_and_unique() -> None:
    alone = entries(HARD)[0].key
    assert alone == "beethoven2019bertgpt50"
    assert entries(HARD, CHINESE, BARE)[0].key == alone
    keys = [entry.key for entry in entries(HARD, CHINESE, BARE, TWIN)]
    assert len(set(keys)) == 4
    assert keys[1:3] == [CHINESE.id, "titlealone"]
    assert all(re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]*", key) for key in keys)


@given(st.lists(drawn, min_size=1, max_size=4, unique_by=lambda paper: paper.id))
def test_whatever_is_in_a_paper_one_sound_entry_comes_out(papers: list[Paper]) -> None:
    found = entries(*papers)
    assert len(found) == len(papers)
    assert len({entry.key for entry in found}) == len(papers)
    for entry in found:
        for field in entry.fields:
            bare = re.sub(r"\\.", "", field.value)
            assert bare.count("{") == bare.count("}")
