"""Two people and a knowledge base: who uploads papers finds them at once, others when they may, and nobody what is gone."""

import os
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from rag.settings import CHECKOUT
from rag.stack.testing import RunningStack, wait_until
from tests.end_to_end.page import (
    ask,
    delete_file,
    make_knowledge,
    open_knowledge,
    pick,
    remove_from_knowledge,
    revoke,
    share,
    upload,
)
from tests.pdfs import small_pdf

SignIn = Callable[[str, str], Page]
PASSWORD = "a long enough password"
PDFS = Path(os.environ.get("PAPER_FINDER_TEST_DATA", CHECKOUT.parent / "shared" / "data")) / "pdfs" / "academic"
IN_STEP = 10.0
"""Seconds within which a change in Open WebUI has taken effect."""

TOPICS = {
    "Baldoni2002.pdf": ("Vector Clock Systems", "vector clock systems in distributed computing"),
    "P07-1088.pdf": ("Sparse Information Extraction", "sparse information extraction by unsupervised language models"),
    "Keim2024.pdf": ("Recovering Trace Links", "recovering trace links between software documentation and code"),
}


def paper(name: str) -> bytes:
    """The real paper when the test data is there; else one of the same title, its topic on the second page."""
    if (PDFS / name).exists():
        return (PDFS / name).read_bytes()
    title, topic = TOPICS[name]
    return small_pdf(title, [f"We write about {topic}. " * 3, f"On this page we come to {topic}, and say how it is done. " * 10])


class Person:
    """Somebody with an account, in the browser and by the API."""

    def __init__(self, stack: RunningStack, name: str, email: str, page: Page) -> None:
        self.email, self.page, self.url = email, page, stack.webui_url
        self.client = httpx.Client(base_url=stack.webui_url, timeout=120)
        signed_in = (
            self.client.post("/api/v1/auths/signin", json={"email": email, "password": PASSWORD}).raise_for_status().json()
        )
        self.id, self.name = signed_in["id"], name
        self.client.headers["Authorization"] = f"Bearer {signed_in['token']}"

    def answer(self, question: str, **extra: Any) -> dict[str, Any]:
        """The answer through Open WebUI's API."""
        body = {"model": "paper-finder", "messages": [{"role": "user", "content": question}], "stream": False, **extra}
        found: dict[str, Any] = self.client.post("/api/chat/completions", json=body).raise_for_status().json()
        return found

    def ask(self, name: str) -> Locator:
        """The answer to the question about the topic of a file, in a new chat of the page."""
        self.page.goto(self.url)
        return ask(self.page, f"papers on {TOPICS[name][1]}")

    def gets(self, name: str) -> bool:
        """Whether the answer in the page has the paper, from a knowledge base."""
        text = self.ask(name).inner_text()
        return TOPICS[name][0].lower() in text.lower() and "in the knowledge base" in text

    def finds(self, name: str) -> Locator:
        """The answer in the page that has the paper, which comes within ``IN_STEP``."""
        wait_until(lambda: self.gets(name), IN_STEP)
        return self.page.locator("[id^='message-']").filter(has=self.page.locator(".chat-assistant")).last

    def cited_first(self) -> list[tuple[str, int, str]]:
        """Of the first citation of the chat that the page shows: file names, pages from 0, and passages that have a page."""
        chat = self.client.get(f"/api/v1/chats/{self.page.url.rsplit('/', 1)[1]}").raise_for_status().json()["chat"]
        (sources,) = [message["sources"] for message in chat["history"]["messages"].values() if message["role"] == "assistant"]
        listed = self.client.get("/api/v1/files/?content=false&page=1").raise_for_status().json()["items"]
        names = {item["id"]: item["filename"] for item in listed}
        passages = zip(sources[0]["document"], sources[0]["metadata"], strict=True)
        return [(names[place["file_id"]], place["page"], text) for text, place in passages if "page" in place]

    def uploads(self, question: str) -> list[dict[str, Any]]:
        """Those citations of the answer that are uploads."""
        return [source for source in self.answer(question)["sources"] if "file_id" in source["metadata"][0]]


@pytest.fixture(scope="module")
def people_of(stack: RunningStack, webui: httpx.Client) -> Callable[[str, Page], Person]:
    def make(name: str, page: Page) -> Person:
        return Person(stack, name, f"{name}@example.org", page)

    for name in ("ada", "bo"):
        account = {"name": name.title(), "email": f"{name}@example.org", "password": PASSWORD, "role": "user"}
        webui.post("/api/v1/auths/add", json=account).raise_for_status()
    return make


@pytest.fixture
def people(people_of: Callable[[str, Page], Person], signed_in: SignIn) -> Iterator[tuple[Person, Person]]:
    """Ada and Bo, both signed in."""
    ada, bo = (people_of(name, signed_in(f"{name}@example.org", PASSWORD)) for name in ("ada", "bo"))
    yield ada, bo
    ada.client.close()
    bo.client.close()


