"""The one-machine launcher: embedded Postgres, vLLM, our service and Open WebUI as child processes."""

from rag.stack.launcher import databases_of, dimensions_of, embedded_by, up

__all__ = ["databases_of", "dimensions_of", "embedded_by", "up"]
