"""Sources by name: ``arxiv:``, ``openalex:``, ``pubmed:``, ``doi:`` and web addresses, fetched page by page into files."""

import hashlib
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from urllib.parse import quote, urlencode, urlsplit

from rag.errors import FetchError, InvalidRequestError
from rag.ingest.clock import Clock, SystemClock
from rag.ingest.fetching import Fetcher
from rag.ingest.progress import Progress
from rag.settings import Settings

FRESH = timedelta(days=1)
"""A page that was fetched within this time is not fetched again: what was broken off goes on where it stopped."""
_PAGE = 100
_NAME = re.compile(r"(arxiv|openalex|pubmed|doi):(.+)", re.IGNORECASE | re.DOTALL)
_WEB = re.compile(r"https?://", re.IGNORECASE)
_SINCE = re.compile(r"\s+since\s+(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?\s*$", re.IGNORECASE)
_TOTAL = re.compile(rb"totalResults[^>]*>\s*(\d+)")
_CSL = {"Accept": "application/vnd.citationstyles.csl+json"}


@dataclass(frozen=True, slots=True)
class Services:
    """Where the services answer, and the seconds that each wants between two requests."""

    arxiv: str = "https://export.arxiv.org/api/query"
    openalex: str = "https://api.openalex.org/works"
    pubmed: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    doi: str = "https://doi.org"
    arxiv_pause: float = 3.0
    pause: float = 0.4


@dataclass(frozen=True, slots=True)
class Question:
    """What a service is asked for, and the first day that counts ('2024-01-01'; '' for any)."""

    words: str
    since: str = ""


def is_remote(source: str) -> bool:
    """Whether it is a source by name, and no path."""
    return _NAME.fullmatch(source) is not None or _WEB.match(source) is not None


def question_of(words: str) -> Question:
    """The words, and the day behind 'since' at their end."""
    found = _SINCE.search(words)
    if found is None:
        return Question(words.strip())
    year, month, day = found.groups()
    return Question(words[: found.start()].strip(), f"{year}-{month or '01'}-{day or '01'}")