def begins_on(text: str, content: bytes, page: int) -> bool:
    """Whether a passage begins on a page, letter by letter (columns, hyphens and ligatures aside)."""
    document = pypdfium2.PdfDocument(content)
    printed = re.sub(r"[^a-z]", "", document[page].get_textpage().get_text_bounded().lower())
    return re.sub(r"[^a-z]", "", text.lower())[:30] in printed


def check_the_citation_opens_the_file(person: Person, answer: Locator, content: bytes) -> None:
    """The first one: it says a page, and is opened there."""
    first = answer.locator("ol > li").first
    shown = int(re.search(r"\(p\. (\d+)\)", first.inner_text()).group(1))  # type: ignore[union-attr]
    first.locator("button").first.click()
    dialog = person.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"(page {shown})")
    link = dialog.locator("a").first
    with person.page.context.expect_page() as opened:
        link.click()
    assert re.search(rf"/api/v1/files/[0-9a-f-]+/content#page={shown}$", opened.value.url)
    fetched = person.page.request.get(opened.value.url)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.body() == content
    opened.value.close()


def test_a_knowledge_base_is_searched_by_exactly_those_who_may_read_it(
    stack: RunningStack, webui: httpx.Client, people: tuple[Person, Person]
) -> None:
    """Every step is done in the page; only the accounts and Bo's group are the administrator's, who lets anyone share with it."""
    ada, bo = people
    group = {"name": "Bo's group", "description": "", "data": {"config": {"share": True}}}
    group_id = webui.post("/api/v1/groups/create", json=group).raise_for_status().json()["id"]
    webui.post(f"/api/v1/groups/id/{group_id}/users/add", json={"user_ids": [bo.id]}).raise_for_status()
    contents = {name: paper(name) for name in TOPICS}
    make_knowledge(ada.page, stack.webui_url, "Ada's papers")
    upload(ada.page, [FilePayload(name=name, mimeType="application/pdf", buffer=data) for name, data in contents.items()])

    # Ada gets all three, with the right pages, as soon as she asks; a citation opens its file at its page.
    for name in TOPICS:
        answer = ada.finds(name)
        expect(answer.locator("p").first).to_contain_text("library + 1 knowledge base")
        expect(answer.locator("ol > li").first).to_contain_text("in the knowledge base Ada's papers")
        cited = ada.cited_first()
        assert {file for file, _, _ in cited} == {name}
        assert all(begins_on(text, contents[name], page) for _, page, text in cited), [page for _, page, _ in cited]
        check_the_citation_opens_the_file(ada, answer, contents[name])

    # Bo gets nothing of them; when Ada shares with his group he does, and when she revokes it, at the next question, he does not.
    name, other = "P07-1088.pdf", "Keim2024.pdf"
    assert not bo.gets(name)
    open_knowledge(ada.page, stack.webui_url, "Ada's papers")
    share(ada.page, "Bo's group")
    assert bo.gets(name)
    revoke(ada.page, "Bo's group")
    assert not bo.gets(name)
    assert bo.uploads(f"papers on {TOPICS[name][1]}") == []

    # What Ada takes out of the knowledge base, and what she deletes, is gone.
    remove_from_knowledge(ada.page, other)
    wait_until(lambda: not ada.gets(other), IN_STEP)
    delete_file(ada.page, stack.webui_url, name)
    wait_until(lambda: not ada.gets(name), IN_STEP)
    assert ada.gets("Baldoni2002.pdf")


def test_picked_knowledge_bases_and_attached_files_are_searched_for_that_chat_alone(
    stack: RunningStack, people: tuple[Person, Person]
) -> None:
    ada, bo = people
    (name, (_, topic)) = next(iter(TOPICS.items()))
    question = f"papers on {topic}"
    form = {"file": (name, paper(name), "application/pdf")}
    path = "/api/v1/files/?process=true&process_in_background=false"
    file_id = bo.client.post(path, files=form).raise_for_status().json()["id"]
    attached = [{"type": "file", "id": file_id, "name": name}]
    assert bo.uploads(question) == []
    answer = bo.answer(question, files=attached)
    assert file_id in [place.get("file_id") for source in answer["sources"] for place in source["metadata"]]
    assert "library + the attached file" in answer["choices"][0]["message"]["content"]
    assert bo.uploads(question) == []
    # Somebody else's file, attached by its id, is not searched; nor is a knowledge base that one may not read.
    foreign = ada.answer(question, files=attached)
    assert file_id not in str(foreign)
    knowledge = make_knowledge(ada.page, stack.webui_url, "Empty")
    picked = [{"type": "collection", "id": knowledge, "name": "Empty"}]
    own = ada.answer(question, files=picked)
    assert "in: Empty" in own["choices"][0]["message"]["content"]
    assert own["sources"] == []
    assert "Empty" not in str(bo.answer(question, files=picked))
    # In the page, by '#': several at once.
    make_knowledge(ada.page, stack.webui_url, "Bare")
    ada.page.goto(stack.webui_url)
    for shelf in ("Empty", "Bare"):
        pick(ada.page, shelf)
    nothing = ask(ada.page, question)
    expect(nothing.locator("p").first).to_contain_text("in: Bare and Empty")
    expect(nothing.locator("ol > li")).to_have_count(0)


