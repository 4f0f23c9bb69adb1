"""BibTeX."""

import pytest

from rag.ingest.formats.bibtex import BibtexReader
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import Written, only, papers, told

READER = BibtexReader()

LIBRARY = r"""
% Our reading list
@string{nips = "Advances in Neural Information Processing Systems"}
@comment{jabref-meta: databaseType:bibtex;}
@preamble{"\newcommand{\x}{y}"}

@inproceedings{vaswani2017,
  title     = {Attention Is All {You} Need},
  author    = {Vaswani, Ashish and Noam Shazeer and {Google Research and Friends} and others},
  booktitle = nips # { 30},
  year      = 2017,
  month     = dec,
  doi       = {10.1000/abc\_def},
  eprint    = {1706.03762},
  archivePrefix = {arXiv},
  abstract  = {We gain 10% over G{\"o}del's $\alpha$-rule
               --- at no cost.},
  keywords  = {attention, translation},
}
"""


def test_a_whole_entry(written: Written) -> None:
    assert only(list(READER.read(written("library.bib", LIBRARY)))) == PaperRecord(
        source_id="vaswani2017",
        title="Attention Is All You Need",
        abstract="We gain 10% over Gödel's α-rule — at no cost.",
        authors=["Ashish Vaswani", "Noam Shazeer", "Google Research and Friends"],
        year=2017,
        venue="Advances in Neural Information Processing Systems 30",
        doi="10.1000/abc_def",
        arxiv_id="1706.03762",
        language="en",
        keywords=["attention", "translation"],
    )


@pytest.mark.parametrize(
    ("written_name", "meant"),
    [
        (r"M{\"u}ller, J{\"o}rg", "Jörg Müller"),
        (r"Knuth, Donald~E.", "Donald E. Knuth"),
        (r"Ludwig van Beethoven", "Ludwig van Beethoven"),
        (r"van der Berg, Jr., Jan", "Jan van der Berg Jr."),
        (r"{\L}ukasz Kaiser", "Łukasz Kaiser"),
        (r"Garc{\'\i}a M{\'a}rquez, Gabriel", "Gabriel García Márquez"),
        (r"{World Health Organization}", "World Health Organization"),
        (r"张三", "张三"),
        (r"family=Doe, given=Jane", "Jane Doe"),
        (r"Unbalanced}, {Name", "{Name Unbalanced"),
    ],
)
def test_names(written: Written, written_name: str, meant: str) -> None:
    content = (
        f'@misc{{k, title = "T", author = "{written_name}"}}'
        if "}," in written_name
        else (f"@misc{{k, title = {{T}}, author = {{{written_name}}}}}")
    )
    [paper] = papers(READER, written("a.bib", content))
    assert [name.replace("{", "") for name in paper.authors] == [meant.replace("{", "")]


def test_crossref_gives_what_is_missing(written: Written) -> None:
    path = written(
        "a.bib",
        """
        @inproceedings{child, title={Child}, author={Ann Lee}, crossref={Parent}}
        @inproceedings{own, title={Own}, year={1999}, booktitle={Mine}, crossref={parent}}
        @proceedings{parent, title={Proceedings of X}, year={2001}, editor={Bo Xu}, crossref={parent}}
        """,
    )
    child, own, parent = papers(READER, path)
    assert (child.venue, child.year, child.authors) == ("Proceedings of X", 2001, ["Ann Lee"])
    assert (own.venue, own.year) == ("Mine", 1999)
    assert parent.title == "Proceedings of X"


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={1706.03762v5}, archiveprefix={arXiv}",
        "eprint={1706.03762}",
        "eprinttype={arxiv}, eprint={arXiv:1706.03762}",
        "journal={arXiv preprint arXiv:1706.03762}",
        "journal={CoRR}, volume={abs/1706.03762}",
        "url={https://arxiv.org/pdf/1706.03762v2.pdf}",
        "howpublished={\\url{http://arxiv.org/abs/1706.03762}}",
        "doi={10.48550/arXiv.1706.03762}",
    ],
)
def test_arxiv_ids_wherever_they_stand(written: Written, fields: str) -> None:
    assert papers(READER, written("a.bib", f"@article{{k, title={{T}}, {fields}}}"))[0].arxiv_id == "1706.03762"


