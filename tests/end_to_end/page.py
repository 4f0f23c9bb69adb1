"""Open WebUI's page as a person uses it."""

import re
from collections.abc import Sequence

from playwright.sync_api import FilePayload, Locator, Page, expect


def sign_in(page: Page, url: str, email: str, password: str) -> None:
    """Sign in."""
    page.goto(url)
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
    expect(page.locator("#chat-input")).to_be_visible()


def pick_paper_finder(page: Page) -> None:
    """Choose the model in the picker."""
    page.get_by_label(re.compile("^Selected model")).click()
    page.get_by_role("option", name=re.compile("Paper Finder")).first.click()
    expect(page.get_by_label("Selected model: Paper Finder")).to_be_visible()


def ask(page: Page, question: str) -> Locator:
    """Ask in the chat that is open, wait until the answer is whole, and return it."""
    before = page.locator(".chat-assistant").count()
    page.locator("#chat-input").click()
    page.keyboard.insert_text(question)
    page.keyboard.press("Enter")
    answer = page.locator("[id^='message-']").filter(has=page.locator(".chat-assistant")).nth(before)
    expect(answer).to_be_visible()
    # The button to hear the answer read aloud comes when it has ended.
    expect(page.get_by_label("Read Aloud").nth(before)).to_be_attached()
    return answer


def make_knowledge(page: Page, url: str, name: str) -> str:
    """Make a knowledge base; its id. The page shows it."""
    page.goto(f"{url}/workspace/knowledge/create")
    page.get_by_placeholder("Name your knowledge base").fill(name)
    page.get_by_placeholder("Describe your knowledge base").fill("Papers to try uploads with")
    page.get_by_role("button", name="Create Knowledge").click()
    page.wait_for_url(re.compile(r"/workspace/knowledge/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


def upload(page: Page, files: Sequence[FilePayload]) -> None:
    """Upload files into the knowledge base that the page shows, and wait until Open WebUI says that they are there."""
    page.locator("#files-input").set_input_files(list(files))
    for file in files:
        expect(page.get_by_text(file["name"]).first).to_be_visible()
    expect(page.get_by_text(re.compile("^(Uploading|Processing)$"))).to_have_count(0, timeout=120_000)
    for file in files:
        expect(page.get_by_text(file["name"]).first).to_be_visible()
