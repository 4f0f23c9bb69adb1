"""A service that listens, says that it is ready, and does as its mode says. Run as a script: fake_service.py PORT MODE."""

import http.server
import json
import os
import sys
from pathlib import Path
from typing import Any

DIMENSIONS = int(os.environ.get("FAKE_DIMENSIONS", "384"))
MODELS = {
    "object": "list",
    "pipelines": True,
    "data": [
        {
            "id": "paper-finder",
            "name": "Paper Finder",
            "object": "model",
            "created": 1,
            "owned_by": "openai",
            "pipeline": {"type": "pipe", "valves": True},
        }
    ],
}


class Handler(http.server.BaseHTTPRequestHandler):
    """The little of our service that Open WebUI needs; /environment shows what it runs with."""

    def do_GET(self) -> None:
        """Ready, models, environment; there is nothing else."""
        bodies: dict[str, Any] = {"/ready": {}, "/v1/models": MODELS, "/environment": sorted(os.environ)}
        self._answer(bodies.get(self.path))

    def do_POST(self) -> None:
        """Embeddings, all the same."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))) or b"{}")
        vectors = [
            {"object": "embedding", "index": place, "embedding": [0.1] * DIMENSIONS}
            for place, _ in enumerate(body.get("input", []))
        ]
        self._answer({"object": "list", "model": "embedding", "data": vectors} if self.path == "/v1/embeddings" else None)

    def do_PUT(self) -> None:
        """A file as its own text."""
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer([{"page_content": text, "metadata": {"page": 0}}] if self.path == "/process" else None)

    def _answer(self, body: Any) -> None:
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


def main(port: int, mode: str) -> None:
    """``steady`` serves; ``broken`` ends at once with a reason; ``broken-later`` ends at every start but the first."""
    first = not Path("started-before").exists()
    Path("started-before").touch()
    if mode == "broken" or (mode == "broken-later" and not first):
        print("The model file is missing.")
        sys.exit(3)
    http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
