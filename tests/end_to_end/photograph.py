"""Takes the README's pictures of the real page: ``python -m tests.end_to_end.photograph FOLDER``."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from rag.stack.testing import RunningStack, running_stack
from tests.end_to_end.conftest import FLAGS, chromium
from tests.end_to_end.page import ask, sign_in

TURNS = (
    ("chat", "find me papers on low-resource machine translation since 2018, not surveys"),
    ("refine", "drop the year"),
    ("chart", "when was this studied?"),
    ("map", "map these"),
    ("similar", "more like the second one"),
    ("export", "export 1, 3 and 5 as RIS"),
)
"""Names of the pictures, and what is said before each."""


def main(folder: Path) -> None:
    """Start, talk, and photograph each answer from its beginning: in light, and the pictures in dark as well."""
    with tempfile.TemporaryDirectory() as home, running_stack(Path(home) / "home") as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        talk(browser, stack, folder)
        browser.close()


def talk(browser: Browser, stack: RunningStack, folder: Path) -> None:
    """The dialogue of ``TURNS``."""
    page = browser.new_page(viewport={"width": 1200, "height": 860}, device_scale_factor=1)
    sign_in(page, stack.webui_url, stack.admin_email, stack.admin_password)
    page.get_by_text("Okay, Let's Go!").click()
    expect(page.locator("[data-sonner-toast]")).to_have_count(0)
    for name, said in TURNS:
        answer = ask(page, said)
        answer.evaluate("element => element.scrollIntoView({block: 'start'})")
        expect(answer).to_be_in_viewport()
        page.screenshot(path=folder / f"{name}.png")
        if name in ("chart", "map"):
            expect(answer.locator("iframe").content_frame.locator("svg")).to_be_visible()
            page.screenshot(path=folder / f"{name}.png")
            page.emulate_media(color_scheme="dark")
            page.screenshot(path=folder / f"{name}-dark.png")
            page.emulate_media(color_scheme="light")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
