"""How fast readers go and how much memory they take, over generated files: every record read and checked, nothing embedded.

    .venv/bin/python -m benchmarks.readers [--records N] [FORMAT…]

Prints a Markdown table; each format is read in a process of its own, whose peak of resident memory is reported.
"""

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from rag.ingest import Rejected, readers_for

_WORDS = "graph network translation learning model survey deep sparse neural retrieval protein climate theory proof".split()


def _text(number: int, length: int) -> str:
    return " ".join(_WORDS[(number * 7 + at * at) % len(_WORDS)] for at in range(length))


def _beir(count: int) -> Iterator[str]:
    for number in range(count):
        about = {"authors": ["Ada Byron", "Bo Xu"], "year": 1950 + number % 70, "venue": "J. Made Up"}
        yield json.dumps({"_id": f"d{number}", "title": _text(number, 8), "text": _text(number, 50), "metadata": about}) + "\n"


def _bibtex(count: int) -> Iterator[str]:
    for number in range(count):
        yield (
            f"@article{{key{number}, title = {{{_text(number, 8)}}}, author = {{Byron, Ada and Xu, Bo}},\n"
            f"  year = {{{1950 + number % 70}}}, journal = {{J. Made Up}}, abstract = {{{_text(number, 50)}}}}}\n"
        )


def _ris(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"TY  - JOUR\nID  - r{number}\nTI  - {_text(number, 8)}\nAU  - Byron, Ada\nPY  - 2001\n"
        yield f"AB  - {_text(number, 50)}\nER  - \n\n"


def _medline(count: int) -> Iterator[str]:
    for number in range(count):
        yield f"PMID- {number + 1}\nTI  - {_text(number, 8)}\nFAU - Byron, Ada\nDP  - 2001\nAB  - {_text(number, 50)}\n\n"


def _json(count: int) -> Iterator[str]:
    """A list in one line, as programs write it."""
    for number in range(count):
        item = {"id": f"j{number}", "type": "article", "title": _text(number, 8), "issued": {"date-parts": [[2001]]}}
        yield ("[" if number == 0 else ",") + json.dumps(item | {"abstract": _text(number, 50)})
    yield "]"


def _xml(count: int) -> Iterator[str]:
    yield "<dblp>"
    for number in range(count):
        yield f'<article key="x/{number}"><author>Ada Byron</author>'
        yield f"<title>{_text(number, 8)}.</title><year>2001</year></article>\n"
    yield "</dblp>"


def _csv(count: int) -> Iterator[str]:
    yield "id,title,authors,year,abstract\n"
    for number in range(count):
        yield f'c{number},{_text(number, 8)},"Byron, Ada; Xu, Bo",2001,"{_text(number, 50)}"\n'


MADE: dict[str, tuple[str, Callable[[int], Iterator[str]]]] = {
    "BEIR": ("corpus.jsonl.gz", _beir),
    "BibTeX": ("library.bib", _bibtex),
    "RIS": ("library.ris", _ris),
    "MEDLINE": ("pubmed.nbib", _medline),
    "CSL-JSON": ("library.json", _json),
    "DBLP XML": ("dblp.xml", _xml),
    "CSV": ("library.csv", _csv),
}


def write(name: str, folder: Path, count: int) -> Path:
    """A file of so many records."""
    filename, made = MADE[name]
    path = folder / filename
    with gzip.open(path, "wt", compresslevel=1) if path.suffix == ".gz" else path.open("w", encoding="utf-8") as file:
        file.writelines(made(count))
    return path


def measure(path: Path) -> dict[str, float]:
    """Records and seconds of one file, and this process's peak of resident memory in MB before and after."""
    before = _peak()
    started = time.perf_counter()
    [source] = readers_for([path]).found
    records = rejected = 0
    for item in source.reader.read(path):
        records += 1
        rejected += isinstance(item, Rejected)
    seconds = time.perf_counter() - started
    return {"records": records, "rejected": rejected, "seconds": seconds, "before": before, "peak": _peak()}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def in_a_process(path: Path) -> dict[str, float]:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.readers", "--file", str(path)]
    measured: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return measured


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("formats", nargs="*", default=list(MADE))
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.file is not None:
        print(json.dumps(measure(given.file)))
        return
    print("| format | records | file (MB) | seconds | records/s | memory before (MB) | peak (MB) |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in given.formats:
        with tempfile.TemporaryDirectory() as folder:
            path = write(name, Path(folder), given.records)
            found = in_a_process(path)
            size = path.stat().st_size / 2**20
        rate = found["records"] / found["seconds"]
        figures = (found["records"], size, found["seconds"], rate, found["before"], found["peak"])
        print(f"| {name} | {' | '.join(f'{figure:,.0f}' for figure in figures)} |", flush=True)


if __name__ == "__main__":
    main()
