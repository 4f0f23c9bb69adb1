"""One OpenAI-compatible ``/v1/embeddings``: a request, its retries, and an answer that is checked before it is believed."""

import base64
import binascii
import logging
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import numpy as np
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_before_delay, wait_random_exponential

from rag.embeddings.vectors import Matrix, unit_rows
from rag.errors import EmbeddingBusyError, EmbeddingError, EmbeddingUnavailableError

log = logging.getLogger(__name__)

PATIENCE = 120.0
"""Seconds during which a server that has answered before may be away (vLLM needs up to 90 to start again)."""
IMPATIENCE = 8.0
"""Seconds for a server that never answered, and where somebody waits for the answer."""
LONGEST_BACK_OFF, LONGEST_PAUSE = 8.0, 30.0
"""Seconds between two tries: at most, and at most when the server asks for it."""
CONNECT_TIMEOUT, URGENT_TIMEOUT, TIMEOUT = 5.0, 20.0, 300.0
"""Seconds to connect; to answer where somebody waits; to answer a full batch."""
_TOO_LONG = re.compile(
    r"too (long|large|many tokens)|context (length|size|window)|less than \d+ tokens|max\w* (input )?length|batch size",
    re.IGNORECASE,
)
_STATED_LIMIT = re.compile(
    r"(?:context (?:length|size|window)|max\w* (?:input )?length|physical batch size|less than)\D{0,30}(\d{2,7})", re.IGNORECASE
)


class TooLongError(EmbeddingError):
    """A text is longer than the embedding server takes."""

    status = 400
    code = "text_too_long"

    def __init__(self, message: str, limit: int | None) -> None:
        """``limit``: tokens that the server says it takes, if it says so."""
        super().__init__(message)
        self.limit = limit


class _TransientError(EmbeddingUnavailableError):
    """The server may answer when asked again."""

    pause: float | None = None
    """Seconds that the server asks to wait."""


class _BusyError(_TransientError, EmbeddingBusyError):
    """The server says that it was asked too much."""


