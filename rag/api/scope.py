"""What the caller of a request may read: asked anew for each question, and nothing of uploads when it cannot be asked."""

import asyncio
import logging
from dataclasses import replace
from typing import Annotated

from fastapi import Depends

from rag.access import AskedOnce, Attached, LeftOut, Scope, ScopeOf
from rag.api.auth import Caller, CallerOf
from rag.api.engine import Engine
from rag.api.state import State, StateOf
from rag.errors import NotFoundError, WebUIRefusedError, WebUIUnavailableError
from rag.papers import Filters
from rag.webui import readable

log = logging.getLogger(__name__)

ASK_SECONDS = 5.0
"""A question waits for Open WebUI so long at most."""
NOTHING_ATTACHED = Attached()


def scope_of(state: State, caller: Caller, attached: Attached = NOTHING_ATTACHED) -> ScopeOf:
    """What ``caller`` may read for one question; it is asked when it is first needed, and once."""
    return AskedOnce(lambda: _ask(state, caller, attached))


async def _ask(state: State, caller: Caller, attached: Attached) -> Scope:
    collections = state.ready_engine().collections
    if caller.scope is not None:
        return caller.scope
    if caller.is_service:
        return await collections.operator()
    restricted = await collections.any_restricted()
    try:
        async with asyncio.timeout(ASK_SECONDS):
            if not caller.credential:
                raise WebUIRefusedError("Open WebUI handed no credential on.")
            person = state.webui.with_token(caller.credential)
            said = await readable(person, attached.files, with_groups=restricted, knowledge=caller.knowledge)
    except WebUIRefusedError as error:
        log.warning("Uploads were left out of a search: %s", error)
        left_out = LeftOut.REFUSED
    except (WebUIUnavailableError, NotFoundError, TimeoutError) as error:
        log.warning("Uploads were left out of a search: %s", error or "Open WebUI took too long.")
        left_out = LeftOut.UNAVAILABLE
    else:
        return await collections.of_person(said, attached, caller.person)
    # Whoever picked knowledge bases wants nothing else.
    return (
        Scope(chosen=True, left_out=left_out) if attached.knowledge else replace(await collections.everyone(), left_out=left_out)
    )


def asked_of_caller(caller: CallerOf, state: StateOf) -> ScopeOf:
    """What the caller of a request without attachments may read."""
    return scope_of(state, caller)


ScopeOfCaller = Annotated[ScopeOf, Depends(asked_of_caller)]


async def check_collections(engine: Engine, filters: Filters, scope_of: ScopeOf, *others: str) -> None:
    """Make sure that the caller has the collections that a request names.

    Raises:
        InvalidRequestError: there is none of such a name, or the caller may not read it, which is told alike.
    """
    if names := [*others, *filters.collections, *filters.exclude_collections]:
        await engine.collections.check(names, await scope_of())
