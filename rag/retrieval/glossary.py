"""Chinese field terms in English, so that an English embedding model understands a Chinese question."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from rag.text import CJK, fold
from rag.wording.scripts import chinese_script, to_simplified

_RUN = re.compile(f"[{CJK}]+")
_GRAMMAR = re.compile("的|了|吗|呢|吧|和|与|及|或|在|方法|论文|文献|文章|研究|基于|关于|对于|以及|如何|怎[么样]|什么|[哪这那]些")
_Term = tuple[int, int, str]
"""Where a term begins and ends, and what it is in English."""

# What things are called in Taiwan, in simplified characters, and in the glossary. In simplified texts some of the words on the
# left mean something else (资料, 影像), so this is for texts in traditional characters alone.
_MAINLAND = dict(
    pair.split("→")
    for pair in (
        "类神经→神经 网路→网络 辨识→识别 影像→图像 资料库→数据库 资料→数据 演算法→算法 程式→程序 "
        "软体→软件 硬体→硬件 资讯→信息 讯号→信号 杂讯→噪声 最佳化→优化 视讯→视频 影片→视频 "
        "人工智慧→人工智能 物件侦测→目标检测 侦测→检测 分群→聚类 迴归→回归 机率→概率 变异数→方差 "
        "线上→在线 使用者→用户 大型语言模型→大语言模型 巨量资料→大数据 资料探勘→数据挖掘 伺服器→服务器 "
        "记忆体→内存 平行运算→并行计算 量子电脑→量子计算机 电脑→计算机 列举→枚举 阵列→数组 递迴→递归"
    ).split()
)
_TAIWANESE = re.compile("|".join(sorted(_MAINLAND, key=len, reverse=True)))


@cache
def glossary() -> Mapping[str, str]:
    """``glossary.tsv``: Chinese term → English ones, joined by spaces."""
    text = Path(__file__).with_name("glossary.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {fold(chinese): english.replace(";", " ") for chinese, english in lines}


def in_english(text: str, terms: Mapping[str, str]) -> str:
    """``text`` with its Chinese terms in English; Chinese that is no term is left out, all else stays.

    '基于Transformer的低资源机器翻译方法' gives 'transformer low-resource machine translation'.
    """
    longest = max(map(len, terms), default=0)
    return " ".join(_RUN.sub(lambda run: f" {_translated(run.group(), terms, longest)} ", _simplified(text)).split())


def _simplified(text: str) -> str:
    plain = fold(text).translate(to_simplified())
    return _TAIWANESE.sub(lambda said: _MAINLAND[said[0]], plain) if chinese_script(text) == "zh-Hant" else plain


def unknown_words(text: str, terms: Mapping[str, str]) -> list[str]:
    """What of the Chinese in ``text`` is no term, in simplified characters; single characters and words of grammar apart."""
    longest = max(map(len, terms), default=0)
    left = (piece for run in _RUN.findall(_simplified(text)) for piece in _between(run, _terms_in(run, terms, longest)))
    return list(dict.fromkeys(word for piece in left for word in _GRAMMAR.split(piece) if len(word) > 1))


def _between(run: str, found: Sequence[_Term]) -> Iterator[str]:
    start = 0
    for begin, end, _ in (*found, (len(run), len(run), "")):
        yield run[start:begin]
        start = end


def _translated(run: str, terms: Mapping[str, str], longest: int) -> str:
    return " ".join(english for _, _, english in _terms_in(run, terms, longest))


def _terms_in(run: str, terms: Mapping[str, str], longest: int) -> tuple[_Term, ...]:
    """The terms that together cover most of ``run``, the fewest that do; of equals those that begin late ('中|医生')."""
    best: list[tuple[int, int, tuple[_Term, ...]]] = [(0, 0, ())]
    """For each length of the beginning: (characters covered, -number of terms, the terms)."""
    for end in range(1, len(run) + 1):
        ways = [best[end - 1]]
        for start in range(max(0, end - longest), end - 1):
            if (english := terms.get(run[start:end])) is not None:
                covered, number, before = best[start]
                ways.append((covered + end - start, number - 1, (*before, (start, end, english))))
        best.append(max(reversed(ways), key=lambda way: way[:2]))
    return best[-1][2]
