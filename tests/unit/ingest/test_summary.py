"""What is said after an import."""

from rag.ingest import Rejected, Remark, Summary
from rag.ingest.summary import KEPT


def filled() -> Summary:
    summary = Summary(added=41_990, updated=2, unchanged=8, seconds=110.0, index_seconds=10.0)
    for n in range(KEPT + 500):
        summary.reject(Rejected(f"a.bib:{n}", "no title"))
    summary.remark(Remark("a.bib", "was read as GBK"))
    return summary


def test_many_rejected_records_are_counted_and_the_first_kept() -> None:
    summary = filled()
    assert summary.rejected_count == KEPT + 500
    assert len(summary.rejected) == KEPT


def test_as_text() -> None:
    lines = filled().as_text().splitlines()
    assert lines[0] == "41,990 added, 2 updated, 8 unchanged, 1,500 rejected in 110.0 s (420 papers/s; indexes 10.0 s apart)"
    assert lines[1] == "  a.bib: was read as GBK"
    assert lines[2] == "  a.bib:0: no title"
    assert len(lines) == 23
    assert lines[-1] == "  … and 1,480 more"


def test_as_text_without_anything_to_tell() -> None:
    assert Summary(added=1, seconds=0.5).as_text() == "1 added, 0 updated, 0 unchanged, 0 rejected in 0.5 s (2 papers/s)"


def test_as_json() -> None:
    told = filled().as_json()
    assert {name: told[name] for name in ("added", "updated", "unchanged", "rejected")} == {
        "added": 41_990,
        "updated": 2,
        "unchanged": 8,
        "rejected": 1_500,
    }
    assert told["rejections"][0] == {"location": "a.bib:0", "reason": "no title"}
    assert told["papers_per_second"] == 420.0
