"""Papers with everything in them that an export may spoil, and drawn ones."""

from hypothesis import strategies as st

from rag.papers import Paper, PaperId

HARD = Paper(
    PaperId("p0000000000000001"),
    title="BERT & GPT-3: 50% of {braces}, $x_1^2$ ~ #tags \\ mRNA",
    abstract='Costs $5 & 10% more_or_less.\nSecond line with `code` and "quotes".',
    authors=("Ludwig van Beethoven", "Müller, José", "李飞飞", "OpenAI", "King, Jr., Martin L.", "Peter and Paul Foundation"),
    year=2019,
    venue="Transactions on R&D",
    doi="10.1000/a_b(c)d",
    arxiv_id="1810.04805",
    url="https://example.org/a_b?x=1&y=%20#z",
    keywords=("machine learning", "R&D"),
    language="en",
)
CHINESE = Paper(
    PaperId("p0000000000000002"), "深度学习综述", authors=("王伟", "李明"), year=2020, venue="计算机学报", language="zh"
)
BARE = Paper(PaperId("p0000000000000003"), "A title alone")
TWIN = Paper(PaperId("p0000000000000004"), HARD.title, authors=HARD.authors, year=2019)

_words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn", "Zl", "Zp", "Zs")), min_size=1, max_size=12)
_line = st.lists(_words, min_size=1, max_size=6).map(" ".join)
_numbers = st.integers(0, 2**64 - 1).map(lambda number: PaperId(f"p{number:016x}"))

drawn = st.builds(
    Paper,
    id=_numbers,
    title=_line,
    abstract=st.just("") | _line,
    authors=st.lists(_line, max_size=3).map(tuple),
    year=st.none() | st.integers(1900, 2030),
    venue=st.just("") | _line,
)
