"""The other surfaces: keys, papers, the Pipelines protocol, health."""

import json
import re
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from rag.settings import Settings
from tests.integration.api.conftest import KEY, Service, running

GUARDED = [
    ("GET", "/v1/models"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/embeddings"),
    ("POST", "/v1/papers/search"),
    ("GET", "/v1/papers/p0"),
    ("GET", "/v1/papers/p0/similar"),
    ("POST", "/v1/papers/similar"),
    ("GET", "/v1/papers/export"),
    ("POST", "/v1/recommendations"),
    ("GET", "/v1/pipelines"),
    ("GET", "/v1/paper-finder/valves"),
    ("GET", "/v1/paper-finder/valves/spec"),
    ("POST", "/v1/paper-finder/valves/update"),
    ("POST", "/v1/paper-finder/filter/inlet"),
    ("POST", "/v1/paper-finder/filter/outlet"),
    ("POST", "/v1/pipelines/add"),
    ("POST", "/v1/pipelines/upload"),
    ("DELETE", "/v1/pipelines/delete"),
    ("GET", "/metrics"),
]


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_nothing_answers_without_a_key(service: Service, method: str, path: str) -> None:
    with service.client(key="") as client:
        body = {"model": "paper-finder", "messages": [{"role": "user", "content": "hi"}], "query": "x", "input": "x", "body": {}}
        response = client.request(method, path, json=body)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "invalid_api_key"


def test_a_wrong_key_is_somebody_open_webui_has_to_know(service: Service) -> None:
    # Open WebUI does not run here: nobody can say whose key it is, so it opens nothing.
    with service.client(key="sk-somebody") as client:
        response = client.get("/v1/models")
        assert response.status_code == 503
        assert response.json()["error"]["code"] == "webui_unavailable"


def test_a_person_forwarded_by_open_webui_may_ask_but_not_turn_valves(service: Service) -> None:
    with service.client(key="a-session-token") as client:
        client.headers["X-Paper-Finder-Key"] = KEY
        assert client.get("/v1/models").status_code == 200
        assert client.post("/v1/paper-finder/valves/update", json={}).status_code == 403


def test_every_route_is_guarded_but_health_ready_and_files_whose_link_one_has(service: Service) -> None:
    open_paths = set()
    with service.client(key="") as client:
        for path, methods in client.get("/openapi.json").json()["paths"].items():
            for method in methods:
                url = path.format(pipeline_id="paper-finder", model_id="paper-finder", paper_id="p0", ticket="none.of-ours")
                if client.request(method, url, json={}).status_code not in {401, 405}:
                    open_paths.add(path)
    assert open_paths == {"/health", "/ready", "/v1/papers/files/{ticket}"}


def test_search_and_one_paper(client: httpx.Client) -> None:
    body = {"query": "attention transformer", "limit": 3, "filters": {"year_from": 2015, "collections": ["sample"]}}
    answer = client.post("/v1/papers/search", json=body).json()
    assert answer["query"]["filters"] == {"year_from": 2015, "collections": ["sample"]}
    first = answer["papers"][0]
    assert {"id", "source_id", "title", "authors", "year", "venue", "url", "doi", "arxiv_id", "score", "passages"} <= set(first)
    assert {"text", "page", "section", "score"} == set(first["passages"][0])
    paper = client.get(f"/v1/papers/{first['id']}").json()
    assert (paper["title"], paper["sections"], paper["references"]) == (first["title"], [], None)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"query": ""}, "query"),
        ({"query": "x", "limit": 0}, "limit"),
        ({"query": "x", "filters": {"year": 2000}}, "filters.year"),
        ({"query": "x", "filters": {"year_from": 2020, "year_to": 2000}}, "year_from 2020 is after year_to 2000"),
        ({"query": "x", "filters": {"collections": ["nowhere"]}}, "There are: sample"),
    ],
)
def test_bad_searches_are_told_what_is_wrong(client: httpx.Client, body: dict[str, object], said: str) -> None:
    response = client.post("/v1/papers/search", json=body)
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


