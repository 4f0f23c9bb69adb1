"""LaTeX in BibTeX values as plain text: accents decoded, braces gone, formulas as characters."""

import re
from functools import cache

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db  # type: ignore[import-untyped]
from pylatexenc.latexwalker import LatexWalkerError  # type: ignore[import-untyped]

_NEEDS_DECODING = re.compile(r"[\\$]")
_BARE = re.compile(r"(?<!\\)([%&#])")
_MACRO = re.compile(r"\\[a-zA-Z]+\s?|\\.?")
_PLAIN = str.maketrans({"{": None, "}": None, "~": " "})
_RUN = re.compile(r"(?<=[ }.,;\n])[A-Za-z0-9 ,;:()\n]{24,60000}")
_STANDING = 0xF0000
"""The first of 65,000 private characters."""
_DEEPEST = 40
_LONGEST = 200_000
_QUOTES_AND_DASHES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"))


def decoded(value: str) -> str:
    """The text of a LaTeX value. Never fails: what is no sound LaTeX loses its backslashes and braces only."""
    if not _NEEDS_DECODING.search(value):
        return _unbraced(value)
    if len(value) > _LONGEST or _depth(value) > _DEEPEST:
        return _unbraced(_MACRO.sub("", value))
    # The decoder goes letter by letter: where there is nothing to decode, one stands for many.
    runs = _RUN.findall(value)
    numbers = iter(range(len(runs)))
    short = _RUN.sub(lambda _: chr(_STANDING + next(numbers)), value)
    try:
        # A bare % would begin a comment and swallow the rest of an abstract; a bare & would align a table.
        text: str = _decoder().latex_to_text(_BARE.sub(r"\\\1", short))
    except (LatexWalkerError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        # The decoder's own errors on broken input.
        return _unbraced(_MACRO.sub("", value))
    return text.translate({_STANDING + number: run for number, run in enumerate(runs)})


def unescaped(value: str) -> str:
    """A DOI or address: what LaTeX escapes in them as it is, nothing else touched."""
    value = re.sub(r"\\(?:url|href|nolinkurl|path)\s*\{", "{", value)
    return re.sub(r"\\([_%#&~$])", r"\1", value).replace(r"\textasciitilde", "~").replace("{", "").replace("}", "").strip()


def _unbraced(value: str) -> str:
    for written, meant in _QUOTES_AND_DASHES:
        value = value.replace(written, meant)
    return value.translate(_PLAIN)


def _depth(value: str) -> int:
    deepest = depth = 0
    for character in value:
        depth += (character == "{") - (character == "}")
        deepest = max(deepest, depth)
    return deepest


_MACROS = [
    MacroTextSpec("url", simplify_repl="%s"),
    MacroTextSpec("textasciicircum", simplify_repl="^"),
    MacroTextSpec("textbraceleft", simplify_repl="{"),
    MacroTextSpec("textbraceright", simplify_repl="}"),
    MacroTextSpec("textasciitilde", simplify_repl="~"),
]


@cache
def _decoder() -> LatexNodes2Text:
    context = get_default_latex_context_db()
    context.add_context_category("paper-finder", prepend=True, macros=_MACROS)
    return LatexNodes2Text(latex_context=context, math_mode="text")
