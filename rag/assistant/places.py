"""Where was searched, where a paper lies and how uploads fare, in words."""

from collections.abc import Iterator, Sequence

from rag.access import Scope, UploadNote
from rag.assistant.conversation import Language
from rag.assistant.markdown import link, plain
from rag.assistant.messages import say
from rag.assistant.upload_messages import REASONS_ZH, UNKNOWN_REASON_ZH
from rag.papers import Hit, Paper
from rag.wording.scripts import in_traditional

NOTES = 3
"""Uploads of which something is told in one answer; the others are counted."""
NAMED_PAGES = 5


def searched(scope: Scope, language: Language) -> list[str]:
    """Where was searched, unless it was the shared library alone: 'library + 2 knowledge bases', 'in: NAME'."""
    files = _files(scope, language)
    if scope.chosen:
        names = [plain(name) for name in scope.knowledge] + files
        return [say("only_in", language, names=_and(names, language) if names else say("nowhere", language))]
    if not scope.knowledge and not files:
        return []
    count = len(scope.knowledge)
    bases = [say("knowledge_bases" if count > 1 else "knowledge_base", language, count=count)] if count else []
    return [" + ".join([say("library", language), *bases, *files])]


def where(scope: Scope, language: Language) -> str:
    """The same as part of a sentence: 'the library or the knowledge bases you may read'."""
    if scope.chosen:
        return say("what_you_picked", language)
    others = [say("your_knowledge_bases", language)] if scope.knowledge else []
    others += _files(scope, language)
    return say("the_library_or", language, others=_and(others, language)) if others else say("the_library", language)


def kept_in(paper: Paper, language: Language) -> str:
    """Where an upload lies; '' for papers of the library."""
    if not paper.file_id:
        return ""
    if not paper.knowledge:
        return say("in_attached_file", language)
    return say("in_knowledge", language, names=_and([plain(name) for name in paper.knowledge], language))


def versions(hit: Hit, language: Language) -> Iterator[str]:
    """The other records of a paper: where an upload of it lies and on which page it matched, or how else it was published."""
    for version in hit.versions:
        paper = version.paper
        if not paper.file_id:
            known = " · ".join(filter(None, [plain(paper.venue), str(paper.year or "")])) or say("the_library", language)
            yield say("also_as", language, place=link(known, paper.link))
            continue
        place = kept_in(paper, language)
        page = next((passage.page for passage in version.passages if passage.page is not None), None)
        if page is not None:
            place = say("comma", language).join([place, say("page", language, page=page + 1)])
        yield say("also_in", language, place=place)


def notes(scope: Scope, language: Language) -> Iterator[str]:
    """What whoever asks should know of the own uploads that were searched, a line each: set aside, or pages that lack."""
    for note in scope.notes[:NOTES]:
        name = plain(note.name)
        if note.set_aside:
            yield say("set_aside", language, name=name, reason=_reason(note, language))
        for unread in note.unread:
            yield say(f"unread_{unread.why}", language, name=name, pages=_pages(unread.pages, language))
    if len(scope.notes) > NOTES:
        yield say("other_notes", language, count=len(scope.notes) - NOTES)


def _reason(note: UploadNote, language: Language) -> str:
    if language == "en":
        return plain(note.set_aside)
    reason = REASONS_ZH.get(note.code, UNKNOWN_REASON_ZH)
    return in_traditional(reason) if language == "zh-Hant" else reason


def _pages(pages: Sequence[int], language: Language) -> str:
    """People count from 1."""
    numbers = [str(page + 1) for page in pages]
    if len(numbers) > NAMED_PAGES + 1:
        shown = say("comma", language).join(numbers[:NAMED_PAGES])
        return say("many_pages", language, pages=shown, count=len(numbers) - NAMED_PAGES)
    return say("one_page" if len(numbers) == 1 else "some_pages", language, pages=_and(numbers, language))


def _files(scope: Scope, language: Language) -> list[str]:
    if not scope.files:
        return []
    return [say("attached_files" if scope.files > 1 else "attached_file", language, count=scope.files)]


def _and(names: list[str], language: Language) -> str:
    return say("and", language).join(names)
