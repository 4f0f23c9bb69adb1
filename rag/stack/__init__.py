"""The one-machine launcher: embedded Postgres, our service and Open WebUI as child processes."""

from rag.stack.launcher import up

__all__ = ["up"]
