"""The command line: ``paper-finder up | serve | worker | migrate | ingest | jobs | search | export | eval | keys | doctor …``."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from rag.access import AskedOnce
from rag.administration import collections, keys, remove
from rag.audit import audit
from rag.backup import backup, restore
from rag.deployment import vllm, webui
from rag.errors import InvalidRequestError, NotFoundError, PaperFinderError
from rag.exports import Format
from rag.exports import export as write
from rag.model_change import reembed
from rag.papers import Filters, Paper, PaperId, Query, SearchResult, result_as_json
from rag.settings import load_settings

if TYPE_CHECKING:
    from rag.ingest import Summary
    from rag.store import JobInfo, Jobs

T = TypeVar("T")

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Find papers in your own library."
)
jobs_app = typer.Typer(help="What is still to be done for uploads.")
app.add_typer(jobs_app, name="jobs")
app.add_typer(keys, name="keys")
app.add_typer(collections, name="collections")
app.add_typer(webui, name="webui")
app.command()(audit)
app.command()(backup)
app.command()(restore)
app.command()(remove)
app.command()(reembed)
app.command()(vllm)
out = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def main() -> None:
    """Run the command; a failure is told in a sentence, with exit code 1."""
    # A polite request to end is one: what is open is closed, as on Ctrl-C, which a shell's background jobs are born deaf to.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        app()
    except (PaperFinderError, ValidationError) as error:
        said = str(error) if isinstance(error, PaperFinderError) else "; ".join(one["msg"] for one in error.errors())
        errors.print(f"[bold red]Error:[/] {escape(said)}", soft_wrap=True)
        raise SystemExit(1) from error
    except KeyboardInterrupt:
        raise SystemExit(130) from None


@app.command()
def up() -> None:
    """Start everything on this machine: Postgres, this service and Open WebUI."""
    from rag.stack import up as start

    raise typer.Exit(start(load_settings(beside=False)))


@app.command()
def serve() -> None:
    """Run the Paper Finder service alone."""
    from rag.api.server import serve as run

    run(load_settings())


@app.command()
def migrate() -> None:
    """Bring the database schema up to date."""

    async def run() -> None:
        from rag.api.engine import Engine

        async with Engine.open(load_settings(), pool_size=1) as engine:
            space = engine.database.space
            out.print(f"The schema is up to date; vectors are those of {space.model} with {space.dimensions} dimensions.")

    _run(run())


@app.command()
def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files and folders; or arxiv:…, openalex:…, pubmed:…, doi:…, https://… to fetch from there."),
    ],
    collection: Annotated[str, typer.Option(help="Name of the collection that the papers go into.")] = "library",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many papers of a search by name.")] = 1_000,
    as_json: Json = False,
) -> None:
    """Add papers to the library; the same file again adds nothing. Exit code 1 when every record was rejected."""
    if not collection.strip():
        raise InvalidRequestError("A collection needs a name.")

    async def run() -> "Summary":
        from rag.api.engine import Engine
        from rag.ingest import RichProgress
        from rag.ingest import ingest as start
        from rag.ingest.remote import fetched

        settings = load_settings()
        with RichProgress(errors) as progress:
            paths = await fetched(sources, settings, limit, progress)
            async with Engine.open(settings, pool_size=3) as engine:
                summary = await start(paths, collection, engine.library, engine.embedder, progress)
        out.print(json.dumps(summary.as_json(), indent=2) if as_json else summary.as_text(), soft_wrap=True, markup=False)
        return summary

    summary = _run(run())
    if summary.rejected_count and not summary.papers:
        raise typer.Exit(1)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many papers.")] = 10,
    year_from: Annotated[int | None, typer.Option(help="First year.")] = None,
    year_to: Annotated[int | None, typer.Option(help="Last year.")] = None,
    author: Annotated[list[str] | None, typer.Option(help="An author; may be given more than once.")] = None,
    venue: Annotated[list[str] | None, typer.Option(help="A venue; may be given more than once.")] = None,
    collection: Annotated[list[str] | None, typer.Option(help="Only in this collection; may be given more than once.")] = None,
    as_json: Json = False,
) -> None:
    """Search the library."""
    filters = {"authors": author or [], "venues": venue or [], "collections": collection or []}
    query = Query(question, Filters(year_from=year_from, year_to=year_to, **filters), limit)

    async def run() -> SearchResult:
        from rag.api.engine import Engine

        async with Engine.open(load_settings(), pool_size=1) as engine:
            scope_of = AskedOnce(engine.collections.operator)
            await engine.collections.check(query.filters.collections, await scope_of())
            if engine.reranking is not None:
                await engine.reranking.checked()
            return await engine.searcher.reading(scope_of).search(query)

    from rag.retrieval.relevance import LEAST

    result = _run(run())
    if as_json:
        out.print_json(data=result_as_json(result))
        return
    shown = [hit for hit in result.hits if hit.score >= LEAST]
    if not result.confident:
        out.print("Nothing in the library fits this well. The nearest:" if shown else "Nothing in the library fits this.")
    for place, hit in enumerate(shown, start=1):
        paper = hit.paper
        details = " · ".join(filter(None, [", ".join(paper.authors[:3]), str(paper.year or ""), paper.venue, paper.link]))
        out.print(f"{place:>3}. [bold]{escape(paper.title)}[/]  {hit.score:.0%}\n     {escape(details)}", soft_wrap=True)


@app.command()
def export(
    question: Annotated[str, typer.Argument(help="What to look for; every paper when it is left out.")] = "",
    file_format: Annotated[Format, typer.Option("--format", help="Of what is written.")] = Format.BIBTEX,
    paper: Annotated[list[str] | None, typer.Option("--id", help="This paper; may be given more than once.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many papers of a search.")] = 10,
    collection: Annotated[list[str] | None, typer.Option(help="Only in this collection; may be given more than once.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of the screen.")] = None,
) -> None:
    """Write papers as BibTeX, RIS, CSL-JSON, CSV or a Markdown list."""
    filters = Filters(collections=collection or [])

    async def run() -> list[Paper]:
        from rag.api.engine import Engine

        async with Engine.open(load_settings(), pool_size=1) as engine:
            scope_of = AskedOnce(engine.collections.operator)
            await engine.collections.check(filters.collections, await scope_of())
            if paper:
                return await engine.shelf.reading(scope_of).papers([PaperId(one) for one in paper])
            if question:
                result = await engine.searcher.reading(scope_of).search(Query(question, filters, limit))
                return [hit.paper for hit in result.hits] if result.confident else []
            return [one async for one in engine.shelf.reading(scope_of).all(filters)]

    papers = _run(run())
    if not papers:
        raise NotFoundError("There is no such paper in the library.")
    text = write(papers, file_format)
    if output is None:
        typer.echo(text, nl=False)
        return
    output.write_text(text, encoding="utf-8")
    errors.print(f"Wrote {len(papers)} papers to {output}.", soft_wrap=True, markup=False)


@app.command(name="eval")
def evaluate(
    folders: Annotated[list[Path], typer.Argument(help="Folders in the BEIR layout.")],
    report: Annotated[Path | None, typer.Option(help="Write a Markdown report here, and its figures beside it as JSON.")] = None,
    variant: Annotated[list[str] | None, typer.Option(help="Only this ranking; may be given more than once.")] = None,
    baseline: Annotated[str, typer.Option(help="The ranking that the others are compared to.")] = "fused",
    queries: Annotated[int | None, typer.Option(min=1, help="At most so many queries of each set.")] = None,
    collection: Annotated[str, typer.Option(help="Measure inside the library, in this collection; papers are added.")] = "",
    cache: Annotated[bool, typer.Option(help="Keep vectors on disk by the content of their text.")] = True,
    keep: Annotated[bool, typer.Option(help="Keep the evaluation's databases, and use those that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Measure the rankings on test collections, in databases of their own that are dropped afterwards."""
    from rag.evaluation import Plan, as_markdown, as_tables, chosen, worst_as_text
    from rag.evaluation import as_json as whole
    from rag.evaluation import evaluate as measure
    from rag.ingest import RichProgress

    variants = chosen([*variant, baseline] if variant else [])
    plan = Plan(variants, chosen([baseline])[0].name, collection, keep, cache, queries)
    with RichProgress(errors) as progress:
        result = _run(measure(folders, load_settings(), plan, progress))
    if report is not None:
        report.write_text(as_markdown(result), encoding="utf-8")
        figures = json.dumps(whole(result, texts=False), indent=1)
        report.with_suffix(".json").write_text(f"{figures}\n", encoding="utf-8")
    if as_json:
        out.print_json(data=whole(result))
        return
    out.print(as_tables(result), soft_wrap=True, markup=False)
    for line in worst_as_text(result):
        out.print(line, soft_wrap=True, markup=False)


