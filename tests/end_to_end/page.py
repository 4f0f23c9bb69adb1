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


def pick(page: Page, name: str) -> None:
    """Restrict the chat to a knowledge base, by typing '#' and its name."""
    page.locator("#chat-input").click()
    page.keyboard.type(f"#{name}")
    page.get_by_role("tooltip").get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}\s+collection$", re.IGNORECASE))).to_be_visible()


def make_knowledge(page: Page, url: str, name: str) -> str:
    """Make a knowledge base; its id. The page shows it."""
    page.goto(f"{url}/workspace/knowledge/create")
    page.get_by_placeholder("Name your knowledge base").fill(name)
    page.get_by_placeholder("Describe your knowledge base").fill("Papers to try uploads with")
    page.get_by_role("button", name="Create Knowledge").click()
    page.wait_for_url(re.compile(r"/workspace/knowledge/[0-9a-f-]{36}$"))
    # Files chosen before the page has seen its list are lost.
    expect(page.get_by_text("No files")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def open_knowledge(page: Page, url: str, name: str) -> None:
    """Go to a knowledge base of one's own, through the list of them."""
    page.goto(f"{url}/workspace/knowledge")
    page.get_by_text(name, exact=True).click()
    page.wait_for_url(re.compile(r"/workspace/knowledge/[0-9a-f-]{36}$"))


def upload(page: Page, files: Sequence[FilePayload]) -> None:
    """Upload files into the knowledge base that the page shows, and wait until Open WebUI says that they are there."""
    page.locator("#files-input").set_input_files(list(files))
    for file in files:
        expect(page.get_by_text(file["name"]).first).to_be_visible()
    expect(page.get_by_text(re.compile("^(Uploading|Processing)$"))).to_have_count(0, timeout=120_000)
    for file in files:
        expect(page.get_by_text(file["name"]).first).to_be_visible()


def share(page: Page, group: str) -> None:
    """Let a group read the knowledge base that the page shows."""
    page.get_by_role("button", name="Access", exact=True).click()
    page.get_by_role("button", name="Add Access").click()
    page.get_by_role("dialog").get_by_role("button", name=re.compile(f"^{re.escape(group)}")).click()
    page.get_by_role("button", name="Add", exact=True).click()
    access = page.get_by_role("dialog").filter(has_text="Access List")
    expect(access.get_by_text(group)).to_be_visible()
    expect(page.get_by_text("Saved")).to_be_visible()
    access.get_by_role("button", name="Close").click()


def revoke(page: Page, group: str) -> None:
    """Take that back. It is the only one the knowledge base is shared with."""
    page.get_by_role("button", name="Access", exact=True).click()
    access = page.get_by_role("dialog").filter(has_text="Access List")
    expect(access.get_by_text(group)).to_be_visible()
    access.get_by_role("button").last.click()
    expect(access.get_by_text("No access grants")).to_be_visible()
    expect(page.get_by_text("Saved")).to_be_visible()
    access.get_by_role("button", name="Close").click()


def remove_from_knowledge(page: Page, name: str) -> None:
    """Take a file out of the knowledge base that the page shows."""
    page.get_by_role("button", name=name).hover()
    page.get_by_role("button", name=name).locator("xpath=..").get_by_role("button", name="More").click()
    page.get_by_role("button", name="Remove from knowledge").click()
    page.get_by_role("dialog").get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("button", name=name)).to_have_count(0)


def delete_file(page: Page, url: str, name: str) -> None:
    """Delete one's own file in the settings, under Data Controls."""
    page.goto(url)
    page.get_by_role("button", name="User menu").click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_role("tab", name="Data Controls").click()
    page.get_by_role("button", name="Manage Files").click()
    page.get_by_role("button", name=f"Actions for {name}").click()
    page.get_by_role("menu").get_by_role("button", name="Delete").click()
    page.get_by_role("dialog", name="Delete 1 file?").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name=f"Actions for {name}")).to_have_count(0)
