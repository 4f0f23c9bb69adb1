"""The queries that went worst, and what was found instead of what should have been."""

from collections.abc import Sequence
from dataclasses import dataclass

from rag.evaluation.beir import titles
from rag.evaluation.measures import MAIN
from rag.evaluation.measuring import Measured, SetResult

MOST = 10
SHOWN = 5
"""Papers named of what was found, and of what was missed."""


@dataclass(frozen=True, slots=True)
class Missed:
    """A paper that should have been found, and its place (from 1) in the answer; None when it is not in it."""

    source_id: str
    title: str
    place: int | None


@dataclass(frozen=True, slots=True)
class Worst:
    """One query that went wrong."""

    query_id: str
    text: str
    score: float
    wanted: list[Missed]
    found: list[tuple[str, str]]
    """(source id, title) of what stands first instead, papers that are right left out."""


def worst_queries(result: SetResult, variant: str, most: int = MOST) -> list[Worst]:
    """The queries with the lowest ``MAIN``, worst first; ties go to where the first right paper stands furthest down."""
    measured = result.of(variant)
    wrong = sorted(result.evaluation_set.queries, key=lambda query: _goodness(result, measured, query))[:most]
    wrong = [query for query in wrong if measured.scores[MAIN][query] < 1]
    named = {name for query in wrong for name in [*_wanted(result, query), *_instead(result, measured, query)]}
    known = titles(result.evaluation_set.folder, named)
    return [
        Worst(
            query,
            result.evaluation_set.queries[query],
            measured.scores[MAIN][query],
            [Missed(name, known.get(name, ""), _place(measured, query, name)) for name in _wanted(result, query)],
            [(name, known.get(name, "")) for name in _instead(result, measured, query)],
        )
        for query in wrong
    ]


def _goodness(result: SetResult, measured: Measured, query: str) -> tuple[float, float, str]:
    places = [place for name in _wanted(result, query, None) if (place := _place(measured, query, name)) is not None]
    return measured.scores[MAIN][query], -float(min(places, default=1_000)), query


def _wanted(result: SetResult, query: str, most: int | None = SHOWN) -> Sequence[str]:
    judged = result.evaluation_set.qrels[query]
    return sorted((name for name, grade in judged.items() if grade > 0), key=lambda name: (-judged[name], name))[:most]


def _instead(result: SetResult, measured: Measured, query: str) -> list[str]:
    judged = result.evaluation_set.qrels[query]
    return [name for name in measured.run.get(query, []) if judged.get(name, 0) <= 0][:SHOWN]


def _place(measured: Measured, query: str, name: str) -> int | None:
    found = measured.run.get(query, [])
    return found.index(name) + 1 if name in found else None
