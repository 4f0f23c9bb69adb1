"""``/v1/papers/…/similar`` and ``/v1/recommendations`` over the sample library."""

import httpx
import pytest


def id_of(client: httpx.Client, title: str) -> str:
    papers = client.post("/v1/papers/search", json={"query": title, "limit": 5}).json()["papers"]
    return next(str(paper["id"]) for paper in papers if paper["title"] == title)


@pytest.fixture
def attention(client: httpx.Client) -> str:
    return id_of(client, "Attention Is All You Need")


def test_similar_papers(client: httpx.Client, attention: str) -> None:
    papers = client.get(f"/v1/papers/{attention}/similar", params={"limit": 5, "year_from": 2014}).json()["papers"]
    assert len(papers) == 5
    assert attention not in {paper["id"] for paper in papers}
    assert all(paper["year"] >= 2014 for paper in papers)
    assert any("translation" in paper["title"].lower() for paper in papers)


def test_similar_to_several(client: httpx.Client, attention: str) -> None:
    first = client.get(f"/v1/papers/{attention}/similar").json()["papers"][0]["id"]
    body = {"like": [attention], "unlike": [first], "limit": 3}
    papers = client.post("/v1/papers/similar", json=body).json()["papers"]
    assert 0 < len(papers) <= 3
    assert not {attention, first} & {paper["id"] for paper in papers}


def test_recommendations(client: httpx.Client, attention: str) -> None:
    body = {"papers": [attention], "limit": 3}
    papers = client.post("/v1/recommendations", json=body).json()["papers"]
    assert len(papers) == 3
    for paper in papers:
        assert paper["why"]["nearest"] == {"id": attention, "title": "Attention Is All You Need"}
        assert paper["why"]["text"].startswith("Near “Attention Is All You Need”")
    without = client.post("/v1/recommendations", json={**body, "dismissed": [papers[0]["id"]], "language": "zh"}).json()["papers"]
    assert [paper["id"] for paper in without][:2] == [paper["id"] for paper in papers][1:]
    assert without[0]["why"]["text"].startswith("与您已有的")
    # All that there is belongs to the sample.
    assert client.post("/v1/recommendations", json={"collection": "sample"}).json() == {"papers": []}


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/recommendations", {}, 400, "name either papers or a collection"),
        ("/v1/recommendations", {"papers": ["p0"], "collection": "sample"}, 400, "name either papers or a collection"),
        ("/v1/recommendations", {"collection": "nowhere"}, 400, "There are: sample"),
        ("/v1/recommendations", {"papers": ["p0"]}, 404, "'p0'"),
        ("/v1/papers/similar", {"like": []}, 400, "like"),
        ("/v1/papers/similar", {"like": ["p0"]}, 404, "'p0'"),
    ],
)
def test_mistakes_are_told(client: httpx.Client, path: str, body: dict[str, object], status: int, said: str) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == status
    assert said in answer.json()["error"]["message"]


def test_a_wrong_limit_in_the_address_is_told(client: httpx.Client, attention: str) -> None:
    assert client.get("/v1/papers/p0/similar").status_code == 404
    answer = client.get(f"/v1/papers/{attention}/similar", params={"limit": 0})
    assert answer.status_code == 400
    assert "limit" in answer.json()["error"]["message"]
