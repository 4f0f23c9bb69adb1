"""``paper-finder doctor``: what is wrong with an installation, line by line, and how to mend it."""

from rag.doctor.examination import examine
from rag.doctor.finding import Finding, State

__all__ = ["Finding", "State", "examine"]
