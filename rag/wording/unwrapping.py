"""Taking the words of asking off a question: "Could you suggest papers on x?" is about x."""

from functools import lru_cache

from rag.wording.draft import Draft
from rag.wording.patterns import RULES, WHOLE, WRAPPING, Rule, Says

READ_CHARACTERS = 5_000
"""How much of one question is read: enough for a pasted abstract; more would only blur the search."""
_TAIL = 400
_MARKS = " ,;:.!?~…-"

_WHOLE_RULES = tuple(rule for rule in RULES if rule.says in WHOLE)
_WRAPPING_RULES = tuple(rule for rule in RULES if rule.says in WRAPPING)


@lru_cache(maxsize=256)
def topic(question: str) -> str:
    """The question without the words of asking around it; as it stands where nothing else is in it."""
    draft = Draft(question[:READ_CHARACTERS])
    unwrap(draft)
    rest = draft.rest()
    return rest if any(c.isalnum() for c in rest) else question[:READ_CHARACTERS].strip()


def unwrap(draft: Draft) -> None:
    """Takes the words of asking off both ends until none is left, or what is left is a message without a question."""
    asked, changed = False, True
    draft.trim()
    while changed:
        changed = False
        for rule in _WRAPPING_RULES:
            if rule.after_request and not asked:
                continue
            if _strip_opening(rule, draft) if rule.says is Says.OPENING else _strip_closing(rule, draft):
                asked = changed = True
                draft.trim()
                if whole(draft.plain):
                    return


def whole(plain: str) -> Says | None:
    """Which message without a question this is (a greeting, thanks …), if any."""
    said = plain.strip(_MARKS)
    if len(said) > 80:
        return None
    return next((rule.says for rule in _WHOLE_RULES if rule.pattern.fullmatch(said)), None)


def _strip_opening(rule: Rule, draft: Draft) -> bool:
    found = rule.pattern.match(draft.plain)
    if found is None or found.end() == 0:
        return False
    draft.keep(found.end(), len(draft.plain))
    return True


def _strip_closing(rule: Rule, draft: Draft) -> bool:
    offset = max(0, len(draft.plain) - _TAIL)
    found = rule.pattern.search(draft.plain[offset:])
    if found is None:
        return False
    kept = found.end("before") if "before" in found.groupdict() else found.start()
    draft.keep(0, offset + kept)
    return True
