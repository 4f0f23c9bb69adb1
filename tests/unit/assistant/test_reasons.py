"""A recommendation's reason, in English and Chinese."""

from rag.assistant.reasons import reason
from rag.papers import Hit, Paper, PaperId
from rag.retrieval import Recommendation

OWNED = Paper(PaperId("p1"), "Red Foxes")
HIT = Hit(Paper(PaperId("p2"), "Grey Wolves"), 0.5)


def test_the_nearest_paper_and_the_shared_words_are_named() -> None:
    both = Recommendation(HIT, OWNED, ("snow", "hunt"))
    assert reason(both, "en") == "Near “Red Foxes”, which you have; both speak of snow, hunt."
    assert reason(both, "zh") == "与您已有的《Red Foxes》相近，都涉及snow、hunt。"


def test_without_shared_words_only_the_paper() -> None:
    bare = Recommendation(HIT, OWNED, ())
    assert reason(bare, "en") == "Near “Red Foxes”, which you have."
    assert reason(bare, "zh") == "与您已有的《Red Foxes》相近。"
