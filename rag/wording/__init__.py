"""How people word a question, in English and Chinese: the rules by which it is read, and the topic without its wrapping."""

from rag.wording.unwrapping import topic

__all__ = ["topic"]
