"""A reranker that is configured and away: said at ``/health``, and nobody's answer waits for it."""

import httpx

from rag.stack.testing import wait_until
from tests.integration.api.conftest import KEY, Service, running


def test_a_reranker_that_is_away_is_said_and_not_missed(service: Service) -> None:
    settings = service.settings.model_copy(update={"reranker": "http://127.0.0.1:1/v1#Qwen/Qwen3-Reranker-0.6B"})
    body = {"query": "attention transformer", "limit": 5}
    with running(settings) as url, httpx.Client(base_url=url, headers={"Authorization": f"Bearer {KEY}"}, timeout=60) as client:
        wait_until(lambda: client.get("/ready").is_success, 120)
        wait_until(lambda: "away" in client.get("/health").json().get("reranker", ""), 30)
        told = client.get("/health").json()
        assert (told["status"], told["reranker"]) == ("ok", "away: The reranker cannot be reached (ConnectError)")
        found = client.post("/v1/papers/search", json=body).json()
        with service.client() as plain:
            assert found == plain.post("/v1/papers/search", json=body).json()
            assert "reranker" not in plain.get("/health").json()
