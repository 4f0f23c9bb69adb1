"""The conversation: understand, retrieve, answer, cite; messages in English and Chinese."""

from rag.assistant.assistant import Assistant
from rag.assistant.citations import source_event
from rag.assistant.conversation import (
    Event,
    Intent,
    Message,
    Picture,
    Source,
    Status,
    Text,
    Turn,
    Understanding,
    messages_from,
)
from rag.assistant.messages import say
from rag.assistant.synthesis import Writer
from rag.assistant.tasks import answer_task, task_of
from rag.assistant.understanding import understand

__all__ = [
    "Assistant",
    "Event",
    "Intent",
    "Message",
    "Picture",
    "Source",
    "Status",
    "Text",
    "Turn",
    "Understanding",
    "Writer",
    "answer_task",
    "messages_from",
    "say",
    "source_event",
    "task_of",
    "understand",
]
