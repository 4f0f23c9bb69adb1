"""Papers like others and what to read next, over a real database."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from rag.embeddings import embedding_text
from rag.embeddings.testing import FakeEmbedder
from rag.errors import InvalidRequestError, NotFoundError
from rag.papers import Filters, PaperId, PaperRecord, paper_id
from rag.retrieval import Recommendation, recommend, similar
from rag.store import Database, Embedded, Index, Library

pytestmark = pytest.mark.anyio


def record(source_id: str, title: str, **fields: Any) -> PaperRecord:
    return PaperRecord(source_id=source_id, title=title, **fields)


PAPERS = [
    record("fox", "red foxes hunt mice in snow", doi="10.1000/fox", authors=["Ada Byron"], year=2001),
    record("fox-preprint", "red foxes hunt mice in snow", authors=["Ada Byron"], year=2000, arxiv_id="2001.00001"),
    record("fox-ice", "red foxes hunt mice on ice", doi="10.1000/ice", year=2010, venue="Foxes"),
    record("fox-ice-again", "red foxes hunt mice on ice again", year=2011),
    record("fox-den", "red foxes dig dens", year=2012),
    record("wolf", "grey wolves hunt deer in snow", year=2013),
    record("whale", "blue whales sing at sea", year=2014),
    record("whale-deep", "blue whales dive deep at sea", year=2015),
    record("whale-calf", "blue whales feed calves at sea", year=2016),
    record("tea", "green tea leaves dry slowly", year=2017),
]


def of(source_id: str, collection: str = "a") -> PaperId:
    return paper_id(collection, source_id)


@pytest.fixture
async def index(library: Library, database: Database) -> Index:
    await fill(library, PAPERS, "a")
    return Index(database)


async def fill(library: Library, records: Sequence[PaperRecord], collection: str) -> None:
    vectors = FakeEmbedder().encode_documents([embedding_text(r) for r in records])
    await library.write(collection, [Embedded(r, v) for r, v in zip(records, vectors, strict=True)])


async def like(index: Index, *ids: str, unlike: Sequence[str] = (), limit: int = 10, **limits: Any) -> list[str]:
    hits = await similar(index, [of(one) for one in ids], [of(one) for one in unlike], Filters(**limits), limit)
    return [hit.paper.source_id for hit in hits]


async def test_neighbours_but_never_the_paper_itself_or_another_version(index: Index) -> None:
    found = await like(index, "fox")
    assert found[0] in {"fox-ice", "fox-ice-again"}
    assert not {"fox", "fox-preprint"} & set(found)
    assert not {"fox", "fox-preprint"} & set(await like(index, "fox-preprint"))
    hit = (await similar(index, [of("fox")]))[0]
    assert 0.5 < hit.score <= 1
    assert hit.passages[0].highlight == hit.paper.title


async def test_they_are_not_all_the_same(index: Index) -> None:
    # Alone, both papers on ice are nearest; the second one says little beside the first.
    assert set(await like(index, "fox", limit=2)) != {"fox-ice", "fox-ice-again"}


async def test_like_several_and_unlike_others(index: Index) -> None:
    both = await like(index, "fox", "whale", limit=4)
    assert any(one.startswith("fox") for one in both)
    assert any(one.startswith("whale") for one in both)
    without = await like(index, "fox", "wolf", unlike=["fox-ice"])
    assert not {"fox", "wolf", "fox-ice", "fox-ice-again"} & set(without)


async def test_limits(index: Index) -> None:
    assert set(await like(index, "fox", year_from=2012, year_to=2013)) == {"fox-den", "wolf"}
    assert await like(index, "fox", venues=["Foxes"]) == ["fox-ice"]
    assert await like(index, "fox", exclude_collections=["a"]) == []


async def test_what_is_not_there_is_told(index: Index) -> None:
    with pytest.raises(NotFoundError, match="pnobody"):
        await similar(index, [PaperId("pnobody")])
    with pytest.raises(InvalidRequestError, match="1 to 50"):
        await similar(index, [])


async def recommended(index: Index, *ids: str, dismissed: Sequence[str] = (), **options: Any) -> list[Recommendation]:
    return await recommend(index, papers=[of(one) for one in ids], dismissed=[of(one) for one in dismissed], **options)


def names(found: Sequence[Recommendation]) -> list[str]:
    return [one.hit.paper.source_id for one in found]


async def test_what_is_recommended_is_near_not_owned_and_has_a_reason(index: Index) -> None:
    found = await recommended(index, "fox", "whale")
    assert not {"fox", "fox-preprint", "whale", "tea"} & set(names(found))
    assert {"fox-ice", "whale-deep", "whale-calf"} <= set(names(found))
    ice = next(one for one in found if one.hit.paper.source_id == "fox-ice")
    assert ice.nearest.source_id == "fox"
    assert set(ice.terms) <= {"red", "foxes", "hunt", "mice"}
    assert len(ice.terms) == 3


async def test_it_stays_the_same_but_for_what_is_dismissed_or_new(index: Index, library: Library) -> None:
    first = names(await recommended(index, "fox", "whale", limit=4))
    assert names(await recommended(index, "fox", "whale", limit=4)) == first
    longer = names(await recommended(index, "fox", "whale", limit=5))
    assert longer[:4] == first
    without = names(await recommended(index, "fox", "whale", dismissed=[first[1]], limit=4))
    assert without == [first[0], *first[2:], longer[4]]

    await fill(library, [record("new", "red foxes and blue whales in snow at sea")], "b")
    later = names(await recommended(index, "fox", "whale", limit=5))
    assert "new" in later
    assert [one for one in later if one != "new"] == first


async def test_for_a_collection_nothing_that_is_in_it(index: Index, library: Library) -> None:
    await fill(library, [PAPERS[0], PAPERS[2]], "mine")
    found = names(await recommend(index, collection="mine"))
    assert found
    assert not {"fox", "fox-preprint", "fox-ice"} & set(found)
    with pytest.raises(InvalidRequestError, match="nothing to go by"):
        await recommend(index, collection="nowhere")


async def test_what_came_lately_on_request(index: Index, library: Library, database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("UPDATE papers SET created_at = now() - interval '10 days'")
    await fill(library, [record("new", "red foxes hunt hares in snow")], "b")
    lately = Filters(added_since=(datetime.now(UTC) - timedelta(days=2)).date())
    assert names(await recommended(index, "fox", "whale", filters=lately)) == ["new"]
