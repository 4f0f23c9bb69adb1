"""Asking Open WebUI what a person may read, with the person's own credential."""

import asyncio
from collections.abc import Iterable, Sequence

from rag.access import Readable
from rag.webui.client import WebUI
from rag.webui.knowledge import KnowledgeBase

MOST_FILES = 100
"""Attached files that are asked about; any more are passed over."""


async def readable(
    person: WebUI, files: Iterable[str] = (), *, with_groups: bool = False, knowledge: Sequence[KnowledgeBase] | None = None
) -> Readable:
    """What Open WebUI says that a person may read now: every knowledge base, and of ``files`` those the person may open.

    ``with_groups``: the person's groups as well. ``knowledge``: what it just said for the same question.

    Raises:
        WebUIUnavailableError: it does not answer.
        WebUIRefusedError: it does not accept the credential.
    """
    asked = sorted(files)[:MOST_FILES]
    bases, groups, may = await asyncio.gather(
        person.knowledge_bases() if knowledge is None else _known(knowledge),
        person.groups() if with_groups else _none(),
        asyncio.gather(*map(person.may_read_file, asked)),
    )
    named = {base.id: base.name for base in bases if not base.external}
    return Readable(named, frozenset(file for file, allowed in zip(asked, may, strict=True) if allowed), groups)


async def _known(knowledge: Sequence[KnowledgeBase]) -> Sequence[KnowledgeBase]:
    return knowledge


async def _none() -> frozenset[str]:
    return frozenset()
