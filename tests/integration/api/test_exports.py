"""Exports over HTTP."""

import json

import httpx
import pytest
import rispy
from bibtexparser.entrypoint import parse_string


def found(client: httpx.Client, query: str) -> list[str]:
    papers = client.post("/v1/papers/search", json={"query": query, "limit": 3}).json()["papers"]
    return [paper["id"] for paper in papers]


def test_papers_are_exported_by_id_in_that_order(client: httpx.Client) -> None:
    ids = found(client, "graph neural networks")[::-1]
    answer = client.get("/v1/papers/export", params={"ids": ids, "format": "ris"})
    assert answer.headers["content-type"] == "application/x-research-info-systems; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="papers.ris"'
    assert [record["id"] for record in rispy.loads(answer.text)] == ids


def test_what_a_search_finds_is_exported(client: httpx.Client) -> None:
    answer = client.get("/v1/papers/export", params={"query": "word embeddings", "limit": 4, "year_from": 2013})
    entries = parse_string(answer.text).entries
    assert len(entries) == 4
    assert all(int(entry["year"]) >= 2013 for entry in entries)


def test_every_format_is_offered(client: httpx.Client) -> None:
    for name in ("bibtex", "ris", "csl-json", "csv", "markdown"):
        answer = client.get("/v1/papers/export", params={"query": "word embeddings", "format": name})
        assert answer.is_success
        assert answer.text
    assert len(json.loads(client.get("/v1/papers/export", params={"query": "word embeddings", "format": "csl-json"}).text)) == 10


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ({}, 400, "either their ids, or a query"),
        ({"ids": ["p0"], "query": "x"}, 400, "either their ids, or a query"),
        ({"ids": ["p0"]}, 404, "no paper with the id 'p0'"),
        ({"query": "x", "format": "docx"}, 400, "format"),
        ({"query": "x", "collections": ["nowhere"]}, 400, "nowhere"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(
    client: httpx.Client, query: dict[str, str | list[str]], status: int, said: str
) -> None:
    answer = client.get("/v1/papers/export", params=query)
    assert (answer.status_code, said in answer.text) == (status, True)