@app.command()
def doctor(as_json: Json = False) -> None:
    """Say what is wrong with this installation and how to mend it. Exit code 1 when something does not work."""
    from rag.doctor import Finding, State, examine

    marks = {State.OK: "[green]ok[/]", State.WARNING: "[yellow]warning[/]", State.FAILED: "[bold red]failed[/]"}

    async def run() -> list[Finding]:
        found = []
        async for finding in examine(load_settings()):
            found.append(finding)
            if not as_json:
                mark = marks.get(finding.state, f"[dim]{finding.state.value}[/]")
                out.print(f"{mark}  {escape(finding.part)}: {escape(finding.said)}", soft_wrap=True)
                if finding.mend:
                    out.print(f"    → {finding.mend}", markup=False, soft_wrap=True)
        return found

    found = _run(run())
    if as_json:
        out.print_json(data=[finding.as_json() for finding in found])
    if any(finding.state is State.FAILED for finding in found):
        raise typer.Exit(1)


@app.command()
def worker(job: Annotated[int, typer.Option(hidden=True)] = 0) -> None:
    """Do the jobs of uploads in a process of its own, beside the one in the service."""
    settings = load_settings()

    async def run() -> None:
        from rag.api.engine import Engine

        while True:
            async with Engine.open(settings, pool_size=4) as engine:
                errors.print("Waiting for jobs; Ctrl-C ends this.")
                await engine.work_until_switched(settings)

    async def run_one() -> None:
        from rag.api.engine import Engine

        async with Engine.open(settings, pool_size=2) as engine:
            await engine.do(job)

    if not job:
        _run(run())
        return
    from rag.ingest.apart import end_with_parent, error_line

    end_with_parent()
    try:
        _run(run_one())
    except PaperFinderError as error:
        typer.echo(error_line(error))
        raise typer.Exit(1) from None


