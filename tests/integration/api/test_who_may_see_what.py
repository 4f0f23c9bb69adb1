"""A thousand questions by everybody about everything, while access and files change, against a small model of the rules.

Every paper bears a mark of its own and is about the same topic, so that each answer holds all that its reader may see. The real
application answers over a real database; Open WebUI is the fake one. Names of knowledge bases and restricted collections are
marks as well: they are no more told than the papers.
"""

import random
import re
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import pytest

from rag.api import Engine
from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.ingest.testing import plain_document
from rag.ingest.uploading import upload_of
from rag.papers import PaperRecord, paper_id
from rag.store import Embedded
from rag.store._index import EXACT_PAPERS
from rag.webui import KEY_HEADER, Mirror
from rag.webui.testing import FakeGroup, FakeWebUI
from tests.integration.api.conftest import KEY, beside, embed

pytestmark = pytest.mark.anyio

QUESTIONS = 1_000
MARK = re.compile(r"zq\d{4}")
TOPIC = "sediment transport in gravel rivers"
PEOPLE = ("ada", "bo", "cy", "di")
GROUPS = ("lab", "staff", "guests")
OPEN, RESTRICTED = ("rivers", "lakes"), ("zq9001", "zq9002")


@dataclass
class World:
    """Open WebUI, the service, and the rules as this test understands them."""

    random: random.Random
    engine: Engine
    client: httpx.AsyncClient
    fake: FakeWebUI
    mirror: Mirror
    collections: dict[str, set[str]] = field(default_factory=dict)
    """Marks of the papers of each collection of the library."""
    restricted: dict[str, set[str]] = field(default_factory=dict)
    """Groups by restricted collection."""
    keys: dict[str, set[str]] = field(default_factory=dict)
    """Collections by key; those of a revoked one are empty."""
    key_names: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Public id of the paper with each mark."""
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def some(self, there: Iterable[str]) -> frozenset[str]:
        return frozenset(self.random.sample(sorted(there), self.random.randint(0, 2)))

    def mark(self) -> str:
        return f"zq{next(self.numbers):04}"

    # what the rules say

    def library(self, person: str | None, *, operator: bool = False) -> set[str]:
        groups = {group.id for group in self.fake.groups.values() if person in group.members}
        return {name for name in self.collections if operator or not (wanted := self.restricted.get(name)) or wanted & groups}

    def bases(self, person: str) -> set[str]:
        principals = {person, "*", *(group.id for group in self.fake.groups.values() if person in group.members)}
        return {key for key, base in self.fake.knowledge.items() if base.owner == person or base.readers & principals}

    def files(self, person: str) -> frozenset[str]:
        owned = frozenset(key for key, file in self.fake.files.items() if file.owner == person)
        return owned.union(*(self.fake.knowledge[base].files for base in self.bases(person)))

    def of_collections(self, names: set[str]) -> set[str]:
        return set().union(*(self.collections[name] for name in names), names & set(RESTRICTED))

    def seen_by(self, caller: "Caller", attached: "Attachments") -> set[str]:
        """The marks that may stand in an answer."""
        if caller.person is None:
            names = self.library(None, operator=True) if caller.credential == KEY else self.keys[caller.credential]
            return self.of_collections(names)
        if self.fake.away or not caller.person:
            return set() if attached.bases else self.of_collections(self.library(None))
        bases = self.bases(caller.person)
        if attached.bases:
            bases &= attached.bases
        papers = set(attached.files & self.files(caller.person))
        papers = papers.union(*(self.fake.knowledge[base].files for base in bases))
        library = set() if attached.bases else self.library(caller.person)
        return papers | bases | self.of_collections(library)

    # what happens

    async def add_shared(self, collection: str, **fields: Any) -> str:
        mark = self.mark()
        record = PaperRecord(source_id=mark, title=f"{TOPIC} {mark}", abstract=f"About {TOPIC} {mark}.", **fields)
        (vector,) = FakeEmbedder().encode_documents([embedding_text(record)])
        await self.engine.library.write(collection, [Embedded(record, vector)])
        self.collections.setdefault(collection, set()).add(mark)
        self.ids[mark] = paper_id(collection, mark)
        return mark

    async def upload(self, owner: str, *bases: str) -> str:
        mark = self.mark()
        content = f"{TOPIC} {mark}\nMeasured {TOPIC} {mark}.\fSecond page: {TOPIC} {mark}.".encode()
        upload = upload_of(plain_document(content), file_id=mark, owner=owner, name=f"{mark}.pdf", content=content)
        await self.engine.uploads.write(upload)
        self.fake.upload(mark, owner, content.decode(), *bases)
        self.ids[mark] = paper_id("upload", mark)
        await embed(self.engine)
        await self.mirror.look()
        return mark

    async def make_key(self) -> None:
        names = self.random.sample(sorted(self.collections), self.random.randint(1, 2))
        name = f"key {len(self.keys)}"
        key = await self.engine.keys.create(name, names)
        self.keys[key], self.key_names[key] = set(names), name

    async def change(self) -> str:
        """Something changes; what, in words. Only files wait for the mirror: access counts at once."""
        choose, fake = self.random.choice, self.fake
        if fake.away:  # nobody can change anything in it
            fake.away = self.random.random() < 0.7
            return f"away: {fake.away}"
        person, base, group = choose(PEOPLE), choose(sorted(fake.knowledge)), choose(GROUPS)
        match self.random.randrange(12):
            case 0:
                fake.knowledge[base].readers ^= {choose([person, group, "*"])}
                return f"access to {base}"
            case 1:
                fake.groups[group].members ^= {person}
                return f"{person} in or out of {group}"
            case 2:
                bases = self.random.sample(sorted(fake.knowledge), self.random.randint(0, 2))
                return f"new file {await self.upload(person, *bases)}"
            case 3 if fake.files:
                file = choose(sorted(fake.files))
                fake.knowledge[base].files ^= {file}
                await self.mirror.look()
                return f"{file} in or out of {base}"
            case 4 if len(fake.files) > 12:
                file = choose(sorted(fake.files))
                fake.delete_file(file)
                await self.mirror.look()
                return f"deleted {file}"
            case 5 if len(fake.knowledge) > 4:
                del fake.knowledge[base]
                await self.mirror.look()
                return f"deleted {base}"
            case 6:
                name = self.mark()
                fake.make_knowledge(name, person, name)
                await self.mirror.look()
                return f"{person} makes {name}"
            case 7:
                name = choose(RESTRICTED)
                self.restricted[name] = {group}
                await self.engine.collections.restrict(name, [group])
                return f"{name} for {group}"
            case 8:
                await self.make_key()
                return "a new key"
            case 9 if live := [key for key, names in self.keys.items() if names]:
                key = choose(live)
                await self.engine.keys.revoke(self.key_names[key])
                self.keys[key] = set()
                return "a key revoked"
            case 10:
                fake.away = self.random.random() < 0.3
                return f"away: {fake.away}"
            case _:
                if len(self.ids) < 60:
                    return f"new paper {await self.add_shared(choose([*OPEN, *RESTRICTED]))}"
                return "nothing"


@dataclass(frozen=True)
class Attachments:
    files: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()


NOTHING = Attachments()


@dataclass(frozen=True)
class Caller:
    credential: str
    person: str | None = None
    forwarded: bool = False

    def headers(self) -> dict[str, str]:
        extra = {KEY_HEADER: KEY} if self.forwarded else {}
        return {"Authorization": f"Bearer {self.credential}", **extra}


@pytest.fixture(params=[EXACT_PAPERS, 0], ids=["all compared", "by the indexes"])
async def world(request: pytest.FixtureRequest, empty_database: str, tmp_path: Any) -> AsyncIterator[World]:
    """Four people, three groups, five knowledge bases, four collections of which two are restricted, and papers in all."""
    fake = FakeWebUI(people={f"sk-{person}": person for person in PEOPLE})
    for group in GROUPS:
        fake.groups[group] = FakeGroup(group, f"The {group}")
    seconds: Iterator[int] = count(0, 100)
    service_of = beside(fake, empty_database, tmp_path, lambda: float(next(seconds)), exact_papers=request.param)
    async with service_of as service:
        made = World(random.Random(2026), service.engine, service.client, fake, service.mirror)
        await _populate(made)
        yield made


async def _populate(world: World) -> None:
    for name in (*OPEN, *RESTRICTED):
        for _ in range(3):
            await world.add_shared(name)
    for name, group in zip(RESTRICTED, GROUPS, strict=False):
        await world.engine.collections.restrict(name, [group])
        world.restricted[name] = {group}
    for person in (*PEOPLE, "ada"):
        name = world.mark()
        world.fake.make_knowledge(name, person, name)
        for _ in range(2):
            await world.upload(person, name)
        await world.upload(person)
    await world.make_key()


def callers(world: World) -> list[Caller]:
    people = [Caller(f"sk-{person}", person, forwarded) for person in PEOPLE for forwarded in (True, False)]
    # Open WebUI hands no credential on for somebody who is signed in by a cookie alone.
    return [*people, Caller("", "", forwarded=True), Caller(KEY), *map(Caller, world.keys)]


# Each way of asking gives the marks of its answer, and up to how many papers the answer holds all that may be seen; else -1.


async def by_chat(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """The marks in an answer of the chat, which reaches us as Open WebUI sends it: through the inlet first."""
    body: dict[str, Any] = {"model": "paper-finder", "messages": [{"role": "user", "content": f"top 50 papers on {TOPIC}"}]}
    body["stream"] = world.random.random() < 0.5
    files = [{"type": "file", "id": key} for key in attached.files] + [
        {"type": "collection", "id": key} for key in attached.bases
    ]
    sent = {**body, "metadata": {"files": files}}
    inlet = await world.client.post("/v1/paper-finder/filter/inlet", json={"body": sent}, headers=Caller(KEY).headers())
    passed = {name: value for name, value in inlet.json().items() if name != "metadata"}
    answer = await world.client.post("/v1/chat/completions", json=passed, headers=caller.headers())
    return _marks(answer), 50


async def by_search(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    assert attached == NOTHING
    body = {"query": TOPIC, "limit": 100}
    answer = await world.client.post("/v1/papers/search", json=body, headers=caller.headers())
    return _marks(answer), 100


async def by_id(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """Any paper by its id, or what is like it; the id was known to the caller before."""
    assert attached == NOTHING
    mark = world.random.choice(sorted(world.ids))
    path = f"/v1/papers/{world.ids[mark]}" + world.random.choice(["", "/similar?limit=100"])
    answer = await world.client.get(path, headers=caller.headers())
    allowed = mark in world.seen_by(caller, NOTHING)
    assert answer.status_code in ({200, 400} if allowed else {404}), (mark, answer.text)
    return _marks(answer), -1


NOBODYS = "p" + "0" * 16


async def by_export(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """A reference list, of a question's papers or of two by their ids; a foreign one is told as if there were none."""
    assert attached == NOTHING
    form = world.random.choice(["bibtex", "ris", "csl-json", "csv", "markdown"])
    if world.random.random() < 0.5:
        asked: dict[str, Any] = {"format": form, "query": TOPIC, "limit": 100}
        return _marks(await world.client.get("/v1/papers/export", params=asked, headers=caller.headers())), 100
    marks = world.random.sample(sorted(world.ids), 2)
    asked = {"format": form, "ids": [world.ids[mark] for mark in marks]}
    answer = await world.client.get("/v1/papers/export", params=asked, headers=caller.headers())
    foreign = [mark for mark in marks if mark not in world.seen_by(caller, NOTHING)]
    assert answer.status_code == (404 if foreign else 200), (foreign, answer.text)
    if foreign:
        unknown = {"format": form, "ids": [NOBODYS]}
        nothing = await world.client.get("/v1/papers/export", params=unknown, headers=caller.headers())
        assert answer.text.replace(world.ids[foreign[0]], NOBODYS) == nothing.text
    return _marks(answer), -1


