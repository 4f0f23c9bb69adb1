"""Talking to Open WebUI: its endpoints, and the set-up that makes Paper Finder appear in it."""

from rag.webui.audit import TESTED_VERSION, Difference, differences
from rag.webui.client import WebUI
from rag.webui.connections import KEY_HEADER, Connection, Connections, our_connection
from rag.webui.embedding import EmbeddingSettings, our_embedding
from rag.webui.files import FileReader
from rag.webui.knowledge import KnowledgeBase, KnowledgeFile
from rag.webui.loader import FILE_HEADER, NAME_HEADER, USER_HEADER, LoaderSettings, filled, our_loader
from rag.webui.mirror import Mirror
from rag.webui.model import MODEL_ID, SUGGESTIONS
from rag.webui.reading import readable
from rag.webui.reindex import reindex_after_change
from rag.webui.set_up import API_KEY_NAME, as_admin, set_up

__all__ = [
    "API_KEY_NAME",
    "FILE_HEADER",
    "KEY_HEADER",
    "MODEL_ID",
    "NAME_HEADER",
    "SUGGESTIONS",
    "TESTED_VERSION",
    "USER_HEADER",
    "Connection",
    "Connections",
    "Difference",
    "EmbeddingSettings",
    "FileReader",
    "KnowledgeBase",
    "KnowledgeFile",
    "LoaderSettings",
    "Mirror",
    "WebUI",
    "as_admin",
    "differences",
    "filled",
    "our_connection",
    "our_embedding",
    "our_loader",
    "readable",
    "reindex_after_change",
    "set_up",
]