class Remote:
    """Fetches sources into a folder of its own each; the files are what an import then reads."""

    def __init__(
        self, folder: Path, fetcher: Fetcher, clock: Clock | None = None, services: Services | None = None, openalex_key: str = ""
    ) -> None:
        self._folder = folder
        self._fetcher = fetcher
        self._clock = clock or SystemClock()
        self._services = services or Services()
        self._openalex_key = openalex_key
        self._asked = False

    async def files(self, source: str, limit: int, told: Callable[[str], None]) -> list[Path]:
        """The pages of a source, up to ``limit`` papers of a search; ``told`` hears of each.

        Raises:
            FetchError: nothing came from the service; the pages that came before stay, and the next call goes on from there.
            InvalidRequestError: nothing is asked for.
        """
        named = _NAME.fullmatch(source)
        words = named.group(2).strip() if named else source
        if not words:
            raise InvalidRequestError(f"{source} asks for nothing.")
        folder = self._folder / hashlib.sha256(f"{source}\0{limit}".encode()).hexdigest()[:24]
        folder.mkdir(parents=True, exist_ok=True)
        pages = {"arxiv": self._arxiv, "openalex": self._openalex, "pubmed": self._pubmed, "doi": self._dois}
        work = pages[named.group(1).lower()](words, limit, folder) if named else self._address(words, folder)
        found = []
        async for page in work:
            found.append(page)
            told(f"{source}: {len(found)} fetched")
        return found

    async def _arxiv(self, words: str, limit: int, folder: Path) -> AsyncIterator[Path]:
        asked = question_of(words)
        query = asked.words
        if asked.since:
            query = f"({query}) AND submittedDate:[{asked.since.replace('-', '')}0000 TO 299912312359]"
        total = limit
        for start in range(0, limit, _PAGE):
            if start >= total:
                return
            parameters = {
                "search_query": query,
                "start": start,
                "max_results": min(_PAGE, limit - start),
                "sortBy": "submittedDate",
                "sortOrder": "descending",
            }
            page = folder / f"{start:06}.atom"
            await self._page(f"{self._services.arxiv}?{urlencode(parameters)}", page, self._services.arxiv_pause)
            said = _TOTAL.search(page.read_bytes()[:10_000])
            total = int(said.group(1)) if said else 0
            yield page

    async def _openalex(self, words: str, limit: int, folder: Path) -> AsyncIterator[Path]:
        asked, cursor, number = question_of(words), "*", 0
        while cursor and number * _PAGE < limit:
            parameters = {"search": asked.words, "per-page": str(min(_PAGE, limit - number * _PAGE)), "cursor": cursor}
            parameters |= {"filter": f"from_publication_date:{asked.since}"} if asked.since else {}
            parameters |= {"api_key": self._openalex_key} if self._openalex_key else {}
            page = folder / f"{number:06}.json"
            await self._page(f"{self._services.openalex}?{urlencode(parameters)}", page, self._services.pause)
            answer = _json(page)
            meta = answer.get("meta")
            cursor = str(meta.get("next_cursor") or "") if isinstance(meta, dict) and answer.get("results") else ""
            number += 1
            yield page

    async def _pubmed(self, words: str, limit: int, folder: Path) -> AsyncIterator[Path]:
        asked, base = question_of(words), self._services.pubmed
        dates = {"datetype": "pdat", "mindate": asked.since.replace("-", "/"), "maxdate": "3000"} if asked.since else {}
        for start in range(0, limit, _PAGE):
            parameters = {
                "db": "pubmed",
                "term": asked.words,
                "retmode": "json",
                "retstart": start,
                "retmax": min(_PAGE, limit - start),
            }
            ids = folder / f"{start:06}.ids"
            await self._page(f"{base}/esearch.fcgi?{urlencode(parameters | dates)}", ids, self._services.pause)
            result = _json(ids).get("esearchresult")
            found = [str(one) for one in result.get("idlist", [])] if isinstance(result, dict) else []
            if not found:
                return
            page = folder / f"{start:06}.xml"
            parameters = {"db": "pubmed", "id": ",".join(found), "retmode": "xml"}
            await self._page(f"{base}/efetch.fcgi?{urlencode(parameters)}", page, self._services.pause)
            yield page
            if len(found) < _PAGE:
                return

    async def _dois(self, words: str, limit: int, folder: Path) -> AsyncIterator[Path]:
        for doi in words.split()[:limit]:
            page = folder / f"{hashlib.sha256(doi.encode()).hexdigest()[:16]}.json"
            await self._page(f"{self._services.doi}/{quote(doi.strip(',;'))}", page, self._services.pause, _CSL)
            yield page

    async def _address(self, url: str, folder: Path) -> AsyncIterator[Path]:
        name = PurePosixPath(urlsplit(url).path).name
        page = folder / (re.sub(r"[^\w.-]", "_", name)[-100:].lstrip(".") or "page.html")
        await self._page(url, page, self._services.pause)
        yield page

    def _is_fresh(self, page: Path) -> bool:
        return page.exists() and self._clock.now().timestamp() - page.stat().st_mtime < FRESH.total_seconds()

    async def _page(self, url: str, page: Path, pause: float, headers: Mapping[str, str] | None = None) -> None:
        """Fetch a page, unless it is there and fresh; a service is left alone for ``pause`` seconds between two."""
        if self._is_fresh(page):
            return
        if self._asked:
            await self._clock.sleep(pause)
        self._asked = True
        await self._fetcher.fetch(url, page, headers)


async def fetched(sources: Sequence[str], settings: Settings, limit: int, progress: Progress) -> list[Path]:
    """The paths among the sources as they are, and the files of those by name.

    Raises:
        FetchError: one of these cannot be fetched.
    """
    paths: list[Path] = []
    key = settings.openalex_key.get_secret_value() if settings.openalex_key else ""
    fetcher = Fetcher()
    try:
        remote = Remote(settings.home / "cache" / "sources", fetcher, openalex_key=key)
        for source in sources:
            paths += await remote.files(source, limit, progress.phase) if is_remote(source) else [Path(source)]
    finally:
        await fetcher.aclose()
    return paths


def _json(page: Path) -> dict[str, object]:
    """The answer of a service. Raises FetchError when it is none, and forgets the page."""
    try:
        answer = json.loads(page.read_bytes())
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        page.unlink()
        raise FetchError("The service's answer cannot be understood.")
    return answer
