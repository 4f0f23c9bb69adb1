"""Why a paper is recommended, in one line."""

from rag.assistant.conversation import Language
from rag.assistant.messages import say
from rag.retrieval import Recommendation


def reason(recommendation: Recommendation, language: Language) -> str:
    """The nearest paper that one has, and the words that both share."""
    title = recommendation.nearest.title
    if not recommendation.terms:
        return say("near_owned", language, title=title)
    return say("near_owned_by_terms", language, title=title, terms=say("comma", language).join(recommendation.terms))
