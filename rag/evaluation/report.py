"""Evaluations as Markdown, as JSON and as lines for the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rag.evaluation.measures import MAIN, MEASURES, Difference
from rag.evaluation.measuring import Measured, SetResult
from rag.evaluation.runner import Evaluation
from rag.evaluation.worst import Worst, worst_queries


def as_markdown(evaluation: Evaluation) -> str:
    """The whole report. Papers and queries go by their ids: texts of the sets are not ours to print."""
    return "\n".join([*_head(evaluation), *_tables(evaluation), *_worst_ids(evaluation)]) + "\n"


def as_tables(evaluation: Evaluation) -> str:
    """The tables alone."""
    return "\n".join(_tables(evaluation)).strip()


def as_json(evaluation: Evaluation, *, texts: bool = True) -> dict[str, Any]:
    """Everything; without ``texts``, the worst queries go by their ids, as in the Markdown report."""
    return {
        "model": evaluation.model,
        "dimensions": evaluation.dimensions,
        "seconds": round(evaluation.seconds, 1),
        "baseline": evaluation.plan.baseline,
        "sets": [_set_as_json(result, texts=texts) for result in evaluation.sets],
    }


def worst_as_text(evaluation: Evaluation, most: int = 3) -> Iterator[str]:
    """Lines about the worst few queries of each set, for whoever looks for what to mend."""
    for result in evaluation.sets:
        for one in worst_queries(result, result.baseline, most):
            yield f"{result.evaluation_set.name} {one.query_id} ({MAIN} {one.score:.2f}): {one.text}"
            for missed in one.wanted:
                place = "not found" if missed.place is None else f"place {missed.place}"
                yield f"  wanted {missed.source_id} ({place}): {missed.title}"
            for source_id, title in one.found:
                yield f"  found  {source_id}: {title}"


def _head(evaluation: Evaluation) -> Iterator[str]:
    embedded = "vectors taken from the cache where it had them" if evaluation.plan.cached else "every text embedded anew"
    yield "# Evaluation"
    yield ""
    yield (
        f"Made by `paper-finder eval FOLDER… --report FILE`. Vectors of {evaluation.model} ({evaluation.dimensions} dimensions). "
        f"The run took {evaluation.seconds / 60:.1f} minutes, {embedded}."
    )
    yield ""
    yield (
        f"`gain` is a variant's {MAIN} less that of `{evaluation.plan.baseline}`, with its 95 % interval by paired bootstrap "
        "over the queries; bold where the interval leaves out 0. Latency: one question at a time, embedding included."
    )


def _tables(evaluation: Evaluation) -> Iterator[str]:
    for result in evaluation.sets:
        queries = list(result.evaluation_set.queries)
        yield ""
        yield f"## {result.evaluation_set.name}"
        yield ""
        yield f"{len(queries):,} queries, {result.papers:,} papers."
        yield ""
        head = ["variant", *MEASURES, f"gain in {MAIN}", "p50 ms", "p95 ms"]
        yield from _table(head, [_row(one, queries) for one in result.whole])
        if result.steps:
            yield ""
            head = ["step left out", "queries", MAIN, f"`{result.baseline}` on the same", f"gain in {MAIN}", "p50 ms", "p95 ms"]
            yield from _table(head, [_step_row(one, result.of(result.baseline)) for one in result.steps])
        if result.evaluation_set.groups:
            yield ""
            head = ["queries", "number", "variant", *MEASURES]
            yield from _table(head, list(_group_rows(result)))


def _row(one: Measured, queries: Sequence[str]) -> list[str]:
    return [one.variant, *_numbers(one, queries), _gain(one.difference), *_milliseconds(one)]


def _step_row(one: Measured, baseline: Measured) -> list[str]:
    queries = list(one.run)
    means = [f"{measured.means(queries)[MAIN]:.3f}" for measured in (one, baseline)]
    return [one.variant, f"{len(queries):,}", *means, _gain(one.difference), *_milliseconds(one)]


def _milliseconds(one: Measured) -> list[str]:
    return [f"{one.latency.p50:.0f}", f"{one.latency.p95:.0f}"]


def _group_rows(result: SetResult) -> Iterator[list[str]]:
    for group, queries in result.evaluation_set.groups.items():
        for one in result.whole:
            yield [group, f"{len(queries):,}", one.variant, *_numbers(one, queries)]


def _numbers(one: Measured, queries: Sequence[str]) -> list[str]:
    means = one.means(queries)
    return [f"{means[name]:.3f}" for name in MEASURES]


def _gain(gain: Difference | None) -> str:
    if gain is None:
        return "–"
    shown = f"{gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"
    return f"**{shown}**" if gain.significant else shown


def _worst_ids(evaluation: Evaluation) -> Iterator[str]:
    yield ""
    yield "## Worst queries"
    yield ""
    yield f"Of `{evaluation.plan.baseline}`, by id; `--json` has texts and titles. In brackets: the place in the answer."
    for result in evaluation.sets:
        yield ""
        yield f"### {result.evaluation_set.name}"
        yield ""
        rows = [[one.query_id, f"{one.score:.2f}", _wanted(one), _found(one)] for one in worst_queries(result, result.baseline)]
        yield from _table(["query", MAIN, "wanted (place)", "found instead"], rows)


def _wanted(one: Worst) -> str:
    return ", ".join(f"{missed.source_id} ({missed.place or '–'})" for missed in one.wanted)


def _found(one: Worst) -> str:
    return ", ".join(source_id for source_id, _ in one.found)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in [head, ["---"] * len(head), *rows]:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _set_as_json(result: SetResult, *, texts: bool) -> dict[str, Any]:
    groups = result.evaluation_set.groups
    return {
        "set": result.evaluation_set.name,
        "queries": len(result.evaluation_set.queries),
        "papers": result.papers,
        "variants": [
            {
                "name": one.variant,
                "queries": len(one.run),
                "measures": one.means(list(one.run)),
                "latency_ms": {"p50": one.latency.p50, "p95": one.latency.p95},
                "gain": _gain_as_json(one.difference),
                "groups": {group: {"queries": len(ids), "measures": one.means(ids)} for group, ids in groups.items()}
                if not one.step
                else {},
            }
            for one in result.measured
        ],
        "worst": [_worst_as_json(one, texts=texts) for one in worst_queries(result, result.baseline)],
    }


def _gain_as_json(gain: Difference | None) -> dict[str, float] | None:
    return None if gain is None else {MAIN: gain.mean, "low": gain.low, "high": gain.high}


def _worst_as_json(one: Worst, *, texts: bool) -> dict[str, Any]:
    wanted = [{"source_id": missed.source_id, "place": missed.place} for missed in one.wanted]
    found = [{"source_id": source_id} for source_id, _ in one.found]
    if not texts:
        return {"query_id": one.query_id, MAIN: one.score, "wanted": wanted, "found": found}
    return {
        "query_id": one.query_id,
        "text": one.text,
        MAIN: one.score,
        "wanted": [told | {"title": missed.title} for told, missed in zip(wanted, one.wanted, strict=True)],
        "found": [told | {"title": title} for told, (_, title) in zip(found, one.found, strict=True)],
    }