class Endpoint:
    """The server. It remembers which optional fields the server takes, and whether it ever answered."""

    def __init__(
        self, url: str, model: str, key: str | None, *, transport: httpx.AsyncBaseTransport | None = None, pause: float = 0.5
    ) -> None:
        """``url`` ends before ``/embeddings``; ``pause`` is the first pause between two tries, in seconds."""
        self.url = url
        self.model = model
        self._pause = pause
        self._answered = False
        self._optional = {"encoding_format", "dimensions"}
        # A proxy for the way out is not for servers on this machine.
        local = httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=CONNECT_TIMEOUT,
            limits=httpx.Limits(max_connections=16),
            transport=transport,
            trust_env=not local,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def context(self) -> int | None:
        """Tokens that the server says the model reads at once (vLLM does, in its list of models); None if it does not say.

        Raises:
            EmbeddingUnavailableError: no answer.
        """
        try:
            response = await self._client.get(f"{self.url}/models")
        except httpx.TransportError as error:
            raise EmbeddingUnavailableError(f"The embedding server at {self.url} cannot be reached.") from error
        try:
            models: list[dict[str, Any]] = response.json()["data"] if response.status_code == 200 else []
            limits = [model.get("max_model_len") for model in models if model.get("id") == self.model]
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
        return next((limit for limit in limits if isinstance(limit, int)), None)

    async def embed(self, texts: Sequence[str], dimensions: int | None, *, urgent: bool) -> Matrix:
        """Unit rows in the order of ``texts``, as long as the server makes them: ``dimensions`` is a wish.

        Raises:
            TooLongError: a text exceeds the model's context.
            EmbeddingUnavailableError: no answer, however often it was asked.
            EmbeddingError: the server refuses, or its answer cannot be used.
        """
        seconds = URGENT_TIMEOUT if urgent else TIMEOUT
        patience = PATIENCE if self._answered and not urgent else IMPATIENCE
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(_TransientError),
            stop=stop_before_delay(patience),
            wait=self._wait,
            before_sleep=_log_retry,
            reraise=True,
        )
        vectors: Matrix = await retrying(self._ask, texts, dimensions, httpx.Timeout(seconds, connect=CONNECT_TIMEOUT))
        self._answered = True
        return vectors

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.pause if isinstance(error, _TransientError) else None
        return wait_random_exponential(multiplier=self._pause, max=LONGEST_BACK_OFF)(state) if asked is None else asked

    async def _ask(self, texts: Sequence[str], dimensions: int | None, timeout: httpx.Timeout) -> Matrix:
        """One answer; optional fields that the server refuses are left out, now and later."""
        fields: dict[str, Any] = {"encoding_format": "base64"}
        if dimensions is not None:
            fields["dimensions"] = dimensions
        sent = {name: value for name, value in fields.items() if name in self._optional}
        while True:
            response = await self._post({"input": list(texts), "model": self.model, **sent}, timeout)
            if response.status_code not in {400, 422} or not sent or _is_too_long(response):
                break
            sent.pop(_blamed(response, sent))
        vectors = self._read(response, len(texts))
        self._optional -= fields.keys() - sent.keys()
        if dimensions is not None and vectors.shape[1] != dimensions:
            self._optional.discard("dimensions")  # the server ignores it
        return vectors

    async def _post(self, body: dict[str, Any], timeout: httpx.Timeout) -> httpx.Response:
        try:
            return await self._client.post(f"{self.url}/embeddings", json=body, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _TransientError(
                f"The embedding server at {self.url} cannot be reached ({error or type(error).__name__})."
            ) from error
        except httpx.TransportError as error:
            reason = "took too long" if isinstance(error, httpx.TimeoutException) else "broke the connection off"
            raise _TransientError(f"The embedding server at {self.url} {reason}.") from error

    def _read(self, response: httpx.Response, expected: int) -> Matrix:
        status = response.status_code
        if status == 200:
            return _vectors(response, expected)
        said = _said(response)
        if _is_too_long(response):
            stated = _STATED_LIMIT.search(said)
            raise TooLongError(f"The embedding server finds a text too long: {said}", int(stated[1]) if stated else None)
        if status in {408, 429} or status >= 500:
            kind = _BusyError if status == 429 else _TransientError
            error = kind(f"The embedding server at {self.url} answers {status}: {said}")
            error.pause = _retry_after(response.headers.get("Retry-After", ""))
            raise error
        if status in {401, 403}:
            raise EmbeddingError(f"The embedding server at {self.url} refuses the key.", hint="Set PAPER_FINDER_EMBEDDINGS_KEY.")
        if status == 404:
            hint = "Check PAPER_FINDER_MODEL, and that PAPER_FINDER_EMBEDDINGS ends with /v1."
            raise EmbeddingError(f"The embedding server at {self.url} does not know the model {self.model!r}: {said}", hint=hint)
        raise EmbeddingError(f"The embedding server at {self.url} answers {status}: {said}")


def _log_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    log.warning(
        "%s Trying again in %.1f s.", getattr(error, "message", error), state.next_action.sleep if state.next_action else 0
    )


def _is_too_long(response: httpx.Response) -> bool:
    return response.status_code in {400, 413, 422, 500} and bool(_TOO_LONG.search(_said(response)))


def _blamed(response: httpx.Response, sent: dict[str, Any]) -> str:
    """The optional field that a refusal is about: the one it names, else the rarer one."""
    said = _said(response).lower()
    if "encoding" in said and "encoding_format" in sent:
        return "encoding_format"
    return "dimensions" if "dimensions" in sent else "encoding_format"


def _said(response: httpx.Response) -> str:
    """What the server says is wrong, on one line of at most 300 characters."""
    try:
        body: Any = response.json()
    except ValueError:
        body = response.text
    for name in ("error", "message", "detail"):
        if isinstance(body, dict) and name in body:
            body = body[name]
    return " ".join(str(body).split())[:300]


def _retry_after(value: str) -> float | None:
    """Seconds in a Retry-After header, a number or a date; None if there is none."""
    if value.strip().isdigit():
        return min(float(value), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_PAUSE)


def _vectors(response: httpx.Response, expected: int) -> Matrix:
    """The rows of a 200 answer, in the order of the texts, of unit length."""
    try:
        items = response.json()["data"]
        places = [int(item.get("index", place)) for place, item in enumerate(items)]
        rows = [_row(item["embedding"]) for item in items]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EmbeddingError(f"The embedding server's answer is no list of embeddings ({type(error).__name__}).") from error
    if sorted(places) != list(range(expected)):
        raise EmbeddingError(f"The embedding server answered {len(rows)} vectors to {expected} texts.")
    if len({len(row) for row in rows}) > 1:
        raise EmbeddingError("The embedding server answered vectors of different lengths.")
    vectors = np.stack(rows)[np.argsort(places)]
    if not np.isfinite(vectors).all():
        hint = "Overflow in float16 is the usual reason: serve the model in bfloat16."
        raise EmbeddingError("The embedding server answered vectors that hold no numbers (NaN).", hint=hint)
    if (np.linalg.norm(vectors, axis=1) < 1e-6).any():
        raise EmbeddingError("The embedding server answered a vector of zeros.")
    return unit_rows(vectors)


def _row(embedding: str | list[float]) -> Matrix:
    if not isinstance(embedding, str):
        return np.asarray(embedding, np.float32).reshape(-1)
    try:
        return np.frombuffer(base64.b64decode(embedding, validate=True), "<f4").astype(np.float32)
    except binascii.Error as error:
        raise EmbeddingError("The embedding server answered a vector that is no base64.") from error
