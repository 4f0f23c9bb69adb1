"""What an import did, for people and for programs."""

from dataclasses import dataclass, field
from typing import Any

from rag.ingest.reader import Rejected, Remark

KEPT = 1_000
"""Rejected records and remarks that are kept; the others are only counted."""
_LISTED = 20


@dataclass(slots=True)
class Summary:
    """Counts of records. ``papers_per_second`` is without the time for indexes, which ``index_seconds`` tells apart."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected_count: int = 0
    rejected: list[Rejected] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    seconds: float = 0.0
    embedding_seconds: float = 0.0
    index_seconds: float = 0.0

    @property
    def papers(self) -> int:
        """Records that stand in the collection now."""
        return self.added + self.updated + self.unchanged

    @property
    def papers_per_second(self) -> float:
        """Papers of the files per second of reading, embedding and writing."""
        return self.papers / max(self.seconds - self.index_seconds, 1e-9)

    def reject(self, rejected: Rejected) -> None:
        """Count it, and keep it when there are not too many."""
        self.rejected_count += 1
        if len(self.rejected) < KEPT:
            self.rejected.append(rejected)

    def remark(self, remark: Remark) -> None:
        """Keep it when there are not too many."""
        if len(self.remarks) < KEPT:
            self.remarks.append(remark)

    def as_json(self) -> dict[str, Any]:
        """For ``--json``: ``rejected`` is the count, ``rejections`` the first 1,000 of them."""
        return {
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected_count,
            "rejections": [{"location": item.location, "reason": item.reason} for item in self.rejected],
            "remarks": [str(remark) for remark in self.remarks],
            "papers_per_second": round(self.papers_per_second, 1),
            "seconds": round(self.seconds, 2),
            "embedding_seconds": round(self.embedding_seconds, 2),
            "index_seconds": round(self.index_seconds, 2),
        }

    def as_text(self) -> str:
        """A few lines, with the first rejected records."""
        counts = f"{self.added:,} added, {self.updated:,} updated, {self.unchanged:,} unchanged, {self.rejected_count:,} rejected"
        time = f"{self.seconds:,.1f} s ({self.papers_per_second:,.0f} papers/s"
        indexes = f"; indexes {self.index_seconds:,.1f} s apart)" if self.index_seconds >= 0.05 else ")"
        shown = [f"  {rejected}" for rejected in self.rejected[:_LISTED]]
        if self.rejected_count > len(shown):
            shown.append(f"  … and {self.rejected_count - len(shown):,} more")
        return "\n".join([f"{counts} in {time}{indexes}", *(f"  {remark}" for remark in self.remarks[:_LISTED]), *shown])
