"""Sources by name, against answers of our making served on loopback."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from rag.errors import FetchError, InvalidRequestError
from rag.ingest import readers_for
from rag.ingest.fetching import Fetcher
from rag.ingest.remote import Question, Remote, Services, is_remote, question_of
from rag.ingest.testing import FakeClock
from rag.papers import PaperRecord
from tests.unit.ingest.conftest import Server, reply

pytestmark = pytest.mark.anyio

TOTAL = 230
FEED = (
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
    "<o:totalResults>{total}</o:totalResults>{entries}</feed>"
)
ENTRY = "<entry><id>http://arxiv.org/abs/2401.{number:05}v1</id><title>Paper {number}</title></entry>"
ARTICLE = (
    "<PubmedArticle><MedlineCitation><PMID>{id}</PMID><Article><ArticleTitle>P {id}</ArticleTitle></Article></MedlineCitation>"
    "</PubmedArticle>"
)


def answer(head: str, number: int) -> bytes:
    """As the services do; the second request of all is one too many for them."""
    if number == 2:
        return reply("", "429 Too Many Requests", Retry_After="7")
    url = urlsplit(head.split()[1])
    asked = {name: values[0] for name, values in parse_qs(url.query).items()}
    if url.path == "/arxiv":
        first, count = int(asked["start"]), int(asked["max_results"])
        entries = "".join(ENTRY.format(number=one) for one in range(first, min(first + count, TOTAL)))
        return reply(FEED.format(total=TOTAL, entries=entries))
    if url.path == "/openalex":
        at = 0 if asked["cursor"] == "*" else int(asked["cursor"])
        works = [
            {"id": f"https://openalex.org/W{one}", "title": f"Work {one}", "authorships": []}
            for one in range(at, at + int(asked["per-page"]))
        ]
        following = str(at + 100) if at < 200 else None
        return reply(json.dumps({"meta": {"next_cursor": following}, "results": works[: TOTAL - at]}))
    if url.path == "/pubmed/esearch.fcgi":
        first = int(asked["retstart"])
        ids = [str(1 + one) for one in range(first, min(first + int(asked["retmax"]), TOTAL))]
        return reply(json.dumps({"esearchresult": {"idlist": ids}}))
    if url.path == "/pubmed/efetch.fcgi":
        articles = "".join(ARTICLE.format(id=one) for one in asked["id"].split(","))
        return reply(f"<PubmedArticleSet>{articles}</PubmedArticleSet>")
    if url.path.startswith("/doi/"):
        return reply(json.dumps({"type": "article", "DOI": unquote(url.path[5:]), "title": f"Of {unquote(url.path[5:])}"}))
    return reply("@article{web, title={From the web}}")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def remote(server: Server, clock: FakeClock, tmp_path: Path) -> AsyncIterator[Remote]:
    server.answer = answer
    fetcher = Fetcher(clock, trusted=frozenset({server.place}))
    base = f"http://{server.place}"
    services = Services(f"{base}/arxiv", f"{base}/openalex", f"{base}/pubmed", f"{base}/doi")
    yield Remote(tmp_path / "sources", fetcher, clock, services, openalex_key="secret")
    await fetcher.aclose()


def papers(paths: list[Path]) -> list[PaperRecord]:
    return [
        item for source in readers_for(paths).found for item in source.reader.read(source.path) if isinstance(item, PaperRecord)
    ]


def silent(_: str) -> None:
    """Nobody watches."""


@pytest.mark.parametrize(
    ("source", "limit", "count", "first"),
    [
        ("arxiv:cat:cs.CL since 2024", 1_000, TOTAL, "Paper 0"),
        ("arxiv:cat:cs.CL", 150, 150, "Paper 0"),
        ("openalex:dense retrieval since 2024-05", 1_000, TOTAL, "Work 0"),
        ("pubmed:sleep AND memory since 2020-02-03", 1_000, TOTAL, "P 1"),
        ("pubmed:sleep", 50, 50, "P 1"),
        ("doi:10.1000/a(b)c, 10.1000/two", 10, 2, "Of 10.1000/a(b)c"),
    ],
)
async def test_all_pages_of_a_search(
    source: str,
    limit: int,
    count: int,
    first: str,
    remote: Remote,
    server: Server,
    clock: FakeClock,
) -> None:
    told: list[str] = []
    paths = await remote.files(source, limit, told.append)
    found = papers(paths)
    assert (len(found), found[0].title) == (count, first)
    assert len(told) == len(paths)
    assert 7 in clock.waits
    requests = len(server.asked)
    assert await remote.files(source, limit, silent) == paths
    assert len(server.asked) == requests


@pytest.mark.parametrize(
    ("source", "asked"),
    [
        ("arxiv:cat:cs.CL since 2024", "(cat:cs.CL) AND submittedDate:[202401010000 TO 299912312359]"),
        ("openalex:dense retrieval since 2024-05", "from_publication_date:2024-05-01"),
        ("pubmed:sleep since 2020-02-03", "2020/02/03"),
    ],
)
async def test_the_day_is_asked_for(source: str, asked: str, remote: Remote, server: Server) -> None:
    await remote.files(source, 10, silent)
    query = parse_qs(urlsplit(server.asked[0].split()[1]).query)
    assert asked in [value for values in query.values() for value in values]


async def test_a_web_address_is_read_by_what_is_there(remote: Remote, server: Server) -> None:
    paths = await remote.files(f"http://{server.place}/lists/../my%20list.bib?x=1", 10, silent)
    assert [path.name for path in paths] == ["my_20list.bib"]
    assert [paper.title for paper in papers(paths)] == ["From the web"]


async def test_what_was_broken_off_goes_on(remote: Remote, server: Server) -> None:
    server.answer = lambda head, number: answer(head, 1) if number == 1 else reply("", "404 Not Found")
    with pytest.raises(FetchError):
        await remote.files("arxiv:cat:cs.CL", 300, silent)
    server.answer = lambda head, _: answer(head, 1)
    assert len(papers(await remote.files("arxiv:cat:cs.CL", 300, silent))) == TOTAL
    assert sum("start=0&" in head for head in server.asked) == 1


async def test_an_answer_that_is_none_is_forgotten(remote: Remote, server: Server) -> None:
    server.answer = lambda *_: reply("<html>Down for maintenance</html>")
    with pytest.raises(FetchError, match="cannot be understood"):
        await remote.files("openalex:x", 10, silent)
    server.answer = lambda head, _: answer(head, 1)
    assert len(papers(await remote.files("openalex:x", 10, silent))) == 10


async def test_nothing_asked_for(remote: Remote) -> None:
    with pytest.raises(InvalidRequestError):
        await remote.files("doi: ", 10, silent)


def test_names_and_paths() -> None:
    assert all(map(is_remote, ["arxiv:x", "ArXiv:x", "https://example.org/a.bib", "http://x"]))
    assert not any(map(is_remote, ["papers/arxiv:x.bib", "library.bib", "arxiv", "ftp://x"]))
    assert question_of("graphs since 2020-05") == Question("graphs", "2020-05-01")
    assert question_of("since yesterday") == Question("since yesterday")
