"""How well title, authors, year, DOI and arXiv id are read from PDFs, beside unstructured alone and the PDFs' own metadata.

    .venv/bin/python -m benchmarks.metadata FOLDER [--misses]

FOLDER has a ``truth.jsonl``: a line a paper with file, title, authors, year, doi, arxiv_id, language, abstract_start, text_layer.
Prints a Markdown table: right of those that are printed in the paper; an identifier where the paper has none is *invented*.
Titles and names are compared folded, without punctuation.
"""

import argparse
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pypdfium2

from rag.ingest.documents.layout import layout_of, pages_of
from rag.ingest.documents.metadata import metadata_of
from rag.ingest.documents.model import Metadata
from rag.text import normalised_arxiv_id, normalised_doi, normalised_title, person_key

_YEAR = re.compile(r"(?:19|20)\d\d")
_ARXIV = re.compile(r"arxiv(?:\.org/\w+/|:\s*)\S+", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"[,;\n]|\band\b")
DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "pdfs"


@dataclass(frozen=True)
class Paper:
    """A file, and what is printed in it."""

    path: Path
    truth: Metadata


@dataclass
class Score:
    """What one way of reading found, over all papers."""

    name: str
    right: dict[str, int] = field(default_factory=dict)
    printed: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, int] = field(default_factory=dict)
    invented: dict[str, int] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, what: str, found: object, truth: object, file: str) -> None:
        """One field of one paper; an empty ``truth`` is not printed in it."""
        if truth:
            self.printed[what] = self.printed.get(what, 0) + 1
            if found == truth:
                self.right[what] = self.right.get(what, 0) + 1
                return
            if found:
                self.wrong[what] = self.wrong.get(what, 0) + 1
            self.misses.append(f"{file}: {what} {found!r}, not {truth!r}")
        elif found:
            self.invented[what] = self.invented.get(what, 0) + 1
            self.misses.append(f"{file}: {what} {found!r}, though none is printed")

    def share(self, what: str) -> float:
        """Right, of those printed."""
        return self.right.get(what, 0) / max(self.printed.get(what, 0), 1)

    def cell(self, what: str) -> str:
        """As it stands in the table; a dash for what was never found."""
        if not any(what in counted for counted in (self.right, self.wrong, self.invented)):
            return "—"
        text = f"{self.right.get(what, 0)} of {self.printed.get(what, 0)} ({self.share(what):.0%})"
        return (
            text
            + (f", {self.wrong[what]} wrong" if what in {"DOI", "arXiv id"} and self.wrong.get(what) else "")
            + (f", {self.invented[what]} invented" if self.invented.get(what) else "")
        )


FIELDS = ("title", "first author", "all authors", "year", "DOI", "arXiv id", "language", "abstract begins")
Read = Callable[[Path], Metadata]


def papers(folder: Path) -> list[Paper]:
    """The papers with a text layer that ``truth.jsonl`` names."""
    found = []
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row["text_layer"]:
            continue
        truth = Metadata(
            title=row["title"] or "",
            authors=tuple(row["authors"] or ()),
            year=row["year"],
            doi=normalised_doi(row["doi"] or ""),
            arxiv_id=normalised_arxiv_id(row["arxiv_id"] or ""),
            abstract=row["abstract_start"] or "",
            language=row["language"] or "",
        )
        found.append(Paper(folder / row["file"], truth))
    return found


def measure(name: str, read: Read, corpus: Iterable[Paper]) -> Score:
    """Read every paper and count."""
    score = Score(name)
    for paper in corpus:
        begun = time.process_time()
        found = read(paper.path)
        score.seconds += time.process_time() - begun
        _count(score, found, paper)
    return score


