"""The map of an answer's papers, as a picture and in words."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rag.assistant import pictures
from rag.assistant.about import titled
from rag.assistant.conversation import Event, Picture, Source, Text, Understanding
from rag.assistant.markdown import plain
from rag.assistant.messages import say
from rag.retrieval import question_stems
from rag.retrieval.mapping import mapped

FEWEST = 3
"""Papers that a map is made of at least."""


def of(understanding: Understanding, sources: Sequence[Source], vectors: Sequence[NDArray[np.float32]]) -> Iterator[Event]:
    """The picture, then its groups with their papers; where there are too few, a word that says so."""
    language, topic = understanding.language, understanding.topic
    if len(sources) < FEWEST:
        yield Text(say("too_few_to_map", language, count=len(sources)) + "\n")
        return
    papers = [source.hit.paper for source in sources]
    drawn = mapped(papers, np.stack(vectors), question_stems(topic), chinese=language != "en")
    yield Picture(pictures.plane(sources, drawn, topic, language))
    yield Text(say("mapped", language, count=len(sources)) + "\n\n")
    for group in drawn.groups:
        lines = "".join(f"- {titled(sources[place].hit.paper)} [{sources[place].rank}]\n" for place in group.places)
        yield Text(f"**{plain(' · '.join(group.words))}**\n\n{lines}\n")
