"""The whole product as ``make up`` starts it, and a real browser."""

import shutil
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rag.stack.testing import RunningStack, running_stack
from tests.end_to_end.page import sign_in

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
USER_EMAIL, USER_PASSWORD = "reader@example.org", "a long enough password"

expect.set_options(timeout=30_000)


def chromium() -> str:
    """The path of Chromium."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path is not None, "Chromium is missing: scripts/chromium installs it or says how"
    return path


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """Everything running on free ports, with the sample library."""
    with running_stack(tmp_path_factory.mktemp("up") / "home") as started:
        yield started


@pytest.fixture(scope="package")
def webui(stack: RunningStack) -> Iterator[httpx.Client]:
    """Open WebUI's API, asked by the administrator."""
    with httpx.Client(base_url=stack.webui_url, timeout=60) as client:
        account = {"email": stack.admin_email, "password": stack.admin_password}
        answer = client.post("/api/v1/auths/signin", json=account).raise_for_status()
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        # The release notes would come up over whatever page the administrator opens first.
        client.post("/api/v1/users/user/settings/update", json={"ui": {"showChangelog": False}}).raise_for_status()
        yield client


@pytest.fixture(scope="package")
def ordinary_user(webui: httpx.Client) -> tuple[str, str]:
    """E-mail and password of an account that is no administrator's."""
    account = {"name": "Reader", "email": USER_EMAIL, "password": USER_PASSWORD, "role": "user"}
    webui.post("/api/v1/auths/add", json=account).raise_for_status()
    return USER_EMAIL, USER_PASSWORD


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def signed_in(browser: Browser, stack: RunningStack, webui: httpx.Client) -> Iterator[Callable[[str, str], Page]]:
    """A new page, signed in with an e-mail and a password."""
    assert webui.headers["Authorization"]
    contexts = []

    def sign_in_as(email: str, password: str) -> Page:
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        sign_in(page, stack.webui_url, email, password)
        return page

    yield sign_in_as
    for context in contexts:
        context.close()
