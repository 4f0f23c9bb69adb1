"""What the search does beyond weighing two rankings; each step can be left out, so that its worth can be measured."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps that are taken; `paper-finder eval` can leave each of them out and show what it brings."""

    unwrapping: bool = True
    """The words of asking come off the question ("Which papers discuss …")."""
    glossary: bool = True
    """Chinese terms are put into English for a model that does not read Chinese."""
    exact: bool = True
    """Papers that the question names come first."""
    feedback: bool = True
    """The best papers of a first ranking add their words and vectors to the question."""
    neighbours: bool = True
    """A paper is held up by papers near it that fit the question."""
    reranking: bool = True
    """A model reads the first papers and orders them; only where one is configured."""


ALL = Steps()
