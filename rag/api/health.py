"""``/health``, ``/ready`` and ``/metrics``: what watches the service asks these."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from rag.api.auth import administrator
from rag.api.state import StateOf
from rag.store import UPLOAD_STATES

router = APIRouter()
_STEP = {True: "in step with Open WebUI", False: "not in step with Open WebUI"}


class Metrics:
    """The numbers of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "paper_finder_requests_total", "Requests by route and status.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "paper_finder_request_seconds", "Seconds until a request's headers went out.", ["route"], registry=self.registry
        )
        self.papers = Gauge("paper_finder_papers", "Papers in the library.", registry=self.registry)
        self.jobs = Gauge("paper_finder_jobs", "Jobs of uploads by state.", ["state"], registry=self.registry)
        self.uploads = Gauge("paper_finder_uploads", "Uploads by state.", ["state"], registry=self.registry)
        self.in_step = Gauge(
            "paper_finder_knowledge_bases_in_step",
            "1 when the last look at Open WebUI's knowledge bases succeeded, else 0; /health says why.",
            registry=self.registry,
        )
        self.unread = Gauge(
            "paper_finder_changed_files_unread",
            "Files that changed in Open WebUI and are still to be read.",
            registry=self.registry,
        )
        self.behind = Gauge(
            "paper_finder_changed_files_behind_seconds", "For how long the first of them has waited.", registry=self.registry
        )

    async def measure(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Count ``request`` under the path its route was declared with."""
        start = perf_counter()
        response = await call_next(request)
        route = getattr(request.scope.get("route"), "path", "unknown")
        self.requests.labels(route, response.status_code).inc()
        self.seconds.labels(route).observe(perf_counter() - start)
        return response


@router.get("/health")
async def health(state: StateOf) -> dict[str, str]:
    """The process is alive; where a reranker or a chat model is configured, whether it takes part, and why not; the same of
    knowledge bases, and how many files that were changed in Open WebUI are still to be read.

    None of them keeps it from serving: without the first two, the order stays as it is and no text is written; without the
    third, what is changed in Open WebUI's knowledge bases takes effect later.
    """
    told = {"status": "ok"}
    reranking, chat = (state.engine.reranking, state.engine.chat) if state.engine else (None, None)
    if reranking is not None:
        told["reranker"] = ": ".join(filter(None, [reranking.state, reranking.reason]))
    if chat is not None:
        told["chat"] = f"away: {chat.reason}" if chat.away else "on"
    if state.mirror:
        told["knowledge_bases"] = ": ".join(filter(None, [_STEP[not state.mirror.trouble], state.mirror.trouble]))
        if state.mirror.left:
            told["changed_files"] = f"{state.mirror.left} still to be read, the first of them for {state.mirror.behind:.0f} s"
    return told


@router.get("/ready")
async def ready(state: StateOf) -> dict[str, Any]:
    """It can serve: the database answers and the embedding model has passed its check; 503 with the reason otherwise."""
    engine = state.ready_engine()
    await engine.database.ping()
    space = engine.database.space
    return {"status": "ready", "model": space.model, "dimensions": space.dimensions}


@router.get("/metrics", dependencies=[Depends(administrator)])
async def metrics(request: Request, state: StateOf) -> Response:
    """Prometheus's text format."""
    numbers: Metrics = request.app.state.metrics
    if state.mirror is not None:
        numbers.in_step.set(not state.mirror.trouble)
        numbers.unread.set(state.mirror.left)
        numbers.behind.set(state.mirror.behind)
    if state.engine is not None:
        numbers.papers.set(await state.engine.library.count())
        for name, count in (await state.engine.jobs.states()).items():
            numbers.jobs.labels(name).set(count)
        uploads = await state.engine.uploads.states()
        for name in UPLOAD_STATES:
            numbers.uploads.labels(name).set(uploads.get(name, 0))
    return Response(generate_latest(numbers.registry), media_type=CONTENT_TYPE_LATEST)
