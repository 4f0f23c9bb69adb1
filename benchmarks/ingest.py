"""Papers per second of an import beside those of the bare model on the same texts, in one run.

    .venv/bin/python -m benchmarks.ingest FOLDER

FOLDER is a set in the BEIR layout. First sentence-transformers embeds all titles and abstracts (bfloat16, 32 a batch), then
``paper-finder ingest`` reads, embeds and stores the same papers in a new embedded Postgres. Prints a Markdown table.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from benchmarks.bundled_model import reference
from rag.embeddings import embedding_text
from rag.ingest import readers_for
from rag.papers import PaperRecord


def bare_seconds(texts: list[str]) -> float:
    """How long the model alone takes."""
    encode = reference(torch.bfloat16)
    encode(texts[:64])
    start = time.perf_counter()
    encode(texts)
    return time.perf_counter() - start


def imported(folder: Path) -> dict[str, float]:
    """The summary of the import, as a user runs it."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "rag.cli", "ingest", str(folder), "--collection", "benchmark", "--json"]
        environment = os.environ | {"PAPER_FINDER_HOME": home}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    summary: dict[str, float] = json.loads(done.stdout)
    return summary


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    source = readers_for([folder]).found[0]
    records = [item for item in source.reader.read(source.path) if isinstance(item, PaperRecord)]
    bare = len(records) / bare_seconds([embedding_text(record) for record in records])
    summary = imported(folder)
    ours = summary["papers_per_second"]
    print("| papers | bare model, papers/s | import, papers/s | ratio | building indexes, s |")
    print("| --- | --- | --- | --- | --- |")
    print(f"| {len(records):,} | {bare:.1f} | {ours:.1f} | {ours / bare:.2f} | {summary['index_seconds']:.0f} |")


if __name__ == "__main__":
    main()
