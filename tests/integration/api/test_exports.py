"""Exports over HTTP."""

import json
import re
import socket

import httpx
import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from rag.stack.testing import wait_until
from tests.integration.api.conftest import KEY, Service, running


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


def test_a_link_in_an_answer_gives_the_file_without_signing_in(service: Service) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = service.settings.model_copy(update={"public_url": f"http://127.0.0.1:{port}"})
    with running(settings) as url, httpx.Client(base_url=url, timeout=60) as client:
        wait_until(lambda: client.get("/ready").is_success, 120)
        messages = [{"role": "user", "content": "top 3 papers on word embeddings"}]
        for said in ("", "export these as RIS"):
            messages += [{"role": "user", "content": said}] if said else []
            body = {"model": "paper-finder", "messages": messages}
            answer = client.post("/v1/chat/completions", json=body, headers={"Authorization": f"Bearer {KEY}"}).json()
            messages.append({"role": "assistant", "content": answer["choices"][0]["message"]["content"]})
        found = re.search(
            r"\[\*\*Download papers\.ris\*\*\]\(http://127\.0\.0\.1:\d+(/v1/papers/files/\S+)\)", messages[-1]["content"]
        )
        assert found is not None, messages[-1]["content"]
        file = client.get(found[1])
        assert file.headers["content-disposition"] == 'attachment; filename="papers.ris"'
        assert len(rispy.loads(file.text)) == 3
        assert client.get(found[1][:-2] + "xx").status_code == 404
