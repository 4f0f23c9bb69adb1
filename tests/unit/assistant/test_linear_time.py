"""Reading a message takes time in proportion to its length, whatever is in it.

The bounds are processor time, which a busy machine does not lengthen, and lie between what linear and quadratic work takes.
"""

import re
import time
from datetime import date

import pytest

from rag.assistant.conversation import Message
from rag.assistant.reading import REQUEST_CHARACTERS
from rag.assistant.understanding import understand
from rag.wording.draft import CUT, Draft
from rag.wording.patterns import CHANGES, POINTERS, REQUESTS, RULES, Says

LENGTH = 100_000
SHORT = REQUESTS | CHANGES | POINTERS | {Says.POLITE_START, Says.POLITE_END}
"""Rules for whole messages of at most REQUEST_CHARACTERS; longer ones never reach them."""
HOSTILE = [
    "a",
    " ",
    "the ",
    "a an the ",
    "by A ",
    "by Al Bo Cy Di and ",
    "papers by a and ",
    "since 2020 ",
    "2020",
    "2018-2021-",
    "in ACL ",
    "not surveys and ",
    "without surveys or reviews, ",
    "top 5 papers ",
    "find me show me ",
    "can you please help me find ",
    "papers that have been published on ",
    "published in ",
    '"',
    "(",
    "《",
    "的",
    "的论文",
    "关于",
    "请帮我找",
    "2020年以后",
    "不要综述和",
    "李和",
    "李明和王伟的",
    "前五篇",
    "相关有关",
    "与",
    CUT,
]


def _message(piece: str, length: int) -> str:
    return piece * (length // len(piece))


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_message_of_100_000_characters_is_understood_at_once(piece: str) -> None:
    started = time.process_time()
    understand([Message("user", _message(piece, LENGTH))], date(2026, 11, 23))
    assert time.process_time() - started < 10


@pytest.mark.parametrize("piece", [" the ", "by Al Bo Cy Di and ", "2018-2021-", "not surveys and ", "的", "李明和王伟的", CUT])
def test_no_rule_searches_a_longer_text_disproportionately(piece: str) -> None:
    """A quadratic rule needs some 100 million steps for these texts, seconds; a linear one hundredths of a second."""
    assert _slowest(_message(piece, 10_000)) < 1


@pytest.mark.slow
@pytest.mark.parametrize("piece", HOSTILE)
def test_each_rule_searches_all_of_100_000_characters_in_seconds(piece: str) -> None:
    assert _slowest(_message(piece, LENGTH)) < 5


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "1, ",
        "1 and ",
        "the ",
        "compare 1 and ",
        "export as ris ",
        "how many papers on ",
        "more like 1 but not 2 ",
        "的",
        "第一篇和",
        "导出为",
        "每年",
        "please could you ",
    ],
)
def test_no_message_is_long_enough_to_hold_up_the_rules_for_whole_messages(piece: str) -> None:
    message = _message(piece, REQUEST_CHARACTERS)
    known = [Message("user", "GANs"), Message("assistant", '1. [**A**](https://x.example/1 "p0000000000000001") [1]\n')]
    started = time.process_time()
    understand([*known, Message("user", message)], date(2026, 11, 23))
    assert time.process_time() - started < 2


def _slowest(message: str) -> float:
    plain = message if CUT in message else Draft(message).plain
    return max(_seconds(rule.pattern, plain) for rule in RULES if rule.says not in SHORT)


def _seconds(pattern: re.Pattern[str], plain: str) -> float:
    started = time.process_time()
    for _ in pattern.finditer(plain):
        pass
    return time.process_time() - started
