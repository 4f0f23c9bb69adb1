"""A dialogue in the real page: a question, refined, seen over the years and as a map, more like one of the papers, exported."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from rag.stack.testing import RunningStack
from tests.end_to_end.page import ask
from tests.end_to_end.test_chat import SignIn


@pytest.fixture
def page(stack: RunningStack, signed_in: SignIn) -> Page:
    """Signed in as administrator."""
    return signed_in(stack.admin_email, stack.admin_password)


def picture(answer: Locator) -> Locator:
    """The drawing in an answer's frame, which is as high as its content."""
    frame = answer.locator("iframe")
    expect(frame).to_have_count(1)
    drawing = frame.content_frame.locator("svg")
    expect(drawing).to_be_visible()
    shown, whole = frame.bounding_box(), drawing.bounding_box()
    assert shown
    assert whole
    assert shown["height"] >= whole["height"] > 100
    return drawing


def test_a_dialogue_keeps_its_thread(page: Page) -> None:
    expect(ask(page, "papers on machine translation").locator("ol > li")).to_have_count(10)

    refined = ask(page, "since 2016")
    expect(refined.locator("p").first).to_contain_text("machine translation · since 2016")
    second = refined.locator("ol > li").nth(1).locator("a").first.inner_text()

    over_years = ask(page, "when was this studied?")
    expect(over_years.locator("table")).to_contain_text("2018")
    assert picture(over_years).locator("rect").count() >= 5

    on_a_map = ask(page, "map these")
    dots = picture(on_a_map).locator("a")
    assert dots.count() >= 10
    with page.expect_popup() as opened:
        dots.first.click()
    assert opened.value.url.startswith(("https://", "http://", "about:", "chrome-error:"))
    opened.value.close()

    similar = ask(page, f"more like “{second}”")
    expect(similar.locator("p").first).to_contain_text(second[:40])
    expect(similar.locator("ol > li").filter(has_text=second)).to_have_count(0)

    exported = ask(page, "export 1, 3 and 5 as RIS")
    expect(exported).to_contain_text("3 papers as RIS")
    expect(exported.locator(".cm-content, pre")).to_contain_text(re.compile("TY {2}- "))
