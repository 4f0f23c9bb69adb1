"""An OpenAI-compatible chat server in a thread, which says what a script says and remembers what it was asked."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response, StreamingResponse

Asked = Mapping[str, Any]
Script = Callable[[Asked], AsyncIterator[str]]
"""From the body of a request to the pieces of its answer. A script may wait for ever."""

MODEL = "scripted"


class FakeChatServer:
    """One server. Pieces are words of the model; a piece that begins with ``RAW`` goes out as it stands."""

    RAW = "\0"

    def __init__(self, script: Script, *, status: int = 200) -> None:
        self.script = script
        self.status = status
        self.requests: list[Asked] = []
        self.left = threading.Event()
        """Set when a caller went away before the end of an answer."""

    @contextmanager
    def running(self) -> Iterator[str]:
        """The server's address as ``PAPER_FINDER_CHAT`` takes it, for as long as the block lasts."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = uvicorn.Server(uvicorn.Config(self._app(), log_level="warning", lifespan="off"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
            thread.start()
            try:
                yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1#{MODEL}"
            finally:
                server.should_exit = server.force_exit = True
                thread.join()

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/chat/completions", response_model=None)
        async def completions(body: dict[str, Any]) -> Response:
            self.requests.append(body)
            if self.status != 200:
                return JSONResponse({"error": {"message": "scripted", "type": "server_error"}}, self.status)
            if body.get("stream"):
                return StreamingResponse(self._streamed(body), media_type="text/event-stream")
            return JSONResponse(_whole("".join([piece async for piece in self.script(body)])))

        return app

    async def _streamed(self, body: Asked) -> AsyncIterator[str]:
        try:
            async for piece in self.script(body):
                await asyncio.sleep(0)  # lets a caller's leaving be noticed
                yield (
                    piece.removeprefix(self.RAW)
                    if piece.startswith(self.RAW)
                    else _event({"role": "assistant", "content": piece})
                )
            yield _event({}, "stop")
            yield "data: [DONE]\n\n"
        except asyncio.CancelledError:
            self.left.set()
            raise


def says(*pieces: str) -> Script:
    """These pieces, whatever is asked."""

    async def script(asked: Asked) -> AsyncIterator[str]:  # noqa: ARG001
        for piece in pieces:
            yield piece

    return script


def hangs_after(*pieces: str) -> Script:
    """These pieces, and then nothing more for ever."""

    async def script(asked: Asked) -> AsyncIterator[str]:  # noqa: ARG001
        for piece in pieces:
            yield piece
        await asyncio.Event().wait()

    return script


def _event(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": MODEL, "choices": [choice]}
    return f"data: {json.dumps(chunk)}\n\n"


def _whole(text: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return {"id": "c", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
