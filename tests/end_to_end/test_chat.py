"""A person signs in, asks, reads a ranked list, opens a citation: in English and in Chinese, as administrator and as user."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from rag.stack.testing import RunningStack
from tests.end_to_end.page import ask, pick_paper_finder

QUESTION = "find me papers on low-resource machine translation with transformers"
CHINESE = "基于Transformer的低资源机器翻译方法"

SignIn = Callable[[str, str], Page]


@pytest.fixture(params=["administrator", "ordinary user"])
def page(request: pytest.FixtureRequest, stack: RunningStack, ordinary_user: tuple[str, str], signed_in: SignIn) -> Page:
    """Signed in as one and as the other."""
    if request.param == "administrator":
        return signed_in(stack.admin_email, stack.admin_password)
    return signed_in(*ordinary_user)


@pytest.mark.parametrize(
    ("question", "status", "understood"),
    [(QUESTION, "Found 10 papers", "low-resource machine translation with transformers"), (CHINESE, "找到 10 篇论文", CHINESE)],
    ids=["English", "Chinese"],
)
def test_a_question_gets_a_ranked_list_whose_citations_open(page: Page, question: str, status: str, understood: str) -> None:
    pick_paper_finder(page)
    answer = ask(page, question)
    expect(answer.get_by_text(status).first).to_be_visible()
    expect(answer.locator("p").first).to_contain_text(understood)
    items = answer.locator("ol > li")
    expect(items).to_have_count(10)
    expect(items.filter(has_text=re.compile("translation", re.IGNORECASE)).nth(4)).to_be_visible()

    first = items.first
    title = first.locator("a").first.inner_text()
    assert (first.locator("a").first.get_attribute("href") or "").startswith("https://")
    first.locator("button").first.click()
    citation = page.get_by_role("dialog")
    expect(citation).to_contain_text(title)
    expect(citation.get_by_text(re.compile(r"^\d+(\.\d+)?%$"))).to_be_visible()
    quoted = first.locator("blockquote").inner_text().strip().rstrip("…")
    expect(citation).to_contain_text(quoted[:40])


def test_the_list_of_sources_falls_in_relevance(page: Page) -> None:
    answer = ask(page, QUESTION)
    titles = [item.locator("a").first.inner_text() for item in answer.locator("ol > li").all()]
    answer.get_by_text("10 Sources").click()
    shares = []
    for place, title in list(enumerate(titles, start=1))[::3]:
        answer.get_by_role("button", name=re.compile(rf"source: {place} {re.escape(title)}")).click()
        share = page.get_by_role("dialog").get_by_text(re.compile(r"^\d+(\.\d+)?%$"))
        shares.append(float(share.inner_text().rstrip("%")))
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1] > 0


def test_the_chat_gets_a_title_and_suggestions_that_work(page: Page) -> None:
    answer = ask(page, "papers on graph neural networks")
    expect(page).to_have_title(re.compile("graph neural networks", re.IGNORECASE))
    # Made of the whole answer, of which Open WebUI's own prompt for suggestions has the beginning and the end.
    expect(page.get_by_role("button", name="Map these")).to_be_visible()
    suggestion = page.get_by_role("button", name=re.compile("graph neural networks")).last
    expect(suggestion).to_be_visible()
    suggestion.click()
    expect(page.locator(".chat-assistant").nth(1)).to_contain_text("graph neural networks")
    expect(answer.locator("ol > li").first).to_be_visible()


def test_small_talk_and_questions_out_of_the_library(page: Page) -> None:
    expect(ask(page, "What can you do?")).to_contain_text("papers")
    nothing = ask(page, "find me papers on sourdough bread baking")
    expect(nothing.locator("ol > li")).to_have_count(0)
    expect(nothing).to_contain_text(re.compile("nothing|no paper", re.IGNORECASE))


def valves(stack: RunningStack) -> dict[str, Any]:
    """As the service has them."""
    headers = {"Authorization": f"Bearer {stack.service_key}"}
    turned: dict[str, Any] = httpx.get(f"{stack.service_url}/v1/paper-finder/valves", headers=headers).raise_for_status().json()
    return turned


def test_valves_can_be_turned_in_the_page(stack: RunningStack, signed_in: SignIn) -> None:
    page = signed_in(stack.admin_email, stack.admin_password)
    for most in (3, 50):
        page.goto(f"{stack.webui_url}/admin/settings/pipelines")
        valve = page.get_by_role("textbox", name="Most Papers")
        expect(valve).to_be_visible()
        valve.fill(str(most))
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Valves updated successfully")).to_be_visible()
        assert valves(stack)["most_papers"] == most
        page.goto(stack.webui_url)
        expect(ask(page, QUESTION).locator("ol > li")).to_have_count(min(most, 10))


def test_the_answer_comes_through_open_webuis_own_api(webui: httpx.Client) -> None:
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": QUESTION}], "stream": False}
    answer = webui.post("/api/chat/completions", json=body).raise_for_status().json()
    assert len(answer["sources"]) == 10
    assert "[10]" in answer["choices"][0]["message"]["content"]


def test_a_persons_own_credential_opens_our_api_and_a_wrong_one_does_not(stack: RunningStack, webui: httpx.Client) -> None:
    session = webui.headers["Authorization"].removeprefix("Bearer ")
    api_key = webui.post("/api/v1/auths/api_key").raise_for_status().json()["api_key"]
    wrong = "sk-00000000000000000000000000000000"
    for credential, status in ((session, 200), (api_key, 200), (wrong, 401), (session[:-2], 401)):
        headers = {"Authorization": f"Bearer {credential}"}
        answer = httpx.post(f"{stack.service_url}/v1/papers/search", json={"query": "attention", "limit": 1}, headers=headers)
        assert answer.status_code == status, answer.text


def test_uploads_are_embedded_by_our_service(webui: httpx.Client) -> None:
    text = b"A short note about sparse attention in very long documents."
    uploaded = webui.post("/api/v1/files/?process_in_background=false", files={"file": ("note.txt", text, "text/plain")})
    assert uploaded.raise_for_status().json()["id"]
    asked = {"collection_names": [f"file-{uploaded.json()['id']}"], "query": "sparse attention", "k": 1}
    found = webui.post("/api/v1/retrieval/query/collection", json=asked).raise_for_status().json()
    assert "sparse attention" in found["documents"][0][0]
