"""What Open WebUI says that a person may read, asked with the person's credential."""

import httpx
import pytest

from rag.errors import WebUIRefusedError, WebUIUnavailableError
from rag.webui import WebUI, readable
from rag.webui.testing import FakeGroup, FakeWebUI

pytestmark = pytest.mark.anyio


@pytest.fixture
def fake() -> FakeWebUI:
    """Ada owns 70 knowledge bases and a file; Bo is in a group that may read one of them, and another everybody may read."""
    made = FakeWebUI(people={"sk-ada": "ada", "sk-bo": "bo"}, groups={"g": FakeGroup("g", "Lab, second floor", {"bo"})})
    for number in range(70):
        made.make_knowledge(f"k{number}", "ada")
    made.knowledge["k1"].readers.add("g")
    made.knowledge["k69"].readers.add("*")
    made.make_knowledge("database", "bo", external=True)
    made.upload("f1", "ada", "Text.")
    made.upload("f2", "ada", "Other text.", "k1")
    return made


async def test_every_page_is_read(fake: FakeWebUI) -> None:
    said = await readable(fake.webui().with_token("sk-ada"))
    assert set(said.knowledge) == {f"k{number}" for number in range(70)}
    assert said.knowledge["k3"] == "Knowledge k3"
    assert said.groups == said.files == frozenset()


async def test_access_comes_by_group_and_for_everybody_and_files_by_their_knowledge_base(fake: FakeWebUI) -> None:
    said = await readable(fake.webui().with_token("sk-bo"), ["f1", "f2", "nonsense"], with_groups=True)
    assert set(said.knowledge) == {"k1", "k69"}
    assert said.files == {"f2"}
    assert said.groups == {"g", "Lab, second floor"}


async def test_each_question_costs_the_pages_once(fake: FakeWebUI) -> None:
    await readable(fake.webui().with_token("sk-ada"), ["f1"])
    assert sorted(path for _, path in fake.asked) == ["GET /api/v1/files/f1/process/status", *["GET /api/v1/knowledge/"] * 3]
    assert {credential for credential, _ in fake.asked} == {"sk-ada"}


async def test_a_wrong_credential_and_an_absent_open_webui(fake: FakeWebUI) -> None:
    with pytest.raises(WebUIRefusedError):
        await readable(fake.webui().with_token("sk-wrong"))
    fake.away = True
    with pytest.raises(WebUIUnavailableError):
        await readable(fake.webui().with_token("sk-ada"))


@pytest.mark.parametrize(
    "body", [[], {}, {"items": [{}], "total": 1}, {"items": None, "total": 0}, {"items": [], "total": None}, "x"]
)
async def test_an_answer_of_another_form_is_no_access(body: object) -> None:
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    with pytest.raises(WebUIUnavailableError, match="form that is not known"):
        await readable(WebUI("http://webui", httpx.AsyncClient(transport=transport), "sk-ada"))