@jobs_app.callback(invoke_without_command=True)
def jobs(context: typer.Context, as_json: Json = False) -> None:
    """What is still to be done for uploads: queued, running, or parked with the reason."""
    if context.invoked_subcommand is not None:
        return

    async def run() -> "list[JobInfo]":
        async with _queue() as queue:
            return await queue.list()

    found = _run(run())
    if as_json:
        out.print_json(data=[job.as_json() for job in found])
        return
    for job in found:
        done = (
            f"page {job.pages_read:,} of {job.page_count:,}"
            if job.task == "read"
            else f"{job.vectors:,} of {job.passages:,} passages"
        )
        out.print(f"{job.id:>6}  {job.state:<8}{job.task:<7}{done:<26}{job.name}", soft_wrap=True, markup=False)
        if job.reason:
            out.print(f"        {job.reason}", soft_wrap=True, markup=False)
    if not found:
        out.print("There is nothing to do.")


@jobs_app.command()
def retry(job_id: Annotated[int | None, typer.Argument(help="Its number; all parked ones when not given.")] = None) -> None:
    """Try parked jobs again."""

    async def run() -> int:
        async with _queue() as queue:
            return await queue.retry(job_id)

    count = _run(run())
    if job_id is not None and not count:
        raise InvalidRequestError(f"There is no parked job {job_id}.", hint="'paper-finder jobs' lists them.")
    out.print(f"Queued again: {count}.")


@asynccontextmanager
async def _queue() -> "AsyncIterator[Jobs]":
    from rag.api.engine import database_address
    from rag.store import Database, Jobs

    async with database_address(load_settings()) as dsn, Database.open(dsn, pool_size=1) as database:
        yield Jobs(database)


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


if __name__ == "__main__":
    main()
