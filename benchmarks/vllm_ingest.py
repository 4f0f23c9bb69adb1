"""Papers per second of an import on a vLLM that runs, beside what the server itself gives for the same texts, in one run.

    make vllm MODEL=…
    .venv/bin/python -m benchmarks.vllm_ingest FOLDER URL MODEL

FOLDER is a set in the BEIR layout, URL ends with /v1. The server is asked at several batch sizes and numbers of requests at once;
the best counts. (It cuts a text that is too long for it, of which an import embeds all: take a model that reads the texts whole.)
Then ``paper-finder ingest`` reads, embeds and stores the same papers in a new embedded Postgres. Prints a Markdown table.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

import httpx

from rag.embeddings import embedding_text
from rag.ingest import readers_for
from rag.papers import PaperRecord

BATCHES, AT_ONCE = (16, 32, 64), (2, 4, 8)


async def bare_rate(texts: list[str], url: str, model: str, batch: int, at_once: int) -> float:
    """Texts per second of the server alone."""
    slots = asyncio.Semaphore(at_once)
    async with httpx.AsyncClient(timeout=600, trust_env=False) as client:

        async def ask(part: list[str]) -> None:
            async with slots:
                body = {"input": part, "model": model, "encoding_format": "base64", "truncate_prompt_tokens": -1}
                (await client.post(f"{url}/embeddings", json=body)).raise_for_status()

        start = time.perf_counter()
        await asyncio.gather(*(ask(texts[place : place + batch]) for place in range(0, len(texts), batch)))
        return len(texts) / (time.perf_counter() - start)


def imported(folder: Path, url: str, model: str) -> dict[str, float]:
    """The summary of the import, as a user runs it."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "rag.cli", "ingest", str(folder), "--collection", "benchmark", "--json"]
        ours = {"PAPER_FINDER_HOME": home, "PAPER_FINDER_EMBEDDINGS": url, "PAPER_FINDER_MODEL": model}
        done = subprocess.run(command, env=os.environ | ours, stdout=subprocess.PIPE, check=True)
    summary: dict[str, float] = json.loads(done.stdout)
    return summary


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("url")
    parser.add_argument("model")
    asked = parser.parse_args()
    source = readers_for([asked.folder]).found[0]
    records = [item for item in source.reader.read(source.path) if isinstance(item, PaperRecord)]
    texts = [embedding_text(record) for record in records]
    # The plans are compared over a part of the texts, the best is measured over all.
    some = texts[: max(len(texts) // 8, 512)]
    plans = {plan: asyncio.run(bare_rate(some, asked.url, asked.model, *plan)) for plan in product(BATCHES, AT_ONCE)}
    batch, at_once = max(plans, key=lambda plan: plans[plan])
    bare = asyncio.run(bare_rate(texts, asked.url, asked.model, batch, at_once))
    summary = imported(asked.folder, asked.url, asked.model)
    ours = summary["papers_per_second"]
    print("| papers | batch × at once | bare server, papers/s | import, papers/s | ratio |")
    print("| --- | --- | --- | --- | --- |")
    print(f"| {len(records):,} | {batch} × {at_once} | {bare:.1f} | {ours:.1f} | {ours / bare:.2f} |")


if __name__ == "__main__":
    main()
