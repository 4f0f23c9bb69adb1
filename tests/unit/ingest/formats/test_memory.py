"""Files of any size pass through the readers in bounded memory."""

from pathlib import Path

import pytest

from benchmarks.readers import MADE, in_a_process, write

RECORDS = 40_000
MOST_MB = 120
"""More than a portion of any format takes, and less than a file that is kept whole would."""


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE)
def test_bounded_memory(name: str, tmp_path: Path) -> None:
    few, many = (in_a_process(write(name, tmp_path, records)) for records in (RECORDS // 10, RECORDS))
    assert (many["records"], many["rejected"]) == (RECORDS, 0)
    assert many["peak"] - few["peak"] < MOST_MB
