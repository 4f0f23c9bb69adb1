"""Real .bib and .ris files of other programs: imported, or refused with line and reason; cut or damaged, never a crash."""

import random
import re
from contextlib import suppress
from pathlib import Path

import pytest

from rag.errors import UnreadableFileError
from rag.ingest import Reader, Rejected, Remark
from rag.ingest.bibtex import BibtexReader
from rag.ingest.ris import RisReader
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import DATA, Written

READERS: dict[str, Reader] = {".bib": BibtexReader(), ".ris": RisReader()}
FILES = sorted(path for path in (DATA / "importers").rglob("*") if path.suffix in READERS)
FUZZED = 400

BIB = r"""@string{j = "Journal of {\"U}bung"}
@article{one, title = {On {G}raphs and $\alpha$}, author = {M{\"u}ller, Hans and Lee, Ann}, journal = j # { B}, year = 2001}
@comment{x}
@inproceedings{two, title = "Two", author = {Bo Xu}, crossref = {p}, abstract = {A \emph{long} one, 10% better.}}
@proceedings{p, title = {Proceedings of P}, year = {2002}}
"""
RIS = "TY  - JOUR\nID  - a\nTI  - One\nAU  - Müller, Hans\nPY  - 2001/02//\nUR  - http://a; http://b\nKW  - x; y\nER  - \n" * 2


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(DATA)) for path in FILES])
def test_imported_or_refused_with_line_and_reason(path: Path) -> None:
    reader = READERS[path.suffix]
    expected = reader.count(path)
    items = [item for item in reader.read(path) if not isinstance(item, Remark)]
    # Every entry is accounted for; a file of which nothing came is refused by its count of none.
    assert expected is not None
    assert len(items) >= expected
    for item in items:
        if isinstance(item, Rejected):
            assert re.fullmatch(r".+\.(bib|ris):\d+", item.location)
            assert item.reason
        else:
            assert isinstance(item, PaperRecord)
            assert not re.search(r"[{}\0]|\\[a-z]", item.title), item.title


@pytest.mark.parametrize(
    ("name", "records"), [("testjabref.bib", 60), ("RisImporterTestScopus.ris", 1), ("gbk_test.bib", 1), ("example_full.ris", 1)]
)
def test_what_some_files_hold(name: str, records: int) -> None:
    path = next((path for path in FILES if path.name == name), None)
    if path is None:
        pytest.skip("the sample files are not here")
    found = [item for item in READERS[path.suffix].read(path) if isinstance(item, PaperRecord)]
    assert len(found) >= records


def test_cut_and_damaged_files_never_crash(written: Written) -> None:
    chance = random.Random(20_240_229)
    contents = [("a.bib", BIB.encode()), ("a.ris", RIS.encode())]
    contents += [(f"a{path.suffix}", path.read_bytes()) for path in chance.sample(FILES, min(25, len(FILES)))]
    for _ in range(FUZZED):
        name, content = chance.choice(contents)
        path = written(name, damaged(content, chance))
        reader = READERS[path.suffix]
        with suppress(UnreadableFileError):
            reader.count(path)
            for item in reader.read(path):
                assert isinstance(item, PaperRecord | Rejected | Remark)


def damaged(content: bytes, chance: random.Random) -> bytes:
    """Cut somewhere, some bytes changed, or both."""
    data = bytearray(content[: chance.randrange(len(content) + 1)] if chance.random() < 0.6 else content)
    for _ in range(chance.choice((0, 1, 5, 40)) if data else 0):
        data[chance.randrange(len(data))] = chance.choice(b'{}"\\@=,#%$&\n') if chance.random() < 0.5 else chance.randrange(256)
    return bytes(data)