async def by_neighbours(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """What to read next, and what is like and unlike, for papers that are named by id: those of others are not there."""
    assert attached == NOTHING
    marks = world.random.sample(sorted(world.ids), 2)
    first, second = (world.ids[mark] for mark in marks)
    path, body = world.random.choice(
        [
            ("/v1/recommendations", {"papers": [first], "dismissed": [second], "limit": 100}),
            ("/v1/recommendations", {"papers": [first, second], "limit": 100}),
            ("/v1/papers/similar", {"like": [first], "unlike": [second], "limit": 100}),
        ]
    )
    answer = await world.client.post(path, json=body, headers=caller.headers())
    seen = world.seen_by(caller, NOTHING)
    assert answer.status_code == (200 if seen.issuperset(marks) else 404), (marks, answer.text)
    return _marks(answer), -1


async def by_name(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """A collection or knowledge base by its name, there or not: the error lists those that there are."""
    assert attached == NOTHING
    names = [*world.collections, *world.fake.knowledge, "no such thing"]
    name = world.random.choice(names)
    if world.random.random() < 0.5:
        body: dict[str, Any] = {"query": TOPIC, "limit": 100, "filters": {"collections": [name]}}
        answer = await world.client.post("/v1/papers/search", json=body, headers=caller.headers())
    else:
        answer = await world.client.post("/v1/recommendations", json={"collection": name}, headers=caller.headers())
    if answer.status_code == 400:
        return _marks(answer) - {name}, 0  # the caller said it
    return _marks(answer), -1


ASKED = (
    'details of "{title}"',
    'summarize "{title}"',
    'export "{title}" as BibTeX',
    'papers like "{title}"',
    'compare "{title}" and "{other}"',
    "which collections do you have?",
    "how many papers are there since 2020?",
    "how many papers are there in 2020 by author?",
    "how many papers on {topic} are there by venue?",
)


async def by_conversation(world: World, caller: Caller, attached: Attachments) -> tuple[set[str], int]:
    """The assistant's other answers: about single papers, exports, counts, collections."""
    assert attached == NOTHING
    mark, other = world.random.choice(sorted(world.ids)), world.random.choice(sorted(world.ids))
    title, other_title = f"{TOPIC} {mark}", f"{TOPIC} {other}"
    question = world.random.choice(ASKED).format(title=title, other=other_title, topic=TOPIC)
    body = {"model": "paper-finder", "messages": [{"role": "user", "content": question}]}
    answer = await world.client.post("/v1/chat/completions", json=body, headers=caller.headers())
    assert answer.status_code == 200, answer.text
    seen = world.seen_by(caller, NOTHING)
    if "which collections" in question:
        papers = sum(one in world.ids for one in seen)
        assert f"I search {papers} papers" in answer.json()["choices"][0]["message"]["content"], (papers, answer.text)
    if "2020" in question:  # the year of every upload, and of none of the library
        uploads = len(seen & world.fake.files.keys())
        assert f"{uploads} papers of the library meet this" in answer.text, (uploads, answer.text)
    if counted := re.search(r"(\d+) papers? of the library fit", answer.text):
        assert int(counted[1]) <= len(seen & world.ids.keys()), (question, answer.text)
    told = _marks(answer)
    for asked in {mark, other} - seen:  # the caller said its name; nothing else of it may come back
        assert world.ids[asked] not in answer.text, (question, answer.text)
        told.discard(asked)
    return told, -1


def _marks(answer: httpx.Response) -> set[str]:
    return set(MARK.findall(answer.text))


async def test_nobody_sees_what_he_may_not_and_everybody_what_he_may(world: World) -> None:
    ways = (by_chat, by_chat, by_chat, by_search, by_id, by_name, by_export, by_neighbours, by_conversation)
    history: list[str] = []
    asked = complete = 0
    while asked < QUESTIONS:
        if world.random.random() < 0.5:
            history.append(await world.change())
        caller, way = world.random.choice(callers(world)), world.random.choice(ways)
        attached = NOTHING
        if way is by_chat and caller.person and world.random.random() < 0.5:
            some = [
                frozenset(world.random.sample(sorted(where), world.random.randint(0, 2)))
                for where in (world.fake.files, world.fake.knowledge)
            ]
            attached = Attachments(*some)
        if caller.credential in world.keys and not world.keys[caller.credential]:
            answer = await world.client.get("/v1/models", headers=caller.headers())
            assert answer.status_code == 401
            continue
        if caller.person and world.fake.away and not caller.forwarded:
            continue  # nobody can say whose credential it is: 503, which test_surfaces has
        asked += 1
        expected = world.seen_by(caller, attached)
        marks, most = await way(world, caller, attached)
        told = f"question {asked} by {caller} {way.__name__} {attached}: {history[-3:]}"
        assert marks <= expected, f"{told}: foreign {sorted(marks - expected)}"
        papers = expected & world.ids.keys()
        if len(papers) <= most:
            assert marks >= papers, f"{told}: missing {sorted(papers - marks)}"
            complete += bool(papers)
    assert complete > QUESTIONS / 5
