"""Takes the README's picture of the real page: ``python -m tests.end_to_end.photograph FILE``."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from rag.stack.testing import running_stack
from tests.end_to_end.conftest import FLAGS, chromium
from tests.end_to_end.page import ask, sign_in

QUESTION = "find me papers on low-resource machine translation since 2018, not surveys"


def main(picture: Path) -> None:
    """Start, ask, open the third citation's list, photograph."""
    with tempfile.TemporaryDirectory() as folder, running_stack(Path(folder) / "home") as stack, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1200, "height": 860}, device_scale_factor=1)
        sign_in(page, stack.webui_url, stack.admin_email, stack.admin_password)
        page.get_by_text("Okay, Let's Go!").click()
        expect(page.locator("[data-sonner-toast]")).to_have_count(0)
        answer = ask(page, QUESTION)
        expect(answer.locator("ol > li").first).to_be_visible()
        page.locator("#messages-container").evaluate("element => { element.scrollTop = 0 }")
        expect(answer.locator("p").first).to_be_in_viewport()
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
