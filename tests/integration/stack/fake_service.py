"""A service that listens, says that it is ready, and does as its mode says. Run as a script: fake_service.py PORT MODE."""

import http.server
import os
import sys
from pathlib import Path


class Handler(http.server.BaseHTTPRequestHandler):
    """Ready at /ready; /environment shows what it runs with; there is nothing else."""

    def do_GET(self) -> None:
        """Answer."""
        body = repr(sorted(os.environ)).encode() if self.path == "/environment" else b"{}"
        self.send_response(200 if self.path in {"/ready", "/environment"} else 404)
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


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
