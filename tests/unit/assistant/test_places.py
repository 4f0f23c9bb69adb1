"""Where was searched and where a paper lies, told in words."""

from dataclasses import replace
from datetime import date

import pytest

from rag.access import LeftOut, Scope, Unreadable, UnreadPages, UploadNote
from rag.assistant.answer import item, nothing, understood
from rag.assistant.citations import source_event
from rag.assistant.conversation import Message, Source
from rag.assistant.places import notes, searched
from rag.assistant.testing import fake_hit
from rag.assistant.understanding import understand
from rag.assistant.upload_messages import REASONS_ZH
from rag.errors import DocumentError, EmbeddingError, JobKilledError, NoTextLayerError, PaperFinderError
from rag.papers import Hit, Passage, Version
from rag.wording.scripts import in_traditional


@pytest.mark.parametrize(
    ("scope", "english", "chinese"),
    [
        (Scope(), [], []),
        (Scope(knowledge=("A",)), ["library + 1 knowledge base"], ["文献库 + 1 个知识库"]),
        (
            Scope(knowledge=("A", "B"), files=1),
            ["library + 2 knowledge bases + the attached file"],
            ["文献库 + 2 个知识库 + 所附文件"],
        ),
        (Scope(files=3), ["library + 3 attached files"], ["文献库 + 3 个所附文件"]),
        (Scope(chosen=True, knowledge=("My *own*",)), [r"in: My \*own\*"], [r"范围：My \*own\*"]),
        (Scope(chosen=True, knowledge=("A", "B"), files=1), ["in: A and B and the attached file"], ["范围：A、B、所附文件"]),
        (Scope(chosen=True), ["in: no knowledge base that you may read"], ["范围：没有您可以读取的知识库"]),
    ],
)
def test_where_was_searched(scope: Scope, english: list[str], chinese: list[str]) -> None:
    assert searched(scope, "en") == english
    assert searched(scope, "zh") == chinese


@pytest.mark.parametrize(("reason", "said"), [(LeftOut.UNAVAILABLE, "could not be asked"), (LeftOut.REFUSED, "sign in again")])
def test_uploads_that_were_left_out_are_told_of(reason: LeftOut, said: str) -> None:
    asked = understand((Message("user", "papers on eels"),), date(2026, 11, 25))
    assert said in understood(asked, scope=Scope(left_out=reason))
    assert "2 of your uploads are still being read" in understood(asked, scope=Scope(pending=2))
    assert "1 of your uploads is still being read" in understood(asked, scope=Scope(pending=1))


def test_what_could_not_be_read_of_an_upload_is_said_with_its_pages() -> None:
    def said(why: Unreadable, *pages: int) -> list[str]:
        scope = Scope(notes=(UploadNote("My *scan*.pdf", unread=(UnreadPages(why, pages),)),))
        return [*notes(scope, "en"), *notes(scope, "zh")]

    assert said(Unreadable.DAMAGED, 2) == [
        r"⚠️ Your upload “My \*scan\*.pdf” is searched without page 3: damaged in the file.",
        r"⚠️ 检索您上传的“My \*scan\*.pdf”时不含第 3 页：文件中的这些页已损坏。",
    ]
    english, chinese = said(Unreadable.PICTURES, 0, 4)
    assert "pages 1 and 5: pictures of text, and no text recognition (tesseract)" in english
    assert "第 1、5 页：这些页是图片，而此处没有安装文字识别程序" in chinese
    english, chinese = said(Unreadable.SLOW, *range(20))
    assert "pages 1, 2, 3, 4, 5 and 15 more: pictures whose text was not recognised in time" in english
    assert "第 1、2、3、4、5 页及另外 15 页：这些页是图片，未能及时识别" in chinese


def test_what_was_set_aside_is_said_with_its_reason_and_many_are_counted() -> None:
    scope = Scope(notes=tuple(UploadNote(f"file{n}.pdf", set_aside="It *failed*.") for n in range(5)))
    first, *_, last = notes(scope, "en")
    assert first.startswith(
        r"⚠️ Your upload “file0.pdf” was set aside after several tries, so not all of it is searched: It \*failed\*."
    )
    assert last == "⚠️ 2 more of your uploads could not be read in full."
    assert len(list(notes(scope, "zh"))) == 4


@pytest.mark.parametrize(
    "error", [*DocumentError.__subclasses__(), NoTextLayerError, DocumentError, JobKilledError, EmbeddingError]
)
def test_why_an_upload_was_set_aside_is_said_in_the_language_of_the_reader(error: type[PaperFinderError]) -> None:
    scope = Scope(notes=(UploadNote("a.pdf", set_aside=str(error()), code=error.code),))
    (english,), (chinese,), (traditional,) = (notes(scope, language) for language in ("en", "zh", "zh-Hant"))
    assert "set aside after several tries" in english
    assert REASONS_ZH[error.code] in chinese
    assert str(error()) not in chinese
    assert in_traditional(REASONS_ZH[error.code]) in traditional


def test_a_reason_without_a_code_is_said_in_chinese_too() -> None:
    scope = Scope(notes=(UploadNote("a.pdf", set_aside="Something unexpected went wrong."),))
    (chinese,) = notes(scope, "zh")
    assert "详见 Paper Finder 的日志" in chinese
    assert "unexpected" not in chinese


def test_nothing_is_said_of_the_library_when_it_was_not_searched() -> None:
    asked = understand((Message("user", "papers on eels"),), date(2026, 11, 25))
    assert "Nothing in what you picked fits" in "".join(nothing(asked, 0, Scope(chosen=True, knowledge=("A",))))
    told = "".join(nothing(asked, 0, Scope(knowledge=("A",))))
    assert "Nothing in the library or the knowledge bases you may read fits" in told


def uploaded(number: int, *knowledge: str) -> Hit:
    hit = fake_hit(number)
    paper = replace(hit.paper, file_id=f"file{number}", knowledge=knowledge, url="")
    return replace(hit, paper=paper, passages=(Passage("Eels swim.", 0.9, page=2, section="Rivers"),))


def test_an_upload_says_where_it_lies_and_on_which_page() -> None:
    text = item(1, uploaded(1, "Fish", "Rivers"), "en")
    assert "in the knowledge base Fish and Rivers" in text
    assert "(p. 3)" in text
    assert "in the attached file" in item(1, uploaded(1), "en")


def test_a_work_in_the_library_and_in_an_upload_shows_both() -> None:
    own = uploaded(2, "Fish")
    hit = replace(fake_hit(1), versions=(Version(own.paper, own.passages),))
    assert "also in the knowledge base Fish, p. 3" in item(1, hit, "en")
    assert "也在知识库“Fish”中、第 3 页" in item(1, hit, "zh")
    data = source_event(Source(1, hit))["data"]
    assert [place.get("file_id") for place in data["metadata"]] == [None, "file2"]
    assert data["metadata"][1]["page"] == 2
    assert len({place["source"] for place in data["metadata"]}) == 1
    assert data["distances"] == sorted(data["distances"], reverse=True)
    turned = replace(own, versions=(Version(hit.paper, hit.passages),))
    assert "also as [**ACL · 2020**](https://papers.example/1)" in item(1, turned, "en")


def test_the_citation_of_an_upload_opens_its_file_at_the_page() -> None:
    (place,) = source_event(Source(1, uploaded(1, "Fish")))["data"]["metadata"]
    assert (place["file_id"], place["page"]) == ("file1", 2)
