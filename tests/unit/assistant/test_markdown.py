"""Text of papers in our Markdown is shown as it is and never live."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from rag.assistant.markdown import WORD_JOINER, link, original, plain, web_address
from rag.text import one_line

COMMONMARK = MarkdownIt("commonmark").enable(["strikethrough", "table"])
ATTACKS = (
    "[1] [2, 3] [4#x] [^1]",
    "<script>alert(1)</script> <img src=x onerror=y> <think>secret</think> <details><summary>a</summary>",
    "![](https://evil.example/x.png) [click](https://evil.example) <https://evil.example>",
    "[a][b] [b]: https://evil.example",
    "https://evil.example www.evil.example mail@evil.example",
    r"$x$ $$y$$ \(z\) \[w\] \ce{H2O} \begin{equation}a\end{equation}",
    "`code` ```fence``` **bold** _em_ ~~gone~~ | a | b |",
    "{{user}} {{VIDEO_FILE_ID_1}} ◁think▷ <|begin_of_thought|> <@U:1|x> <#1> <$1>",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "12) item",
    "> quoted",
    "---",
    "===",
    ":::writing",
    "&lt;b&gt; &#91;1&#93; AT&T &amp;",
    "\\",
    "\\\\[1\\\\]",
    "a\\[b",
    "](https://evil.example)",
    "[[1]]",
    "line\nnext\r\n\n    code",
    "*",
    "**",
    "[ ] task",
)
texts = st.text(
    st.one_of(st.sampled_from("[]()<>{}\\`*_$~#|&;:!@/.-+=>1 a\n中"), st.characters(exclude_categories=["Cs"])), max_size=60
) | st.lists(st.sampled_from(ATTACKS), min_size=1, max_size=3).map(" ".join)


class _Rendered(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses.extend(value or "" for name, value in attrs if name in ("href", "src"))

    def handle_data(self, data: str) -> None:
        self.text += data


def shown(text: str) -> str:
    return " ".join(text.replace(WORD_JOINER, "").split())


def _dead(markdown: str) -> None:
    """Nothing that Open WebUI handles before or beside CommonMark is in ``markdown``."""
    assert not re.search(r"\[\d|\[\^\s*[\w-]+\s*\]|\{\{|<[A-Za-z/!?|@#$]|◁think", markdown)
    assert not re.search(r"(?<!\\)\$", re.sub(r"\\\\", "", markdown))
    assert not re.search(r"\\(?:\(|\[|pu\{|ce\{|begin\{)", re.sub(r"\\\\", "", markdown))
    assert not re.search(r"https?://|ftp://|www\.|\w@\w", markdown, re.IGNORECASE)
    assert "\n" not in markdown


@settings(deadline=None)
@given(texts)
@example(" ".join(ATTACKS))
@example("a" + WORD_JOINER + "[1]")
def test_text_renders_as_itself_and_nothing_else(text: str) -> None:
    markdown = plain(text)
    rendered = _Rendered(COMMONMARK.render("> " + markdown))
    assert set(rendered.tags) <= {"blockquote", "p"}
    assert shown(rendered.text) == shown(one_line(text))
    _dead(markdown)


@pytest.mark.parametrize("attack", ATTACKS)
def test_known_attacks_are_shown_as_they_are(attack: str) -> None:
    rendered = _Rendered(COMMONMARK.render("> " + plain(attack)))
    assert set(rendered.tags) <= {"blockquote", "p"}
    assert shown(rendered.text) == shown(attack)
    _dead(plain(attack))


@settings(deadline=None)
@given(texts.filter(lambda text: one_line(text.replace(WORD_JOINER, "")) != ""))
def test_a_title_is_one_bold_link_whatever_is_in_it(title: str) -> None:
    rendered = _Rendered(COMMONMARK.render("1. " + link(title, "https://papers.example/a(1)?b=[2]") + " [7]"))
    assert rendered.tags == ["ol", "li", "a", "strong"]
    assert rendered.addresses == ["https://papers.example/a%281%29?b=%5B2%5D"]
    assert shown(rendered.text).replace("［", "[").replace("］", "]") == shown(one_line(title) + " [7]").replace(
        "［", "["
    ).replace("］", "]")
    _dead(link(title, ""))


@settings(deadline=None)
@given(texts)
def test_what_was_made_plain_can_be_read_back(text: str) -> None:
    assert original(plain(text)) == one_line(text.replace(WORD_JOINER, ""))


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03762"),
        ("http://a.example/b c", "http://a.example/b%20c"),
        ("https://a.example/x)y", "https://a.example/x%29y"),
        ("https://a.example/文", "https://a.example/%E6%96%87"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://a.example", ""),
        ("//a.example", ""),
        ("https://", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, address: str) -> None:
    assert web_address(url) == address


def test_a_title_without_address_is_bold_only() -> None:
    assert link("A title", "") == "**A title**"
