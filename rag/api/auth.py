"""Who calls: the service key, a person known to Open WebUI, a key of ours, or nobody we know."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from rag.access import Scope
from rag.api.state import State, state_of
from rag.errors import AuthenticationError, ForbiddenError, WebUIRefusedError
from rag.store import KEY_PREFIX
from rag.webui import KEY_HEADER, USER_HEADER, KnowledgeBase, filled


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is: a person's, unless it is the service's or has a key of ours."""

    credential: str = field(default="", repr=False)
    """What Open WebUI knows the person by; '' when it handed none on."""
    person: str = ""
    """Open WebUI's id of the person, where it said it itself."""
    scope: Scope | None = None
    """What a key of ours may read."""
    is_service: bool = False
    """Whether it came with the service key as its own credential; that may administer."""
    knowledge: Sequence[KnowledgeBase] | None = None
    """What the person may read of Open WebUI's knowledge bases, where that was asked to know the person at all."""


async def caller_of(request: Request) -> Caller:
    """The caller of ``request``.

    Raises:
        AuthenticationError: no key, or a wrong one.
        WebUIUnavailableError: a person's credential, and Open WebUI cannot say whose.
        NotReadyError, DatabaseUnavailableError: a key of ours, and it cannot be looked up.
    """
    state = state_of(request)
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    bearer = given.strip() if scheme.lower() == "bearer" else ""
    if _is_service_key(state, bearer):
        return Caller(is_service=True)
    if _is_service_key(state, request.headers.get(KEY_HEADER, "")):
        # Open WebUI speaks for somebody, also where it hands no credential on: that never gets the service's rights.
        return Caller(bearer, filled(request.headers.get(USER_HEADER, "")))
    if not bearer:
        raise AuthenticationError
    if bearer.startswith(KEY_PREFIX):
        scope = await state.ready_engine().keys.scope(bearer)
        if scope is None:
            raise AuthenticationError
        return Caller(scope=scope)
    try:
        knowledge = await state.webui.with_token(bearer).knowledge_bases()
    except WebUIRefusedError as error:
        raise AuthenticationError from error
    return Caller(bearer, knowledge=knowledge)


async def administrator(caller: Annotated[Caller, Depends(caller_of)]) -> Caller:
    """The caller, who must be the service itself.

    Raises:
        ForbiddenError: it is a person, or a key for reading.
    """
    if not caller.is_service:
        raise ForbiddenError(hint="Use the service key.")
    return caller


def _is_service_key(state: State, given: str) -> bool:
    return bool(given) and hmac.compare_digest(given.encode(), state.service_key.encode())


CallerOf = Annotated[Caller, Depends(caller_of)]
