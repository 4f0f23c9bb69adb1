"""Open WebUI's page as a person uses it."""

import re

from playwright.sync_api import Locator, Page, expect


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
