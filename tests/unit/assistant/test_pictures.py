"""Pictures are complete in themselves, legible, and nothing in a title is live in them."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from rag.assistant import pictures
from rag.assistant.conversation import Source
from rag.assistant.testing import fake_hit
from rag.retrieval.mapping import mapped

ATTACK = '"><script>alert(1)</script><img src=https://evil.example/x> ]]> &lt;b&gt;'


def svg(html: str) -> ElementTree.Element:
    """The drawing, which must be well-formed XML."""
    found = re.search(r"<svg.*</svg>", html, flags=re.DOTALL)
    assert found is not None
    return ElementTree.fromstring(found[0])


def plane(title: str = "", count: int = 12) -> str:
    sources = [Source(n, fake_hit(n, title=title and f"{title} {n}")) for n in range(1, count + 1)]
    rows = np.random.default_rng(3).normal(size=(count, 6))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return pictures.plane(sources, mapped([source.hit.paper for source in sources], rows), title or "GANs", "en")


def test_there_is_a_bar_for_each_year_and_its_height_is_the_count() -> None:
    drawing = svg(pictures.years([("2010", 4), ("2013", 2), ("", 7)], "GANs", "en"))
    bars = [float(bar.attrib["height"]) for bar in drawing.iter("rect")]
    assert bars == [180.0, 0.0, 0.0, 90.0]
    assert [title.text for title in drawing.iter("title")] == ["2010: 4", "2011: 0", "2012: 0", "2013: 2"]


@pytest.mark.parametrize("rows", [[], [("", 3)], [("2020", 3)]])
def test_one_year_is_no_picture(rows: list[tuple[str, int]]) -> None:
    assert pictures.years(rows, "GANs", "en") == ""


def test_a_century_keeps_its_last_sixty_years_and_few_labels() -> None:
    drawing = svg(pictures.years([(str(year), 1) for year in range(1900, 2021)], "", "zh"))
    assert len(list(drawing.iter("rect"))) == 60
    assert len(list(drawing.iter("text"))) <= 13


def test_each_paper_is_a_number_that_opens_it() -> None:
    links = list(svg(plane()).iter("a"))
    assert {link.attrib["href"] for link in links} == {f"https://papers.example/{n}" for n in range(1, 13)}
    assert {link.attrib["rel"] for link in links} == {"noopener noreferrer"}
    numbers = [text.text for text in svg(plane()).iter("text") if text.attrib.get("class") == "number"]
    assert sorted(map(int, filter(None, numbers))) == list(range(1, 13))


@pytest.mark.parametrize("html", [plane(ATTACK), pictures.years([("2010", 4), ("2013", 2)], ATTACK, "en"), plane()])
def test_nothing_is_loaded_and_nothing_in_a_title_is_live(html: str) -> None:
    assert "default-src 'none'" in html
    assert html.count("<script") == 1
    assert not re.search(r"<(?:img|link|iframe|object|embed|image|use)\b|@import|url\(", html)
    outside = set(re.findall(r"https?://[^\s\"'<>]+", html))
    assert all(address.startswith("https://papers.example/") or "evil.example" in address for address in outside)
    assert "evil.example" not in " ".join(re.findall(r'(?:href|src)="([^"]*)"', html))
    svg(html)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_and_numbers_are_legible_in_both_schemes() -> None:
    html = plane()
    schemes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in html.split("@media")[:2]]
    assert len(schemes) == 2
    for scheme in schemes:
        assert contrast(scheme["ink"], scheme["ground"]) > 7
        assert contrast(scheme["faint"], scheme["ground"]) > 4.5
        assert contrast(scheme["bar"], scheme["ground"]) > 3
    dots = set(re.findall(r'r="11" fill="(#[0-9a-f]{6})"', html))
    assert dots
    assert all(contrast("#ffffff", dot) > 4.5 for dot in dots)
