"""Milliseconds from a question to the first status, the first source, the first text and the end of its answer, over the API.

    make up
    .venv/bin/python -m benchmarks.first_status http://127.0.0.1:9099 KEY [--at-once 4]

Asks the questions of ``tests/integration/api/questions.json``, so many at once, after a few to warm up. The clock starts when the
request is sent. Prints a Markdown table.
"""

import argparse
import asyncio
import json
import time
from collections import defaultdict
from pathlib import Path

import httpx
import numpy as np

QUESTIONS = Path(__file__).resolve().parents[1] / "tests" / "integration" / "api" / "questions.json"
WARM_UP = 5
PARTS = {"status": "first status", "source": "first source", "text": "first text", "end": "end"}


async def times(client: httpx.AsyncClient, question: str) -> dict[str, float]:
    """Seconds until each part of the answer began; its end always is there."""
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": question}], "stream": True}
    found: dict[str, float] = {}
    start = time.perf_counter()
    async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                chunk = json.loads(line.removeprefix("data: "))
                found.setdefault(chunk["event"]["type"] if "event" in chunk else "text", time.perf_counter() - start)
    return found | {"end": time.perf_counter() - start}


async def measured(url: str, key: str, at_once: int) -> dict[str, list[float]]:
    """The times of all questions, part by part."""
    questions = json.loads(QUESTIONS.read_text(encoding="utf-8"))["in_domain"]
    slots = asyncio.Semaphore(at_once)
    found: dict[str, list[float]] = defaultdict(list)
    async with httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=300, trust_env=False
    ) as client:

        async def ask(question: str) -> None:
            async with slots:
                for part, seconds in (await times(client, question)).items():
                    found[part].append(seconds)

        for question in questions[:WARM_UP]:
            await times(client, question)
        await asyncio.gather(*map(ask, questions))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("key")
    parser.add_argument("--at-once", type=int, default=1, help="questions at once")
    asked = parser.parse_args()
    found = asyncio.run(measured(asked.url, asked.key, asked.at_once))
    print(f"{len(found['end'])} questions, {asked.at_once} at once\n\n| | p50 ms | p95 ms |\n| --- | --- | --- |")
    for part, name in PARTS.items():
        p50, p95 = 1_000 * np.percentile(found[part], [50, 95])
        print(f"| {name} | {p50:.0f} | {p95:.0f} |")


if __name__ == "__main__":
    main()
