"""``paper-finder audit``: what is amiss in the library, and merging works that are there twice, which can be undone."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer
from rich.console import Console

from rag.errors import InvalidRequestError
from rag.settings import load_settings

if TYPE_CHECKING:  # imported when needed: every command would pay for it
    from rag.store import Audit, Audited, Database, Undo

out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
_LISTED = 20
"""Findings of one kind that are shown; the others are counted. ``--json`` has them all."""
_WORDS = {"doi": "the same DOI", "arxiv": "the same arXiv id", "work": "the same title, first author and year"}


def audit(
    fix: Annotated[
        bool, typer.Option("--fix", help="Merge works that are there twice; what it takes away goes into a file.")
    ] = False,
    undo: Annotated[Path | None, typer.Option(help="Put back what an earlier --fix took away: the file that it named.")] = None,
    as_json: Json = False,
) -> None:
    """Say what is amiss in the library: missing facts, works that are there twice, wrong DOIs, files that cannot be read."""
    if fix and undo is not None:
        raise InvalidRequestError("--fix merges and --undo parts again: give one of them.")
    if undo is not None:
        count = asyncio.run(_undone(_merges(undo)))
        out.print_json(data={"restored": count}) if as_json else out.print(f"{count:,} papers are there again.")
        return
    found = asyncio.run(_fixed() if fix else _found())
    if as_json:
        out.print_json(data=found)
    else:
        _show(found)


@asynccontextmanager
async def _database() -> "AsyncIterator[Database]":
    from rag.api.engine import database_address
    from rag.store import Database

    async with database_address(load_settings()) as dsn, Database.open(dsn, pool_size=1) as database:
        yield database


async def _found() -> dict[str, Any]:
    from rag.store import Audit

    async with _database() as database:
        with errors.status("Looking"):
            return await _findings(Audit(database))


async def _findings(look: "Audit") -> dict[str, Any]:
    works = [
        {"papers": [_named(paper) for paper in work.papers], "why": _why(work.why), "disagreeing": work.disagreeing}
        async for work in look.duplicates()
    ]
    return {
        "missing": asdict(await look.missing()),
        "languages": await look.languages(),
        "duplicates": [work for work in works if not work["disagreeing"]],
        "disagreeing": [work for work in works if work["disagreeing"]],
        "same_text": [
            {"papers": [_named(paper) for paper in same.papers], "share": round(same.share, 3)}
            for same in await look.same_texts()
        ],
        "placeholders": [{"id": key, "title": title, "doi": doi} for key, title, doi in await look.placeholders()],
        "broken_files": [{"name": name, "why": why} for name, why in await look.broken_uploads()],
    }


async def _fixed() -> dict[str, Any]:
    """Merge, each work in a transaction of its own, which ends when its line is on the disk."""
    from rag.store import Audit, Merging

    folder = load_settings().home
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"undo-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"
    async with _database() as database:
        works, merging, merged = [work async for work in Audit(database).duplicates()], Merging(database), 0
        with path.open("w", encoding="utf-8") as file:
            path.chmod(0o600)
            for work in works:
                merged += await merging.merge(work, lambda taken: _keep(file, taken))
        found = await _findings(Audit(database))
    if not merged:
        path.unlink()
    return {"merged": merged, "undo": str(path) if merged else None, **found}


def _merges(path: Path) -> "list[Undo]":
    try:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError) as error:
        raise InvalidRequestError(f"{path} is no file that 'paper-finder audit --fix' wrote.") from error


async def _undone(merges: "list[Undo]") -> int:
    from rag.store import Merging

    async with _database() as database:
        return sum([await Merging(database).undo(merge) for merge in reversed(merges)])


def _keep(file: TextIO, taken: "Undo") -> None:
    file.write(json.dumps(taken, ensure_ascii=False) + "\n")
    file.flush()
    os.fsync(file.fileno())


def _named(paper: "Audited") -> dict[str, str]:
    return {"id": paper.id, "title": paper.title, "doi": paper.doi}


def _why(names: Sequence[str]) -> list[str]:
    """The kinds of names that the records share, each once: 'the same DOI'."""
    return [_WORDS[kind] for kind in dict.fromkeys(name.partition(" ")[0] for name in names)]


def _show(found: dict[str, Any]) -> None:
    """Kind by kind, the first findings of each."""
    counts = found["missing"]
    papers = counts.pop("papers")
    lacking = ", ".join(f"{count:,} without {name}" for name, count in counts.items() if count)
    _line(f"{papers:,} papers: {lacking or 'nothing is missing'}")
    _line("Languages: " + (", ".join(f"{code or 'unknown'} {count:,}" for code, count in found["languages"].items()) or "none"))
    _list("works are there more than once", found["duplicates"], lambda work: f"{_titles(work)} ({', '.join(work['why'])})")
    _list(
        "works share a DOI or arXiv id under titles that disagree; they are not merged",
        found["disagreeing"],
        lambda work: f"{_titles(work)} ({', '.join(work['why'])})",
    )
    _list(
        "pairs of documents have one text", found["same_text"], lambda same: f"{_titles(same)} ({same['share']:.0%} of the words)"
    )
    _list("papers have a template's DOI", found["placeholders"], lambda paper: f"{paper['title']}: {paper['doi']}")
    _list("files cannot be read, or not all of it", found["broken_files"], lambda file: f"{file['name']}: {file['why']}")
    if found.get("merged"):
        _line(
            f"{found['merged']:,} papers were merged into others. To part them again: paper-finder audit --undo {found['undo']}"
        )
    elif found["duplicates"] and "merged" not in found:
        _line("'paper-finder audit --fix' merges works that are there more than once; what it takes away can be put back.")


def _list(what: str, findings: Sequence[Any], shown: Callable[[Any], str]) -> None:
    if findings:
        _line(f"{len(findings):,} {what}:")
    for finding in findings[:_LISTED]:
        _line(f"  {shown(finding)}")
    if len(findings) > _LISTED:
        _line(f"  … and {len(findings) - _LISTED:,} more")


def _titles(finding: dict[str, Any]) -> str:
    return " = ".join(f"{paper['title']} [{paper['id']}]" for paper in finding["papers"])


def _line(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)