@pytest.mark.parametrize(
    "fields", ["eprint={12345678}, eprinttype={pubmed}", "doi={10.1234.5678/9999.12345}", "volume={1706.03762}"]
)
def test_other_numbers_are_no_arxiv_id(written: Written, fields: str) -> None:
    assert papers(READER, written("a.bib", f"@article{{k, title={{T}}, {fields}}}"))[0].arxiv_id == ""


def test_bad_entries_are_named_and_the_rest_goes_in(written: Written) -> None:
    path = written(
        "library.bib",
        """@article{one, title={One}, year={in press}}

@article{two, year={2001}}
@article{three title={Three}}
@article{one, title={One again}}
@article{open, title={Open,
  year=2000

@xdata{x, title={Data}}
@article{last, title={Last}, date={2003-04-05}, title={Ignored}}
""",
    )
    assert [(paper.source_id, paper.title, paper.year) for paper in papers(READER, path)] == [
        ("one", "One", None),
        ("last", "Last", 2003),
    ]
    rejected = told(READER, path)
    assert [line.partition(": ")[0] for line in rejected] == [f"library.bib:{n}" for n in (3, 4, 5, 6, 9)]
    assert rejected[0] == "library.bib:3: no title"
    assert rejected[2] == "library.bib:5: same id as line 1 (one)"
    assert rejected[4] == "library.bib:9: an @xdata entry is not a paper"


def test_entries_without_key_are_known_by_content(written: Written) -> None:
    path = written("a.bib", "@article{, title={One}}\n@article{, title={Two}}\n@article{, title={One}}")
    assert [paper.title for paper in papers(READER, path)] == ["One", "Two"]
    assert told(READER, path)[0].startswith("a.bib:3: same id as line 1")


def test_encodings(written: Written) -> None:
    entry = "@article{k, title={Über Maß und Zahl}}"
    assert papers(READER, written("a.bib", entry.encode("utf-8-sig")))[0].title == "Über Maß und Zahl"
    latin, gbk = written("l.bib", entry.encode("latin-1")), written("g.bib", "@article{凯撒, title={测试期刊}}".encode("gbk"))
    assert papers(READER, latin)[0].title == "Über Maß und Zahl"
    assert told(READER, latin) == ["l.bib: is not UTF-8; it was read as Latin-1 (Windows-1252)"]
    assert (papers(READER, gbk)[0].source_id, told(READER, gbk)) == ("凯撒", ["g.bib: is not UTF-8; it was read as GBK"])
    for codec in ("utf-16", "utf-16-le", "utf-16-be"):
        assert papers(READER, written("w.bib", entry.encode(codec)))[0].title == "Über Maß und Zahl"
    one_bad_byte = written("d.bib", entry.replace("k", "k" + "é" * 9).encode() + b"@misc{z, title={A\xffB}}")
    assert papers(READER, one_bad_byte)[0].title == "Über Maß und Zahl"
    assert told(READER, one_bad_byte) == ["d.bib: has bytes that are not UTF-8; they show as \ufffd"]


def test_old_line_ends(written: Written) -> None:
    path = written("a.bib", "@article{a,\r title={A}\r}\r@article{b,\r year=2000\r}\r")
    assert [paper.title for paper in papers(READER, path)] == ["A"]
    assert told(READER, path) == ["a.bib:4: no title"]


def test_strings_made_of_strings(written: Written) -> None:
    strings = '@string{a = "Journal"}@string{b = a # " of B"}@string{c = c}'
    path = written("a.bib", strings + "@article{k, title={T # U}, journal = B} @article{l, title={L}, journal = c}")
    first, second = papers(READER, path)
    assert (first.title, first.venue) == ("T # U", "Journal of B")
    assert second.venue == "c"


def test_known_by_name_or_by_content(written: Written) -> None:
    assert READER.reads(written("notes.txt", "my list\n@article{a, title={x}}"))
    assert not READER.reads(written("mail.txt", "write to me@example.com {or not}"))
    assert not READER.reads(written("a.pdf", "@article{a, title={x}}"))
    assert READER.count(written("b.bib", LIBRARY)) == 1
