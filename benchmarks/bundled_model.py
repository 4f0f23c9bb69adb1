"""How fast the bundled model is, and what its windows are worth.

    .venv/bin/python -m benchmarks.bundled_model [--texts 2000] [--rounds 3] [--only WORDS] [--quality]

Prints a Markdown table. Every case embeds the same papers (title and abstract) once a round, in turns, so that whatever else the
machine does hits all alike; the figure to trust is the ratio to sentence-transformers in the same round (median of the rounds).
``--quality`` adds nDCG@10 of exact cosine search on scifact, some minutes for each case.
"""

import argparse
import gzip
import json
import os
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import median

import ir_measures
import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from rag.embeddings import Matrix
from rag.embeddings.bundled import BundledEmbedder, Plan, model_folder
from rag.embeddings.minilm import MiniLM
from rag.evaluation import MEASURES, load_set

DATA = Path(os.environ.get("PAPER_FINDER_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data")) / "retrieval"
SPREAD = 20
"""Every so manieth paper of the corpus, as its parts differ in length."""

Encode = Callable[[list[str]], Matrix]


@dataclass
class Case:
    """One way to embed, and what it took in each round."""

    name: str
    encode: Encode
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def run(self, texts: list[str]) -> None:
        """Embed ``texts`` once."""
        wall, processor = time.perf_counter(), time.process_time()
        self.encode(texts)
        self.seconds.append(time.perf_counter() - wall)
        self.processor.append(time.process_time() - processor)


def cases() -> Iterator[tuple[str, Callable[[], Encode]]]:
    """Name and maker of each; the reference first."""
    yield "sentence-transformers, bfloat16, 32 texts a batch, cut at 256", partial(reference, torch.bfloat16)
    yield "ours", partial(ours, Plan())
    for window, overlap in ((254, 32), (254, 0), (510, 32), (126, 16)):
        yield f"ours, windows of {window}, {overlap} shared", partial(ours, Plan(window, overlap))
    for batch in (1024, 2048, 4096, 8192, 16_384):
        yield f"ours, {batch} pieces a batch", partial(ours, Plan(batch=batch))
    yield "ours, one thread", lambda: on_threads(1, ours(Plan()))
    yield "ours, float32", partial(ours, Plan(), torch.float32)
    yield "sentence-transformers, float32", partial(reference, torch.float32)
    yield "sentence-transformers, dynamic int8", int8


def ours(plan: Plan, dtype: torch.dtype | None = None) -> Encode:
    """The product's embedder."""
    embedder = BundledEmbedder(plan=plan)
    embedder._loaded = MiniLM(model_folder(), dtype)
    return embedder.encode_documents


def reference(dtype: torch.dtype) -> Encode:
    """The general library, as its documentation says."""
    model = SentenceTransformer(str(model_folder()), device="cpu", model_kwargs={"dtype": dtype})
    return lambda texts: np.asarray(model.encode(texts, batch_size=32, normalize_embeddings=True), np.float32)


def int8() -> Encode:
    """For information: twice the arithmetic of bfloat16 at some cost in quality."""
    model = SentenceTransformer(str(model_folder()), device="cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.ao.quantization.quantize_dynamic(model[0].auto_model, {torch.nn.Linear}, torch.qint8, inplace=True)  # type: ignore[no-untyped-call]
    return lambda texts: np.asarray(model.encode(texts, batch_size=32, normalize_embeddings=True), np.float32)


def on_threads(count: int, encode: Encode) -> Encode:
    """``encode`` with so many of torch's threads."""

    def limited(texts: list[str]) -> Matrix:
        before = torch.get_num_threads()
        torch.set_num_threads(count)
        try:
            return encode(texts)
        finally:
            torch.set_num_threads(before)

    return limited


def corpus(name: str) -> Iterator[tuple[str, str]]:
    """Id and text of each paper of a set."""
    with gzip.open(DATA / name / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            yield paper["_id"], f"{paper['title']}. {paper['text']}"


def ndcg(encode: Encode) -> float:
    """nDCG@10 on scifact by exact cosine."""
    judged = load_set(DATA / "scifact")
    names, texts = zip(*corpus("scifact"), strict=True)
    cosines = encode(list(judged.queries.values())) @ encode(list(texts)).T
    run = {
        query: {names[place]: float(row[place]) for place in np.argsort(-row)[:100]}
        for query, row in zip(judged.queries, cosines, strict=True)
    }
    measure = MEASURES["nDCG@10"]
    return float(ir_measures.calc_aggregate([measure], judged.qrels, run)[measure])


def table(measured: Sequence[Case], texts: int, quality: bool) -> str:
    """A row for each case."""
    lines = ["| case | papers/s, best | ratio, median | processor ms a paper |" + (" nDCG@10 scifact |" if quality else "")]
    lines.append("|---|---|---|---|" + ("---|" if quality else ""))
    for case in measured:
        ratio = median(base / own for base, own in zip(measured[0].seconds, case.seconds, strict=True))
        own = f"| {case.name} | {texts / min(case.seconds):.1f} | {ratio:.2f} | {1000 * min(case.processor) / texts:.1f} |"
        lines.append(own + (f" {ndcg(case.encode):.4f} |" if quality else ""))
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=2000, help="papers of findpapers-cs")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--only", default="", help="cases whose name has one of these words, '|' between them; the reference always"
    )
    parser.add_argument("--quality", action="store_true", help="nDCG@10 on scifact as well")
    wanted = parser.parse_args()
    words = wanted.only.split("|")
    measured = [
        Case(name, make()) for place, (name, make) in enumerate(cases()) if not place or any(word in name for word in words)
    ]
    texts = [text for _, text in islice(corpus("findpapers-cs"), 0, wanted.texts * SPREAD, SPREAD)]
    for case in measured:
        case.encode(texts[:64])
    for _ in range(wanted.rounds):
        for case in measured:
            case.run(texts)
    print(table(measured, len(texts), wanted.quality))


if __name__ == "__main__":
    main()
