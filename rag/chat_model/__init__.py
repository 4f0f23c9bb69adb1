"""A chat model on any OpenAI-compatible server: asked through LangChain, in time, and never in the way."""

from rag.chat_model.endpoint import Chat, ChatEndpoint, ChatModelError
from rag.chat_model.guarded import ChatModel, Failure

__all__ = ["Chat", "ChatEndpoint", "ChatModel", "ChatModelError", "Failure"]