def _count(score: Score, found: Metadata, paper: Paper) -> None:
    truth, file = paper.truth, paper.path.name
    names, true_names = [*map(person_key, found.authors)], [*map(person_key, truth.authors)]
    score.count("title", normalised_title(found.title), normalised_title(truth.title), file)
    score.count("first author", names[:1], true_names[:1], file)
    score.count("all authors", names, true_names, file)
    score.count("year", found.year, truth.year, file) if truth.year else None
    score.count("DOI", found.doi, truth.doi, file)
    score.count("arXiv id", found.arxiv_id, truth.arxiv_id, file)
    score.count("language", found.language, truth.language, file)
    beginning = normalised_title(truth.abstract)[:40]
    if beginning:
        score.count("abstract begins", normalised_title(found.abstract)[: len(beginning)], beginning, file)


def ours(path: Path) -> Metadata:
    """The product's reading, in this process."""
    document = pypdfium2.PdfDocument(path)
    try:
        pages = pages_of([layout_of(document[number], number) for number in range(len(document))])
        return metadata_of(pages, document.get_metadata_dict(), path.name)
    finally:
        document.close()


def embedded(path: Path) -> Metadata:
    """What the PDF's own metadata say: Title and Author as they stand, the year it was made, identifiers that stand anywhere."""
    document = pypdfium2.PdfDocument(path)
    try:
        info = document.get_metadata_dict()
    finally:
        document.close()
    made = info.pop("CreationDate", "")
    return _plainly(info.get("Title", ""), info.get("Author", ""), made, " ".join(info.values()))


def unstructured(path: Path) -> Metadata:
    """unstructured alone: its first title element and the one after it, and the first year and identifiers in its text.

    Raises:
        ImportError: its PDF reader is not installed.
    """
    # Without this, unstructured's own rules for titles need a model that it would fetch, and quietly finds nothing.
    from unstructured.partition.pdf import partition_pdf

    import rag.ingest.documents.partition  # noqa: F401

    elements = partition_pdf(str(path), strategy="fast", languages=[""])
    place = next((place for place, element in enumerate(elements) if element.category == "Title"), len(elements))
    title, names = [*(element.text for element in elements[place : place + 2]), "", ""][:2]
    text = "\n".join(element.text for element in elements)
    return _plainly(title, names, text, text)


def _plainly(title: str, names: str, dated: str, text: str) -> Metadata:
    """What takes no rules to find: names apart at commas and 'and', the first year, the first DOI, the first arXiv id."""
    year = _YEAR.search(dated)
    arxiv = _ARXIV.search(text)
    return Metadata(
        title=title,
        authors=tuple(filter(None, map(str.strip, _BETWEEN_NAMES.split(names)))),
        year=int(year.group()) if year else None,
        doi=normalised_doi(text),
        arxiv_id=normalised_arxiv_id(arxiv.group()) if arxiv else "",
    )


def table(scores: Sequence[Score | str]) -> str:
    """A column for each way of reading; a text says why one could not be measured."""
    measured = [score for score in scores if isinstance(score, Score)]
    lines = ["| | " + " | ".join(score.name for score in measured) + " |", "|---" * (len(measured) + 1) + "|"]
    lines += [f"| {what} | " + " | ".join(score.cell(what) for score in measured) + " |" for what in FIELDS]
    lines.append("| processor seconds | " + " | ".join(f"{score.seconds:.1f}" for score in measured) + " |")
    return "\n".join([*lines, *(score for score in scores if isinstance(score, str))])


def attempt(name: str, read: Read, corpus: Sequence[Paper]) -> Score | str:
    """The score, or why there is none."""
    try:
        return measure(name, read, corpus)
    except ImportError as error:
        return f"\n{name} was not measured: {error}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=DATA)
    parser.add_argument("--misses", action="store_true", help="every miss of ours")
    wanted = parser.parse_args()
    corpus = papers(wanted.folder)
    run = partial(attempt, corpus=corpus)
    scores = [run("Paper Finder", ours), run("unstructured alone", unstructured), run("the PDF's own metadata", embedded)]
    print(f"{len(corpus)} papers with a text layer\n\n{table(scores)}")
    if wanted.misses and isinstance(scores[0], Score):
        print("\n".join(["", *scores[0].misses]))


if __name__ == "__main__":
    main()
