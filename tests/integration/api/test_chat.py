"""The conversation over HTTP: OpenAI's protocol, citations, and honesty about what is not there."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest

from rag.text import has_cjk
from tests.integration.api.conftest import KEY, Service

QUESTION = "find me papers on low-resource machine translation with transformers"
CHINESE = "基于Transformer的低资源机器翻译方法"
QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
FRESH = json.loads((Path(__file__).parent / "fresh_questions.json").read_text(encoding="utf-8"))
"""Written after the bounds of relevance were set."""


def ask(client: httpx.Client, question: str, **extra: Any) -> dict[str, Any]:
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": question}], **extra}
    response = client.post("/v1/chat/completions", json=body)
    response.raise_for_status()
    answer: dict[str, Any] = response.json()
    return answer


def chunks(client: httpx.Client, question: str) -> Iterator[dict[str, Any]]:
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": question}], "stream": True}
    with client.stream("POST", "/v1/chat/completions", json=body) as response:
        response.raise_for_status()
        assert response.headers["content-type"].startswith("text/event-stream")
        for line in response.iter_lines():
            if line.startswith("data: ") and line != "data: [DONE]":
                yield json.loads(line.removeprefix("data: "))


def text_of(answer: dict[str, Any]) -> str:
    content: str = answer["choices"][0]["message"]["content"]
    return content


def test_models_lists_the_pipeline_alone(client: httpx.Client) -> None:
    body = client.get("/v1/models").json()
    assert [model["id"] for model in body["data"]] == ["paper-finder"]
    assert body["pipelines"] is True
    assert body["data"][0]["pipeline"] == {"type": "pipe", "valves": True}


@pytest.mark.parametrize("question", [QUESTION, CHINESE])
def test_sources_come_before_the_text_in_rank_order(client: httpx.Client, question: str) -> None:
    kinds: list[str] = []
    sources: list[dict[str, Any]] = []
    for chunk in chunks(client, question):
        assert chunk["object"] == "chat.completion.chunk"
        if "event" in chunk:
            assert chunk["choices"] == []
            kinds.append(chunk["event"]["type"])
            if chunk["event"]["type"] == "source":
                sources.append(chunk["event"]["data"])
        elif chunk["choices"][0]["delta"].get("content"):
            kinds.append("text")
    assert kinds[0] == "status"
    assert kinds.index("text") > max(i for i, kind in enumerate(kinds) if kind == "source")
    shares = [source["distances"][0] for source in sources]
    assert len(sources) == 10
    assert shares == sorted(shares, reverse=True)
    assert all(0 <= share <= 1 for share in shares)
    names = " ".join(source["source"]["name"] for source in sources[:5]).lower()
    assert "translation" in names


def test_every_citation_is_a_paper_of_the_library(client: httpx.Client) -> None:
    answer = ask(client, QUESTION)
    for place, source in enumerate(answer["sources"], start=1):
        paper = client.get(f"/v1/papers/{source['metadata'][0]['source']}").json()
        assert source["source"]["name"] == f"{paper['title']} ({paper['year']})"
        assert paper["title"].split(":")[0] in text_of(answer).replace("\\", "")
        assert f"[{place}]" in text_of(answer)


def test_limits_are_understood_shown_and_kept(client: httpx.Client) -> None:
    answer = ask(client, "top 3 papers on machine translation since 2018")
    years = [client.get(f"/v1/papers/{s['metadata'][0]['source']}").json()["year"] for s in answer["sources"]]
    assert len(years) == 3
    assert min(years) >= 2018
    assert "2018" in text_of(answer).splitlines()[0]


@pytest.mark.parametrize("question", QUESTIONS["off_domain"])
def test_off_domain_questions_are_told_that_nothing_fits(client: httpx.Client, question: str) -> None:
    answer = ask(client, question)
    assert answer["sources"] == [], [(s["source"]["name"], s["distances"][0]) for s in answer["sources"]][:3]
    honest = "文献库中没有与" if has_cjk(question) else "Nothing in the library fits"
    assert honest in text_of(answer)


@pytest.mark.parametrize("question", QUESTIONS["in_domain"])
def test_in_domain_questions_are_answered(client: httpx.Client, question: str) -> None:
    assert ask(client, question)["sources"] != []


@pytest.mark.parametrize("question", ["papers by Geoffrey Hinton", "Geoffrey Hinton的论文", "papers at NeurIPS until 2015"])
def test_whatever_meets_the_limits_fits_wholly_where_nothing_else_is_asked(client: httpx.Client, question: str) -> None:
    answer = ask(client, question)
    assert answer["sources"] != []
    assert {source["distances"][0] for source in answer["sources"]} == {1.0}
    assert "Near in meaning" not in text_of(answer)
    assert "语义相近" not in text_of(answer)
    assert "符合限制条件" in text_of(answer) or "It meets the limits" in text_of(answer)


def test_what_is_not_wanted_is_left_out(client: httpx.Client) -> None:
    def papers(question: str) -> list[dict[str, Any]]:
        return [client.get(f"/v1/papers/{s['metadata'][0]['source']}").json() for s in ask(client, question)["sources"]]

    with_all = papers("neural networks")
    venue, year = next(paper["venue"] for paper in with_all if paper["venue"] == "NeurIPS"), with_all[0]["year"]
    assert all(paper["venue"] != venue for paper in papers("neural networks, not at NeurIPS"))
    assert all(paper["year"] != year for paper in papers(f"neural networks, not in {year}"))
    assert all("Geoffrey Hinton" not in " ".join(paper["authors"]) for paper in papers("neural networks, not by Geoffrey Hinton"))


def test_fresh_questions_are_answered_where_the_library_has_something(client: httpx.Client) -> None:
    answered = {kind: [q for q in questions if ask(client, q)["sources"]] for kind, questions in FRESH.items()}
    # "Random forests" are known here, if not those of Canada, and learning on mobile phones.
    assert set(answered["off_domain"]) <= {"random facts about Canadian forests", "which mobile phone should I buy"}
    assert answered["in_domain"] == FRESH["in_domain"]


def test_papers_of_hardly_any_relevance_are_left_out(client: httpx.Client) -> None:
    answer = ask(client, "quicksort")
    assert 1 <= len(answer["sources"]) < 10
    assert min(source["distances"][0] for source in answer["sources"]) >= 0.1


def test_small_talk_and_help_search_nothing(client: httpx.Client) -> None:
    for message in ("hello", "What can you do?", "谢谢", "你能做什么？"):
        answer = ask(client, message)
        assert answer["sources"] == []
        assert len(text_of(answer)) > 10


@pytest.mark.parametrize(
    ("task", "key"), [("title_generation", "title"), ("follow_up_generation", "follow_ups"), ("tags_generation", "tags")]
)
def test_background_tasks_get_json_and_no_search(client: httpx.Client, task: str, key: str) -> None:
    prompt = f"### Task:\nGenerate it.\n<chat_history>\nUSER: {QUESTION}\nASSISTANT: Here they are.\n</chat_history>"
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": prompt}]}
    answer = client.post("/v1/chat/completions", json=body, headers={"X-Paper-Finder-Task": task}).json()
    assert key in json.loads(text_of(answer))
    assert answer["sources"] == []


def test_the_official_client_reads_whole_and_streamed_answers(service: Service) -> None:
    with openai.OpenAI(base_url=f"{service.url}/v1", api_key=KEY) as official:
        messages: Any = [{"role": "user", "content": QUESTION}]
        whole = official.chat.completions.create(model="paper-finder", messages=messages)
        streamed = official.chat.completions.create(model="paper-finder", messages=messages, stream=True)
        pieces = [chunk.choices[0].delta.content or "" for chunk in streamed if chunk.choices]
        assert "".join(pieces) == whole.choices[0].message.content
        assert [model.id for model in official.models.list()] == ["paper-finder"]
        assert official.models.retrieve("paper-finder").id == "paper-finder"
        counted = official.chat.completions.create(
            model="paper-finder", messages=messages, stream=True, stream_options={"include_usage": True}
        )
        assert [chunk.usage.total_tokens for chunk in counted if chunk.usage] == [0]
        with pytest.raises(openai.NotFoundError, match="no model 'gpt-4'"):
            official.chat.completions.create(model="gpt-4", messages=messages)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "model"),
        ({"model": "paper-finder"}, "messages"),
        ({"model": "paper-finder", "messages": []}, "messages"),
        ({"model": "paper-finder", "messages": "hi"}, "messages"),
    ],
)
def test_bad_requests_are_told_what_is_wrong(client: httpx.Client, body: dict[str, Any], said: str) -> None:
    response = client.post("/v1/chat/completions", json=body)
    assert response.status_code == 400
    assert said in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        None,
        "…",
        [],
        [{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}] * 50,
        "graph " * 20_000,
        "\x00\ud83d",
    ],
    ids=["empty", "null", "dots", "no parts", "images", "long", "broken"],
)
def test_odd_messages_get_a_helpful_answer(client: httpx.Client, content: Any) -> None:
    payload = json.dumps({"model": "paper-finder", "messages": [{"role": "user", "content": content}]})
    response = client.post("/v1/chat/completions", content=payload, headers={"Content-Type": "application/json"})
    assert response.status_code == 200, response.text
    assert text_of(response.json())
