"""Running the service until it is told to stop."""

import logging

import uvicorn

from rag.api.app import create_app
from rag.errors import PaperFinderError
from rag.settings import Settings


def serve(settings: Settings) -> None:
    """Serve on the address of the settings until SIGINT or SIGTERM.

    Raises:
        PaperFinderError: something only the operator can mend.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    failures: list[PaperFinderError] = []

    def stop(error: PaperFinderError) -> None:
        failures.append(error)
        server.should_exit = True

    app = create_app(settings, on_failure=stop)
    server = uvicorn.Server(
        uvicorn.Config(
            app, host=settings.host, port=settings.port, log_level="warning", access_log=False, timeout_graceful_shutdown=5
        )
    )
    server.run()
    if failures:
        raise failures[0]
