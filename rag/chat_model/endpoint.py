"""Any OpenAI-compatible chat endpoint (vLLM, Ollama, llama.cpp, a cloud), through LangChain's ``ChatOpenAI``."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any, Protocol, TypeVar, cast

import httpx
from pydantic import BaseModel, SecretStr

from rag.errors import PaperFinderError
from rag.settings import url_and_model

_CONNECT_SECONDS, _SECONDS = 2.0, 300.0
"""How long a question waits is not decided here."""
MOST_TOKENS = 2_000
"""Of one answer, its thoughts counted in. Time runs out before for most models; this is for those that never stop."""

T = TypeVar("T", bound=BaseModel)


class ChatModelError(PaperFinderError):
    """The chat model cannot be reached or gave an answer that cannot be used."""

    status = 502
    code = "chat_model_error"


class Chat(Protocol):
    """A chat model. ``system`` is ours alone; what others wrote belongs into ``user``."""

    def stream(self, system: str, user: str) -> AsyncGenerator[str]:
        """The answer in pieces as they come. Closing it ends the model's work.

        Raises:
            ChatModelError: there is no answer, or no more of it.
        """
        ...

    async def structured(self, system: str, user: str, schema: type[T]) -> T:
        """The answer as an object of ``schema``.

        Raises:
            ChatModelError: there is none, or it is no such object.
        """
        ...

    async def aclose(self) -> None:
        """Let go of connections."""
        ...


class ChatEndpoint:
    """A client of one model on one server."""

    def __init__(self, address: str, *, key: str | None = None) -> None:
        """Takes more than a second: not for the event loop.

        ``address`` is 'http://host:8002/v1#Qwen/Qwen3-4B-Instruct-2507': the URL before ``/chat/completions``, and the model.

        Raises:
            ConfigurationError: it is not.
        """
        self.url, self.model = url_and_model("PAPER_FINDER_CHAT", address, "http://host:8002/v1#Qwen/Qwen3-4B-Instruct-2507")
        self.url = self.url.removesuffix("/chat/completions")
        local = httpx.URL(self.url).host in {"127.0.0.1", "localhost", "::1"}
        self._http = httpx.AsyncClient(timeout=httpx.Timeout(_SECONDS, connect=_CONNECT_SECONDS), trust_env=not local)
        # LangChain's client takes more than a second to import: only who has a chat model pays for it, and not with a question.
        from langchain_openai import ChatOpenAI

        self._client = ChatOpenAI(
            model=self.model,
            base_url=self.url,
            api_key=SecretStr(key or "none"),
            http_async_client=self._http,
            temperature=0.0,
            max_tokens=MOST_TOKENS,
            max_retries=0,
            stream_usage=False,
            stream_chunk_timeout=None,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def stream(self, system: str, user: str) -> AsyncGenerator[str]:
        """The answer in pieces as they come.

        Raises:
            ChatModelError: the server cannot be reached, refuses, or stops in the middle.
        """
        with _told():
            async with aclosing(cast("AsyncGenerator[Any]", self._client.astream(_messages(system, user)))) as chunks:
                async for chunk in chunks:
                    if text := str(chunk.text):
                        yield text

    async def structured(self, system: str, user: str, schema: type[T]) -> T:
        """The answer as an object of ``schema``, by the server's JSON mode for schemas.

        Raises:
            ChatModelError: the server cannot be reached, refuses, or its answer is no such object.
        """
        with _told():
            asked = self._client.with_structured_output(schema, method="json_schema")
            answer = await asked.ainvoke(_messages(system, user))
            return schema.model_validate(answer)


def _messages(system: str, user: str) -> list[tuple[str, str]]:
    return [("system", system), ("human", user)]


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong between us and the server as one error of ours; a model's answer can fail in many ways."""
    try:
        yield
    except _errors() as error:
        raise ChatModelError(f"The chat model failed ({type(error).__name__})") from error


def _errors() -> tuple[type[Exception], ...]:
    from langchain_core.exceptions import LangChainException
    from openai import OpenAIError

    return (OpenAIError, LangChainException, httpx.HTTPError, ValueError, TypeError, KeyError, AttributeError)
