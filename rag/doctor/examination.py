"""Everything looked at in turn; what one part is missing hinders no other."""

from collections.abc import AsyncIterator

from rag.api.engine import database_address
from rag.doctor import database, machine, models, webui
from rag.doctor.finding import Finding, failed
from rag.errors import PaperFinderError
from rag.settings import Settings

LOOKS = (
    *(models.look_at_embeddings, models.look_at_reranker, models.look_at_chat),
    *(webui.look_at_service, webui.look_at_webui),
)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Findings as they come, in the order: disk and secrets, database, models, service and Open WebUI.

    The embedded Postgres is started if it does not run.
    """
    for finding in machine.look(settings):
        yield finding
    try:
        async with database_address(settings) as dsn:
            async for finding in database.look(dsn, settings):
                yield finding
    except PaperFinderError as error:
        yield failed("Database", error.message, error.advice)
    for look in LOOKS:
        async for finding in look(settings):
            yield finding
