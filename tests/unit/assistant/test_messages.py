"""The table of texts is complete, and every text in it is used."""

import re
from pathlib import Path
from string import Formatter

import pytest

import rag.assistant
from rag.access import LeftOut, Unreadable
from rag.assistant.conversation import Remark
from rag.assistant.messages import TEXTS, say
from rag.chat_model import Failure
from rag.wording.scripts import only_simplified

SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in Path(rag.assistant.__path__[0]).glob("*.py"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_there_in_both_languages_with_the_same_blanks(name: str) -> None:
    assert set(TEXTS[name]) == {"en", "zh"}
    assert blanks(TEXTS[name]["en"]) == blanks(TEXTS[name]["zh"])
    assert not CHINESE.search(TEXTS[name]["en"])


@pytest.mark.parametrize("name", TEXTS)
def test_each_text_is_used(name: str) -> None:
    if name.startswith("language_"):
        assert f'"{name[-2:]}"' in SOURCE
    else:
        assert len(re.findall(f"[\"']{name}[\"']", SOURCE)) >= 2 or name in {
            *Remark,
            *(f"left_out_{reason}" for reason in LeftOut),
            *(f"unread_{reason}" for reason in Unreadable),
            *(f"model_{failure}" for failure in Failure),
        }


def test_no_text_is_missing() -> None:
    asked = set(re.findall(r'say\(\s*"([a-z_0-9]+)"', SOURCE))
    assert asked
    assert asked <= set(TEXTS)
    assert set(Remark) <= set(TEXTS)


def test_traditional_chinese_is_made_of_the_simplified() -> None:
    assert say("found", "zh-Hant", count=3) == "找到 3 篇論文"
    assert say("help", "zh-Hant", most=50, examples="x").startswith("我在您的文獻庫中查詢論文。用中文或英文說出您要找的內容，")


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_in_traditional_chinese_has_a_simplified_character_left(name: str) -> None:
    blank = dict.fromkeys(blanks(TEXTS[name]["zh"]), "")
    text = say(name, "zh-Hant", **blank)
    assert only_simplified().isdisjoint(text)


def test_values_are_filled_in_as_they_are() -> None:
    assert say("found", "en", count=3) == "Found 3 papers"
    assert say("searching", "zh", topic="{count}") == "正在检索文献库：“{count}”……"
