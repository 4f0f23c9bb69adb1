"""Open WebUI's part when it uploads: what broke off has failed, and a person uploads it again, until every file is in."""

import random
import threading
import uuid
from collections.abc import Iterable
from queue import Empty, Queue

import httpx

from tests.faults.victim import KEY
from tests.pdfs import small_pdf

HANDS = 4
"""Uploads at the same time."""
PAGES = 3


def small_file(number: int) -> tuple[str, bytes]:
    """Name and bytes of a short paper: a PDF, or Markdown."""
    title = f"On Subject {number}"
    pages = [
        f"Page {page} of subject {number}. " + " ".join(f"Sentence {n} tells of thing {number}-{page}-{n}." for n in range(60))
        for page in range(PAGES)
    ]
    if number % 2:
        return f"{number}.pdf", small_pdf(title, pages)
    return f"{number}.md", "\n\n".join([f"# {title}", *(f"## Part {page}\n\n{text}" for page, text in enumerate(pages))]).encode()


class Uploader:
    """Uploads files while the service comes and goes."""

    def __init__(self, url: str, seed: int) -> None:
        self.completed: dict[int, str] = {}
        """Number of a file → the id under which Open WebUI told that it is completed."""
        self.failed = 0
        """Tries that broke off."""
        self.refused: list[str] = []
        """Answers that no file of these should get."""
        self._url = url
        self._random = random.Random(seed)
        self._waiting: Queue[tuple[int, str]] = Queue()
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._work) for _ in range(HANDS)]
        for thread in self._threads:
            thread.start()

    def put(self, numbers: Iterable[int]) -> None:
        """Have files uploaded."""
        for number in numbers:
            self._waiting.put((number, str(uuid.uuid4())))

    def close(self) -> None:
        """End the threads."""
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        with httpx.Client(base_url=self._url, headers={"Authorization": f"Bearer {KEY}"}, timeout=120) as client:
            while not self._done.is_set():
                try:
                    number, file_id = self._waiting.get(timeout=0.1)
                except Empty:
                    continue
                if not self._upload(client, number, file_id):
                    self.failed += 1
                    self._done.wait(0.05)
                    # A person uploads it as a new file; a program may try the same one again.
                    self._waiting.put((number, file_id if self._random.random() < 0.5 else str(uuid.uuid4())))

    def _upload(self, client: httpx.Client, number: int, file_id: str) -> bool:
        name, content = small_file(number)
        headers = {"X-Paper-Finder-File": file_id, "X-Paper-Finder-Name": name, "X-Paper-Finder-User": "ada"}
        try:
            response = client.put("/process", content=content, headers=headers)
        except httpx.TransportError:
            return False
        if response.is_success and response.json():
            self.completed[number] = file_id
        elif response.status_code < 500:
            self.refused.append(response.text)
        return response.is_success