BEFORE = "# Migration of Arctic Terns\n\nTerns fly from pole to pole each year. Light loggers weigh a gram."
AFTER = "# Migration of Arctic Terns\n\nCuckoos lay their eggs in the nests of reed warblers, which raise the chicks."
TERNS, CUCKOOS = "papers on terns that fly from pole to pole", "papers on cuckoos in the nests of reed warblers"


def test_each_change_takes_effect_within_ten_seconds(people: tuple[Person, Person]) -> None:
    """Edited, moved, knowledge base deleted, uploaded again: what the page does with these requests of Open WebUI's API."""
    ada, _ = people

    def post(path: str, **body: Any) -> dict[str, Any]:
        answer: dict[str, Any] = ada.client.post(f"/api/v1/{path}", json=body).raise_for_status().json()
        return answer

    def upload_terns() -> str:
        form = {"file": ("terns.md", BEFORE.encode(), "text/markdown")}
        path = "/api/v1/files/?process=true&process_in_background=false"
        return str(ada.client.post(path, files=form).raise_for_status().json()["id"])

    def found(question: str, words: str, *bases: str, file: str = "") -> bool:
        """Whether the file is cited with these words, in knowledge bases that are picked or attached to the chat."""
        picked = [{"type": "collection", "id": base} for base in bases] + ([{"type": "file", "id": file}] if file else [])
        return words in str([source["document"] for source in ada.answer(question, files=picked)["sources"]])

    first, second = (post("knowledge/create", name=name, description="")["id"] for name in ("First", "Second"))
    file_id = upload_terns()
    post(f"files/{file_id}/data/content/update", content=AFTER)  # before it lies in any knowledge base
    wait_until(lambda: found(CUCKOOS, "reed warblers", file=file_id), IN_STEP)
    post(f"knowledge/{first}/file/add", file_id=file_id)
    wait_until(lambda: found(CUCKOOS, "reed warblers"), IN_STEP)
    assert not found(TERNS, "Light loggers")
    post(f"files/{file_id}/data/content/update", content=BEFORE)
    wait_until(lambda: found(TERNS, "Light loggers"), IN_STEP)
    assert not found(CUCKOOS, "reed warblers")

    ada.client.post(f"/api/v1/knowledge/{first}/file/remove?delete_file=false", json={"file_id": file_id}).raise_for_status()
    post(f"knowledge/{second}/file/add", file_id=file_id)
    wait_until(lambda: found(TERNS, "Light loggers", second) and not found(TERNS, "Light loggers", first), IN_STEP)
    ada.client.delete(f"/api/v1/knowledge/{second}/delete").raise_for_status()
    wait_until(lambda: not found(TERNS, "Light loggers"), IN_STEP)
    post(f"knowledge/{first}/file/add", file_id=upload_terns())
    wait_until(lambda: found(TERNS, "Light loggers", first), IN_STEP)


def test_a_file_that_cannot_be_read_says_why_in_the_page(stack: RunningStack, people: tuple[Person, Person]) -> None:
    ada, _ = people
    make_knowledge(ada.page, stack.webui_url, "Locked")
    locked = BytesIO()
    canvas = Canvas(locked, encrypt=StandardEncryption("user", "owner"))
    canvas.drawString(72, 700, "Secret.")
    canvas.save()
    payload = FilePayload(name="locked.pdf", mimeType="application/pdf", buffer=locked.getvalue())
    ada.page.locator("#files-input").set_input_files([payload])
    expect(ada.page.get_by_text("locked.pdf is protected by a password").first).to_be_visible(timeout=60_000)


def test_pages_that_cannot_be_read_are_told_once_to_whoever_uploaded_them(
    stack: RunningStack, people: tuple[Person, Person]
) -> None:
    ada, _ = people
    pages = ["Puffins dig burrows on grassy islands in the north.", "Lost.", "The last page is about burrows of puffins too."]
    whole = small_pdf("Burrows of Puffins on Grassy Islands", pages)
    damaged = whole.replace(b"/Kids [4 0 R 6 0 R 8 0 R]", b"/Kids [4 0 R 1 0 R 8 0 R]")  # the second is no page
    make_knowledge(ada.page, stack.webui_url, "Puffins")
    upload(ada.page, [FilePayload(name="puffins.pdf", mimeType="application/pdf", buffer=damaged)])
    told = re.compile("“puffins.pdf” is searched without page 2: damaged")
    wait_until(lambda: ada.uploads("papers on puffins that dig burrows") != [], IN_STEP)
    ada.page.goto(stack.webui_url)
    expect(ask(ada.page, "papers on puffins that dig burrows")).to_contain_text(told)
    again = ask(ada.page, "top 3 papers on puffins that dig burrows")
    expect(again.locator("ol > li").first).to_contain_text("Puffins")
    expect(again).not_to_contain_text(told)