def test_an_unknown_paper_is_not_found(client: httpx.Client) -> None:
    assert client.get("/v1/papers/pffffffffffffffff").status_code == 404


def test_valves_are_shown_turned_checked_and_kept(client: httpx.Client, service: Service) -> None:
    before = client.get("/v1/paper-finder/valves").json()
    spec = client.get("/v1/paper-finder/valves/spec").json()
    assert set(spec["properties"]) == set(before)
    try:
        turned = client.post("/v1/paper-finder/valves/update", json={**before, "most_papers": 2})
        assert turned.json()["most_papers"] == 2
        question = {"model": "paper-finder", "messages": [{"role": "user", "content": "papers on neural networks"}]}
        assert len(client.post("/v1/chat/completions", json=question).json()["sources"]) == 2
        assert json.loads((service.settings.home / "valves.json").read_text())["most_papers"] == 2
        nowhere = client.post("/v1/paper-finder/valves/update", json={"collections": "sample, nowhere"})
        assert nowhere.status_code == 400
        assert "nowhere" in nowhere.json()["error"]["message"]
        wrong = client.post("/v1/paper-finder/valves/update", json={"most_papers": 1_000})
        assert wrong.status_code == 400
        assert "most_papers" in wrong.json()["error"]["message"]
    finally:
        client.post("/v1/paper-finder/valves/update", json=before)


def test_inlet_and_outlet_give_the_body_back(client: httpx.Client) -> None:
    body = {"model": "paper-finder", "messages": [], "metadata": {"task": "x"}}
    for side in ("inlet", "outlet"):
        answer = client.post(f"/v1/paper-finder/filter/{side}", json={"user": {"id": "u"}, "body": body})
        assert answer.json() == body


@pytest.mark.parametrize("body", [None, "x", [], 5])
def test_inlet_and_outlet_answer_to_anything(client: httpx.Client, body: object) -> None:
    for side in ("inlet", "outlet"):
        assert client.post(f"/v1/paper-finder/filter/{side}", json={"body": body}).json() == {}


def test_uploading_pipelines_is_refused(client: httpx.Client) -> None:
    assert client.post("/v1/pipelines/add", json={"url": "http://127.0.0.1/x.py"}).status_code == 403
    assert client.post("/v1/pipelines/upload", files={"file": ("x.py", b"print()")}).status_code == 403
    assert client.request("DELETE", "/v1/pipelines/delete", json={"id": "paper-finder"}).status_code == 403


def test_metrics_count_requests(client: httpx.Client) -> None:
    client.get("/v1/models")
    text = client.get("/metrics").text
    assert 'paper_finder_requests_total{route="/v1/models",status="200"}' in text
    assert "paper_finder_papers " in text


def test_without_a_database_the_service_lives_and_says_so(tmp_path: Path) -> None:
    away = Settings(home=tmp_path, api_key=SecretStr(KEY), database_url=SecretStr("postgresql://nobody@127.0.0.1:1/nothing"))
    with running(away) as url, httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        assert client.get("/health").status_code == 200
        assert client.get("/ready").status_code == 503
        body = {"model": "paper-finder", "messages": [{"role": "user", "content": "papers on graphs"}]}
        answer = client.post("/v1/chat/completions", json=body)
        assert answer.status_code == 503
        assert "error" in answer.json()


def test_a_chinese_question_finds_english_papers_on_translation(client: httpx.Client) -> None:
    answer = client.post("/v1/papers/search", json={"query": "基于Transformer的低资源机器翻译方法", "limit": 5}).json()
    titles = [paper["title"] for paper in answer["papers"]]
    assert len(titles) == 5
    assert all(re.search(r"translat|multilingual|zero-shot|low-resource", title, re.IGNORECASE) for title in titles), titles
