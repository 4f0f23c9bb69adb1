"""Two people and a knowledge base: who uploads papers finds them at once, others when they may, and nobody what is gone."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from playwright.sync_api import FilePayload, Page, expect

from rag.settings import CHECKOUT
from rag.stack.testing import RunningStack, wait_until
from tests.end_to_end.page import ask, make_knowledge, upload
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
        self.email, self.page = email, page
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


def test_a_knowledge_base_is_searched_by_exactly_those_who_may_read_it(
    stack: RunningStack, webui: httpx.Client, people: tuple[Person, Person]
) -> None:
    ada, bo = people
    contents = {name: paper(name) for name in TOPICS}
    knowledge = make_knowledge(ada.page, stack.webui_url, "Ada's papers")
    upload(ada.page, [FilePayload(name=name, mimeType="application/pdf", buffer=data) for name, data in contents.items()])
    listed = ada.client.get(f"/api/v1/knowledge/{knowledge}/files").raise_for_status().json()["items"]
    names = {item["id"]: item["filename"] for item in listed}
    assert set(names.values()) == set(TOPICS)

    # Ada gets all three, with the right pages, as soon as she asks.
    for name, (title, topic) in TOPICS.items():
        wait_until(lambda topic=topic: bool(ada.uploads(f"papers on {topic}")), IN_STEP)  # type: ignore[misc]
        best = ada.uploads(f"papers on {topic}")[0]
        assert title.lower() in best["source"]["name"].lower()
        cited = list(zip(best["document"], best["metadata"], strict=True))
        assert {names[place["file_id"]] for _, place in cited} == {name}
        with_page = [(text, place["page"]) for text, place in cited if "page" in place]
        assert with_page, cited
        assert all(begins_on(text, contents[name], page) for text, page in with_page), [page for _, page in with_page]

    # In the page: the answer says where was searched, and the citation opens the file at its page.
    _, topic = TOPICS["P07-1088.pdf"]
    ada.page.goto(stack.webui_url)
    answer = ask(ada.page, f"papers on {topic}")
    expect(answer.locator("p").first).to_contain_text("library + 1 knowledge base")
    first = answer.locator("ol > li").first
    expect(first).to_contain_text("in the knowledge base Ada's papers")
    page_shown = int(re.search(r"\(p\. (\d+)\)", first.inner_text()).group(1))  # type: ignore[union-attr]
    first.locator("button").first.click()
    dialog = ada.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"(page {page_shown})")
    link = dialog.locator("a").first.get_attribute("href") or ""
    opened = re.fullmatch(r"/api/v1/files/([0-9a-f-]+)/content#page=(\d+)", link)
    assert opened is not None, link
    assert names[opened[1]] == "P07-1088.pdf"
    assert int(opened[2]) == page_shown
    fetched = ada.page.request.get(f"{stack.webui_url}{link}")
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.body() == contents["P07-1088.pdf"]

    # Bo gets nothing of them; with his group's access he does, and without it, at the next question, he does not.
    question = f"papers on {topic}"
    assert bo.uploads(question) == []
    group = webui.post("/api/v1/groups/create", json={"name": "Bo's group", "description": ""}).raise_for_status().json()["id"]
    webui.post(f"/api/v1/groups/id/{group}/users/add", json={"user_ids": [bo.id]}).raise_for_status()
    grant = {"principal_type": "group", "principal_id": group, "permission": "read"}
    ada.client.post(f"/api/v1/knowledge/{knowledge}/access/update", json={"access_grants": [grant]}).raise_for_status()
    assert "Sparse Information Extraction" in bo.uploads(question)[0]["source"]["name"]
    ada.client.post(f"/api/v1/knowledge/{knowledge}/access/update", json={"access_grants": []}).raise_for_status()
    assert bo.uploads(question) == []
    bo.page.goto(stack.webui_url)
    expect(ask(bo.page, question)).not_to_contain_text("Ada's papers")

    # Ada deletes a file, and it is gone.
    file_id = next(key for key, name in names.items() if name == "P07-1088.pdf")
    ada.client.delete(f"/api/v1/files/{file_id}").raise_for_status()
    wait_until(lambda: ada.uploads(question) == [] or file_id not in str(ada.uploads(question)), IN_STEP)


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
