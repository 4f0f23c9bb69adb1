"""``/v1/embeddings``: OpenAI's embeddings for whichever model is configured; Open WebUI embeds its uploads here."""

import asyncio
import base64
import json
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field, ValidationError

from rag.api.state import engine_of
from rag.embeddings import Embedder, Matrix, cut
from rag.errors import InvalidRequestError, NotFoundError

MODEL = "embedding"
"""The name that always stands for the configured model; its own name does as well."""
MOST_TEXTS = 2048
MOST_BYTES = 32 * 2**20

router = APIRouter()


class TooLargeError(InvalidRequestError):
    """The request is too large."""

    status = 413
    code = "request_too_large"


class EmbeddingsRequest(BaseModel):
    """A text or up to 2,048 of them, each of any length; fields of OpenAI's that mean nothing here are passed over."""

    input: Annotated[str | list[str] | list[int] | list[list[int]], Field(description="A text, or a list of texts")]
    model: Annotated[str, Field(description="`embedding`, or the configured model's own name")]
    encoding_format: Annotated[
        Literal["float", "base64"], Field(description="base64: little-endian float32 of the numbers one after the other")
    ] = "float"
    dimensions: Annotated[int | None, Field(ge=1, description="The first so many numbers, of unit length again")] = None
    user: str | None = None

    def texts(self) -> list[str]:
        """The texts, in order.

        Raises:
            InvalidRequestError: there are none, too many, or token numbers in their place.
        """
        texts = [self.input] if isinstance(self.input, str) else self.input
        if not texts:
            raise InvalidRequestError("input: an empty list; send at least one text.")
        if len(texts) > MOST_TEXTS:
            raise InvalidRequestError(f"input: {len(texts)} texts; at most {MOST_TEXTS} go in one request.")
        strings = [text for text in texts if isinstance(text, str)]
        if len(strings) < len(texts):
            hint = "LangChain's OpenAIEmbeddings does so with check_embedding_ctx_length=False."
            raise InvalidRequestError(
                "input: token numbers are not taken, as they belong to another tokenizer; send text.", hint=hint
            )
        return strings


def embedder_of(request: Request) -> Embedder:
    """The configured model of the application that answers ``request``."""
    return engine_of(request).embedder


_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": EmbeddingsRequest.model_json_schema()}}}
}


@router.post("/v1/embeddings", openapi_extra=_BODY)
@router.post("/embeddings", openapi_extra=_BODY, include_in_schema=False)
async def create_embeddings(request: Request, embedder: Annotated[Embedder, Depends(embedder_of)]) -> Response:
    """Unit vectors of texts as they are (no prefix is added), texts longer than the model's context in windows.

    Answers ``{"object": "list", "data": [{"object": "embedding", "index", "embedding": [float] | base64}], "model",
    "usage": {"prompt_tokens", "total_tokens"}}``. 400: the body is wrong; 404: another model's name; 413: more than 32 MiB.
    """
    body = await _body(request)
    # Megabytes of JSON and of numbers are read and written on a thread, away from the loop that streams answers.
    wanted = await asyncio.to_thread(_parse, body)
    if wanted.model not in {MODEL, embedder.model}:
        raise NotFoundError(
            f"There is no embedding model named {wanted.model!r}.", hint=f"Ask for '{MODEL}' or {embedder.model!r}."
        )
    dimensions = wanted.dimensions or embedder.dimensions
    if dimensions > embedder.dimensions:
        raise InvalidRequestError(f"dimensions: {dimensions} is more than the {embedder.dimensions} of {embedder.model!r}.")
    texts = wanted.texts()
    vectors = await embedder.aencode_plain(texts)
    return await asyncio.to_thread(_answer, cut(vectors, dimensions), wanted, embedder, texts)


async def _body(request: Request) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MOST_BYTES:
            raise TooLargeError(f"The request is larger than {MOST_BYTES // 2**20} MiB; send the texts in several.")
        chunks.append(chunk)
    return b"".join(chunks)


def _parse(body: bytes) -> EmbeddingsRequest:
    try:
        return EmbeddingsRequest.model_validate(json.loads(body))
    except ValidationError as error:
        first = error.errors()[0]
        raise InvalidRequestError(f"{first['loc'][0] if first['loc'] else 'body'}: {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError(f"The body is no JSON: {error}.") from error


def _answer(vectors: Matrix, wanted: EmbeddingsRequest, embedder: Embedder, texts: list[str]) -> Response:
    rows = vectors.tolist() if wanted.encoding_format == "float" else [_in_base64(row) for row in vectors]
    used = embedder.count_tokens(texts)
    answer = {
        "object": "list",
        "data": [{"object": "embedding", "index": index, "embedding": row} for index, row in enumerate(rows)],
        "model": wanted.model,
        "usage": {"prompt_tokens": used, "total_tokens": used},
    }
    return Response(json.dumps(answer), media_type="application/json")


def _in_base64(row: Matrix) -> str:
    return base64.b64encode(row.astype(np.dtype("<f4")).tobytes()).decode()
