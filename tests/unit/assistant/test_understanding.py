"""Understanding: a table of messages and what they mean, in English and Chinese."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from rag.assistant import pointers as pointers_module
from rag.assistant import reading as reading_module
from rag.assistant.conversation import Intent, Message, Remark, Understanding
from rag.assistant.phrasing import spoken
from rag.assistant.understanding import understand
from rag.papers import Filters
from rag.wording import unwrapping
from rag.wording.patterns import CHANGES, LIMITS, POINTERS, REQUESTS, WHOLE, Rule, Says, rules
from rag.wording.unwrapping import READ_CHARACTERS

TODAY = date(2026, 11, 23)


def ask(*messages: str) -> Understanding:
    return understand([Message("user", message) for message in messages], TODAY)


@dataclass(frozen=True)
class Case:
    """A message, its topic, and the limits that are not empty."""

    message: str
    topic: str
    limits: dict[str, Any]
    count: int | None = None


def case(message: str, topic: str, count: int | None = None, **limits: Any) -> Any:
    return pytest.param(Case(message, topic, limits, count), id=message[:60])


def years(first: int | None = None, last: int | None = None) -> dict[str, Any]:
    return {name: year for name, year in (("year_from", first), ("year_to", last)) if year is not None}


WRAPPING = [
    case("find me papers on low-resource machine translation", "low-resource machine translation"),
    case("Find me papers on BERT", "BERT"),
    case("can you recommend some recent work about graph neural networks?", "graph neural networks", year_from=2024),
    case("Could you please suggest a few good articles on Graph Isomorphism?", "Graph Isomorphism"),
    case("show me papers that use transformers for speech recognition", "transformers for speech recognition"),
    case("what are the studies that explore contrastive learning", "contrastive learning"),
    case("Which papers discuss the limitations of ROUGE?", "the limitations of ROUGE"),
    case("Are there any studies investigating sentiment analysis", "sentiment analysis"),
    case("What research has been done on finding optimal interventions", "finding optimal interventions"),
    case("Could you provide me some studies that focused on white-box attacks?", "white-box attacks"),
    case("Could you suggest a study that explores dense passage retrieval?", "dense passage retrieval"),
    case("Can you direct me to research that explores multi-hop questions?", "multi-hop questions"),
    case("I'm looking for literature on protein folding", "protein folding"),
    case("I would like to read about capsule networks", "capsule networks"),
    case("I am interested in articles on robotics", "robotics"),
    case("papers on diffusion models please", "diffusion models"),
    case("papers on diffusion models, thanks in advance!", "diffusion models"),
    case("Hi, can you find me papers on GANs?", "GANs"),
    case("thanks! now papers on speech recognition", "speech recognition"),
    case("do you have any papers about quantum error correction?", "quantum error correction"),
    case("help me find papers on RAG", "RAG"),
    case("recent advances in RAG", "RAG", year_from=2024),
    case("the most cited papers on RAG", "RAG"),
    case("what are the most cited papers on RAG", "RAG"),
    case("highly cited papers about RAG", "RAG"),
    case("the most influential papers on RAG", "RAG"),
    case("most cited RAG papers", "RAG"),
    case("help me with RAG", "RAG"),
    case("can you help me out with finding papers on RAG", "RAG"),
    case("papers on highly cited authors", "highly cited authors"),
    case("popular music papers", "popular music"),
    case("can you help me find papers on RAG", "RAG"),
    case("引用最多的知识图谱论文", "知识图谱"),
    case("最有影响力的知识图谱论文", "知识图谱"),
    case("你可以帮我找知识图谱的论文吗", "知识图谱"),
    case("关于ACL的论文", "ACL"),
    case("the most recent papers on RAG", "RAG", year_from=2024),
    case("find speech recognition papers", "speech recognition"),
    case("I work on graph coloring. Can you recommend some papers?", "graph coloring"),
    case("请帮我找一些关于低资源机器翻译的论文", "低资源机器翻译"),
    case("請幫我找一些關於低資源機器翻譯的論文", "低資源機器翻譯"),
    case("有没有知识图谱方面的文献", "知识图谱"),
    case("有沒有知識圖譜方面的文獻？", "知識圖譜"),
    case("查找图神经网络的研究", "图神经网络"),
    case("推荐几篇自监督学习的论文", "自监督学习"),
    case("能不能帮我推荐几篇联邦学习的文章呢？", "联邦学习"),
    case("你好，请帮我找图神经网络的论文，谢谢！", "图神经网络"),
    case("与联邦学习相关的论文", "联邦学习"),
    case("哪些论文提出了对比学习？", "对比学习"),
    case("联邦学习有哪些经典论文？", "联邦学习"),
    case("联邦学习的论文有哪些", "联邦学习"),
    case("有没有关于联邦学习的论文吗", "联邦学习"),
    case("我想了解扩散模型", "扩散模型"),
    case("我正在研究图神经网络，请推荐几篇论文", "图神经网络"),
    case("最新的图神经网络论文", "图神经网络", year_from=2024),
    case("图神经网络的最新进展", "图神经网络"),
    case("RAG 论文", "RAG"),
    case("请推荐几篇Retrieval-Augmented Generation的论文", "Retrieval-Augmented Generation"),
]

LEFT_ALONE = [
    case(text, text)
    for text in (
        "BERT",
        "COVID-19",
        "CIFAR 10",
        "GPT-2 2048 tokens",
        "ImageNet 2012",
        "ImageNet 2012 challenge",
        "GANs in 2031",
        "scaling to 1000 layers",
        "trained for 2000 steps",
        "up to 2000 tokens",
        "models with 2012 parameters",
        "meta-analysis of 50 studies",
        "top-5 accuracy on ImageNet",
        "top 5 accuracy of ImageNet papers",
        "learning by doing",
        "translation by attention",
        "guided by diffusion",
        "question answering by retrieval",
        "image generation guided by Diffusion",
        "thoughts inspired by Darwin",
        "speech recognition by Transformers",
        "machine translation by 注意力",
        "attention (Vaswani et al., 2017)",
        "attention (Vaswani, 2017)",
        "attention, Vaswani et al., 2017",
        "Vaswani et al. (2017)",
        "BERT (Devlin et al., 2019) compression",
        "the most influential nodes in a network",
        "the most important genes in cancer",
        "tears at acl insertion",
        "tears in acl",
        "acl的重建",
        "最重要的基因",
        "learning from 50 papers",
        "fine-tuning by LoRA",
        "image generation by ControlNet",
        "BERT by Google",
        "climate change by 2050",
        "Neural Machine Translation by Jointly Learning to Align and Translate",
        "Activator-inhibitor pairs are provided ventrally by Xrl-sizzled",
        "training at scale",
        "machine learning in medicine",
        "patterns in nature",
        "federated learning in Nature",
        "ACL reconstruction surgery",
        "tears in ACL patients",
        "learning in the wild",
        "learning without labels",
        "video question answering without annotations",
        "no reference image quality assessment",
        "Chinese word segmentation",
        "sentiment analysis in Chinese",
        "BERT 模型压缩 综述",
        "name disambiguation",
        "search engines",
        "list decoding",
        "great barrier reef",
        "well log inversion",
        "hello world program synthesis",
        "Show and Tell: A Neural Image Caption Generator",
        "how does attention work",
        "Attention is all you need",
        '"Learning since 2020 by Hinton at ACL"',
        "推荐系统",
        "检索增强生成",
        "查重算法",
        "最近邻搜索",
        "经典力学",
        "中文文献检索",
        "汉语文献处理",
        "为什么深度学习有效",
        "基于Transformer的低资源机器翻译方法",
        "2008年金融危机",
        "2020年新冠疫情的影响",
        "《2020年以后的机器翻译》",
        "qwertz uiop asdf",
    )
]

YEARS = [
    case("GANs since 2020", "GANs", **years(2020)),
    case("GANs no later than 2019", "GANs", **years(None, 2019)),
    case("GANs not later than 2019", "GANs", **years(None, 2019)),
    case("GANs later than 2019", "GANs", **years(2020)),
    case("papers since 2020 on GANs", "GANs", **years(2020)),
    case("papers on GANs from 2020 on", "GANs", **years(2020)),
    case("papers on GANs from 2020 on, without surveys", "GANs", exclude=["survey"], **years(2020)),
    case("GANs from 2020 on by Hinton", "GANs", authors=["Hinton"], **years(2020)),
    case("GANs since 2020 on", "GANs", **years(2020)),
    case("from 2020 on papers about GANs", "GANs", **years(2020)),
    case("papers in 2020 or later on GANs", "GANs", **years(2020)),
    case("papers in 2020 on GANs", "GANs", **years(2020, 2020)),
    case("published in 2019 on GANs", "GANs", **years(2019, 2019)),
    case("studies in 2018 on GANs", "GANs", **years(2018, 2018)),
    case("papers from 2020 on GANs", "GANs", **years(2020)),
    case("since 2020 on-policy learning", "on-policy learning", **years(2020)),
    case("GANs 2020 onwards", "GANs", **years(2020)),
    case("GANs from 2019", "GANs", **years(2019)),
    case("GANs, no earlier than 2019", "GANs", **years(2019)),
    case("GANs after 2020", "GANs", **years(2021)),
    case("GANs newer than 2020", "GANs", **years(2021)),
    case("GANs before 2015", "GANs", **years(last=2014)),
    case("papers on GANs published prior to 2015", "GANs", **years(last=2014)),
    case("GANs until 2015", "GANs", **years(last=2015)),
    case("GANs up to 2015", "GANs", **years(last=2015)),
    case("GANs in 2019", "GANs", **years(2019, 2019)),
    case("papers published in 2020 about GANs", "GANs", **years(2020, 2020)),
    case("GANs from 2019 to 2021", "GANs", **years(2019, 2021)),
    case("GANs 2018-2021", "GANs", **years(2018, 2021)),
    case("GANs 2018–2021", "GANs", **years(2018, 2021)),
    case("GANs 2021-2018", "GANs", **years(2018, 2021)),
    case("GANs between 2018 and 2021", "GANs", **years(2018, 2021)),
    case("GANs (2018-2021)", "GANs", **years(2018, 2021)),
    case("GANs (2021)", "GANs", **years(2021, 2021)),
    case("GANs, 2021", "GANs", **years(2021, 2021)),
    case("2019 papers on GANs", "GANs", **years(2019, 2019)),
    case("reinforcement learning published after 2019 and before 2022", "reinforcement learning", **years(2020, 2021)),
    case("GANs in the last three years", "GANs", **years(2024, 2026)),
    case("GANs, past 5 years", "GANs", **years(2022, 2026)),
    case("last three years of GANs", "GANs", **years(2024, 2026)),
    case("the last year of GANs", "GANs", **years(2025, 2025)),
    case("last year's papers on GANs", "GANs", **years(2025, 2025)),
    case("this year's papers on GANs", "GANs", **years(2026, 2026)),
    case("past decade of GANs", "GANs", **years(2017, 2026)),
    case("GANs since 2015 until 2021", "GANs", **years(2015, 2021)),
    case("GANs over the last decade", "GANs", **years(2017, 2026)),
    case("GANs in the last 6 months", "GANs", **years(2026, 2026)),
    case("GANs in the last 12 months", "GANs", **years(2025, 2026)),
    case("GANs from last year", "GANs", **years(2025, 2025)),
    case("papers on GANs from this year", "GANs", **years(2026, 2026)),
    case("GANs in recent years", "GANs", year_from=2024),
    case("deep learning in the 1990s", "deep learning", **years(1990, 1999)),
    case("查找2020年以后发表的图神经网络的研究", "图神经网络", **years(2020)),
    case("查找2020年以後發表的圖神經網絡的研究", "圖神經網絡", **years(2020)),
    case("2020年以来大语言模型的论文", "大语言模型", **years(2020)),
    case("自2020年以来大语言模型的论文", "大语言模型", **years(2020)),
    case("2020年起的大语言模型论文", "大语言模型", **years(2020)),
    case("大语言模型２０２０年之后", "大语言模型", **years(2020)),
    case("2020年后的大语言模型论文", "大语言模型", **years(2020)),
    case("2015年以前的机器翻译文献", "机器翻译", **years(last=2014)),
    case("2015年之前关于机器翻译的论文", "机器翻译", **years(last=2014)),
    case("截至2015年的机器翻译论文", "机器翻译", **years(last=2015)),
    case("2019年的机器翻译论文", "机器翻译", **years(2019, 2019)),
    case("发表于2019年的机器翻译论文", "机器翻译", **years(2019, 2019)),
    case("2018到2021年图神经网络的论文", "图神经网络", **years(2018, 2021)),
    case("2018-2021年的图神经网络", "图神经网络", **years(2018, 2021)),
    case("2018—2021年图神经网络", "图神经网络", **years(2018, 2021)),
    case("2018——2021年图神经网络", "图神经网络", **years(2018, 2021)),
    case("图神经网络 2018-2021年", "图神经网络", **years(2018, 2021)),
    case("2018-2021 图神经网络", "图神经网络", **years(2018, 2021)),
    case("2018至2021年的图神经网络论文", "图神经网络", **years(2018, 2021)),
    case("2018年至2021年图神经网络", "图神经网络", **years(2018, 2021)),
    case("近三年图神经网络的论文", "图神经网络", **years(2024, 2026)),
    case("近三年圖神經網絡的論文", "圖神經網絡", **years(2024, 2026)),
    case("最近5年的图神经网络论文", "图神经网络", **years(2022, 2026)),
    case("过去五年图神经网络", "图神经网络", **years(2022, 2026)),
    case("近十年知识图谱", "知识图谱", **years(2017, 2026)),
    case("去年发表的图神经网络论文", "图神经网络", **years(2025, 2025)),
    case("今年的图神经网络论文", "图神经网络", **years(2026, 2026)),
    case("前年图神经网络的论文", "图神经网络", **years(2024, 2024)),
    case("近年来图神经网络的论文", "图神经网络", year_from=2024),
]

AUTHORS = [
    case("papers by Hinton", "", authors=["Hinton"]),
    case("capsule networks by Hinton", "capsule networks", authors=["Hinton"]),
    case(
        "papers on deep learning by Geoffrey Hinton and Yann LeCun",
        "deep learning",
        authors=["Geoffrey Hinton", "Yann LeCun"],
    ),
    case("papers authored by Vaswani et al. on attention", "attention", authors=["Vaswani"]),
    case("papers by Vaswani et al. 2017", "", authors=["Vaswani"], **years(2017, 2017)),
    case("papers from Geoffrey Hinton on backpropagation", "backpropagation", authors=["Geoffrey Hinton"]),
    case("Geoffrey Hinton's papers on capsules", "capsules", authors=["Geoffrey Hinton"]),
    case("t-SNE by Laurens van der Maaten", "t-SNE", authors=["Laurens van der Maaten"]),
    case("image classification by Fei-Fei Li", "image classification", authors=["Fei-Fei Li"]),
    case("information theory by Claude Shannon", "information theory", authors=["Claude Shannon"]),
    case("GANs by I. Goodfellow", "GANs", authors=["I. Goodfellow"]),
    case("capsules, author: Hinton", "capsules", authors=["Hinton"]),
    case("articles written either by Prieve or Udo Pooch", "Prieve or Udo Pooch"),
    case("papers by Hinton or LeCun", "Hinton or LeCun"),
    case("papers by Hinton, LeCun, or Bengio", "Hinton, LeCun, or Bengio"),
    case("papers by hinton or lecun", "hinton or lecun"),
    case("capsules by Hinton or by LeCun", "capsules by Hinton or by LeCun"),
    case("capsules by Hinton and/or LeCun", "capsules by Hinton and/or LeCun"),
    case("Hinton's or LeCun's papers on capsules", "Hinton's or LeCun's papers on capsules"),
    case("papers on attention or convolution by Hinton", "attention or convolution", authors=["Hinton"]),
    case("李飞飞或者何恺明的论文", "李飞飞或者何恺明"),
    case("作者是李飞飞或何恺明的论文", "李飞飞或何恺明"),
    case("由王或李撰写的论文", "由王或李撰写"),
    case("papers by Geoffrey Hinton, Yann LeCun and Li Deng", "", authors=["Geoffrey Hinton", "Yann LeCun", "Li Deng"]),
    case("papers by 何恺明", "", authors=["何恺明"]),
    case("residual networks by 何恺明 and Jian Sun", "residual networks", authors=["何恺明", "Jian Sun"]),
    case("papers by 何恺明 on residual networks", "residual networks", authors=["何恺明"]),
    case("papers from Stanford", "papers from Stanford"),
    case("papers from MIT on robots", "papers from MIT on robots"),
    case("papers by MIT", "papers by MIT"),
    case("papers by stanford", "papers by stanford"),
    case("papers from Carnegie Mellon", "papers from Carnegie Mellon"),
    case("papers by Tsinghua University", "papers by Tsinghua University"),
    case("papers from Germany", "papers from Germany"),
    case("papers by hinton", "", authors=["hinton"]),
    case("papers by geoffrey hinton on capsules", "capsules", authors=["geoffrey hinton"]),
    case("Hinton的论文", "", authors=["Hinton"]),
    case("Hinton关于胶囊网络的论文", "胶囊网络", authors=["Hinton"]),
    case("由Hinton等人撰写的论文", "", authors=["Hinton"]),
    case("作者是李飞飞的图像分类论文", "图像分类", authors=["李飞飞"]),
    case("作者：李飞飞 图像分类", "图像分类", authors=["李飞飞"]),
    case("李飛飛的論文", "", authors=["李飛飛"]),
    case("请帮我找李飞飞的论文", "", authors=["李飞飞"]),
    case("何恺明和孙剑发表的关于残差网络的论文", "残差网络", authors=["何恺明", "孙剑"]),
    case("何恺明2016年的论文", "", authors=["何恺明"], **years(2016, 2016)),
    case("BERT的论文", "BERT"),
    case("Transformer的论文", "Transformer"),
    case("word2vec的论文", "word2vec"),
    case("高效的论文", "高效"),
    case("张量分解的论文", "张量分解"),
    case("papers by topic", "papers by topic"),
]

VENUES = [
    case("parsing at ACL", "parsing", venues=["ACL"]),
    case("what papers at ICLR discuss lottery tickets", "lottery tickets", venues=["ICLR"]),
    case("GANs in NeurIPS 2020", "GANs", venues=["NeurIPS"], **years(2020, 2020)),
    case("pruning at nips", "pruning", venues=["NeurIPS"]),
    case("text generation at ICML'19", "text generation", venues=["ICML"], **years(2019, 2019)),
    case("NeurIPS 2020 papers on pruning", "pruning", venues=["NeurIPS"], **years(2020, 2020)),
    case("ICML 2018-2020 papers on GANs", "GANs", venues=["ICML"], **years(2018, 2020)),
    case("ACL papers on parsing", "parsing", venues=["ACL"]),
    case("passwords at USENIX Security", "passwords", venues=["USENIX Security"]),
    case("touch input at CHI 2019", "touch input", venues=["CHI"], **years(2019, 2019)),
    case("protein structure published in Nature", "protein structure", venues=["Nature"]),
    case("Nature papers on federated learning", "federated learning", venues=["Nature"]),
    case("speech at Interspeech 2019", "speech", venues=["INTERSPEECH"], **years(2019, 2019)),
    case("NeurIPS 2020", "", venues=["NeurIPS"], **years(2020, 2020)),
    case("发表在ACL上的机器翻译论文", "机器翻译", venues=["ACL"]),
    case("ACL上的句法分析论文", "句法分析", venues=["ACL"]),
    case("ACL上关于机器翻译的论文", "机器翻译", venues=["ACL"]),
    case("ACL上有关机器翻译的论文", "机器翻译", venues=["ACL"]),
    case("NeurIPS上关于注意力的论文", "注意力", venues=["NeurIPS"]),
    case("acl上的句法分析论文", "句法分析", venues=["ACL"]),
    case("发表在acl上的句法分析论文", "句法分析", venues=["ACL"]),
    case("parsing at acl", "parsing", venues=["ACL"]),
    case("acl papers on parsing", "parsing", venues=["ACL"]),
    case("papers from acl on parsing", "parsing", venues=["ACL"]),
    case("acl 2020 papers on parsing", "parsing", venues=["ACL"], **years(2020, 2020)),
    case("joins at vldb", "joins", venues=["VLDB"]),
    case("papers at www on ranking", "papers at www on ranking"),
    case("touch input at chi", "touch input at chi"),
    case("发表在《自然》上的蛋白质结构论文", "蛋白质结构", venues=["Nature"]),
    case("发表于计算机学报的图神经网络论文", "图神经网络", venues=["计算机学报"]),
    case("NeurIPS 2020的剪枝论文", "剪枝", venues=["NeurIPS"], **years(2020, 2020)),
]

EXCLUSIONS = [
    case("GANs, not surveys", "GANs", exclude=["survey"]),
    case("papers on GANs, no reviews", "GANs", exclude=["review"]),
    case("GANs without surveys and reviews", "GANs", exclude=["survey", "review"]),
    case("RAG excluding surveys, reviews or tutorials", "RAG", exclude=["survey", "review", "tutorial"]),
    case("papers on RAG that are not surveys", "RAG", exclude=["survey"]),
    case("non-survey papers on RAG", "RAG", exclude=["survey"]),
    case("generative models except GANs", "generative models", exclude=["gan"]),
    case("机器翻译，不要综述", "机器翻译", exclude=["综述"]),
    case("機器翻譯，不要綜述", "機器翻譯", exclude=["综述"]),
    case("机器翻译，排除综述", "机器翻译", exclude=["综述"]),
    case("不要综述的机器翻译论文", "机器翻译", exclude=["综述"]),
    case("除了综述以外的机器翻译论文", "机器翻译", exclude=["综述"]),
]

NEGATIONS = [
    case("RAG, not by Patrick Lewis", "RAG", exclude_authors=["Patrick Lewis"]),
    case("RAG not by Lewis or Karpukhin", "RAG", exclude_authors=["Lewis", "Karpukhin"]),
    case("RAG, not by hinton", "RAG", exclude_authors=["hinton"]),
    case("RAG papers that aren't by Lewis", "RAG", exclude_authors=["Lewis"]),
    case("RAG, don't show papers by Lewis", "RAG", exclude_authors=["Lewis"]),
    case("papers on RAG excluding papers by Lewis", "RAG", exclude_authors=["Lewis"]),
    case("RAG, excluding Patrick Lewis", "RAG", exclude_authors=["Patrick Lewis"]),
    case("papers not written by Hinton on capsules", "capsules", exclude_authors=["Hinton"]),
    case("capsules by Hinton, not by LeCun", "capsules", authors=["Hinton"], exclude_authors=["LeCun"]),
    case("不是李飞飞写的图像分类论文", "图像分类", exclude_authors=["李飞飞"]),
    case("图像分类，作者不是李飞飞", "图像分类", exclude_authors=["李飞飞"]),
    case("圖像分類，作者不是李飛飛", "圖像分類", exclude_authors=["李飛飛"]),
    case("机器翻译，不要李飞飞的", "机器翻译", exclude_authors=["李飞飞"]),
    case("機器翻譯，不要Hinton寫的", "機器翻譯", exclude_authors=["Hinton"]),
    case("RAG, not at NeurIPS", "RAG", exclude_venues=["NeurIPS"]),
    case("RAG excluding NeurIPS", "RAG", exclude_venues=["NeurIPS"]),
    case("RAG without NeurIPS papers", "RAG", exclude_venues=["NeurIPS"]),
    case("RAG, not published in NeurIPS or ICML", "RAG", exclude_venues=["NeurIPS", "ICML"]),
    case("RAG that were not published at ACL", "RAG", exclude_venues=["ACL"]),
    case("RAG, but nothing from NeurIPS", "RAG", exclude_venues=["NeurIPS"]),
    case("RAG, not in Nature", "RAG", exclude_venues=["Nature"]),
    case("机器翻译，不在ACL发表的", "机器翻译", exclude_venues=["ACL"]),
    case("不在ACL發表的機器翻譯論文", "機器翻譯", exclude_venues=["ACL"]),
    case("不要ACL的机器翻译论文", "机器翻译", exclude_venues=["ACL"]),
    case("除了ACL以外的机器翻译论文", "机器翻译", exclude_venues=["ACL"]),
    case("非ACL的机器翻译论文", "机器翻译", exclude_venues=["ACL"]),
    case("机器翻译，ACL除外", "机器翻译", exclude_venues=["ACL"]),
    case("机器翻译，不包括NeurIPS和ICML的论文", "机器翻译", exclude_venues=["NeurIPS", "ICML"]),
    case("RAG, not from 2017", "RAG", exclude_years=[2017]),
    case("RAG, excluding 2017", "RAG", exclude_years=[2017]),
    case("RAG, but no papers from 2020", "RAG", exclude_years=[2020]),
    case("RAG, except 2020 and 2021", "RAG", exclude_years=[2020, 2021]),
    case("RAG but not from 2017 to 2019", "RAG", exclude_years=[2017, 2018, 2019]),
    case("RAG not in the last three years", "RAG", **years(last=2023)),
    case("RAG not since 2020", "RAG", **years(last=2019)),
    case("RAG, not this year", "RAG", **years(last=2025)),
    case("RAG since 2018, not in 2020", "RAG", exclude_years=[2020], **years(2018)),
    case("不要2017年的机器翻译论文", "机器翻译", exclude_years=[2017]),
    case("不是2017年發表的機器翻譯論文", "機器翻譯", exclude_years=[2017]),
    case("不要2017到2019年的机器翻译论文", "机器翻译", exclude_years=[2017, 2018, 2019]),
    case("机器翻译，2017年除外", "机器翻译", exclude_years=[2017]),
    case("不是近三年的机器翻译论文", "机器翻译", **years(last=2023)),
    case("RAG not in Chinese", "RAG not in Chinese"),
    case("RAG that is not written in Chinese", "RAG that is not written in Chinese"),
    case("learning not to forget", "learning not to forget"),
    case("no free lunch theorem", "no free lunch theorem"),
    case("非平稳时间序列", "非平稳时间序列"),
]

VARIANTS = [
    case("GANs since last year", "GANs", **years(2025)),
    case("去年以来的图神经网络论文", "图神经网络", **years(2025)),
    case("去年至今的大模型論文", "大模型", **years(2025)),
    case("GANs since January 2020", "GANs", **years(2020)),
    case("GANs after March 2020", "GANs", **years(2020)),
    case("GANs before March 2020", "GANs", **years(last=2020)),
    case("GANs before January 2020", "GANs", **years(last=2019)),
    case("2020年3月以后的机器翻译论文", "机器翻译", **years(2020)),
    case("2020年3月以前的机器翻译论文", "机器翻译", **years(last=2020)),
    case("2020年以前（含2020年）的机器翻译论文", "机器翻译", **years(last=2020)),
    case("2020年（含）以前的机器翻译", "机器翻译", **years(last=2020)),
    case("2020年及以前的機器翻譯論文", "機器翻譯", **years(last=2020)),
    case("2020年及以後的機器翻譯論文", "機器翻譯", **years(2020)),
    case("2020年以后（不含2020年）的机器翻译论文", "机器翻译", **years(2021)),
    case("不早于2020年的机器翻译论文", "机器翻译", **years(2020)),
    case("二〇二〇年以后的机器翻译论文", "机器翻译", **years(2020)),
    case("机器翻译论文，2019年以后", "机器翻译", **years(2019)),
    case("九十年代的神经网络论文", "神经网络", **years(1990, 1999)),
    case("1990年代的神經網絡論文", "神經網絡", **years(1990, 1999)),
    case("deep learning in the 90s", "deep learning", **years(1990, 1999)),
    case("GANs from 2021 and 2022", "GANs", **years(2021, 2022)),
    case("GANs in 2019 or 2022", "GANs", exclude_years=[2020, 2021], **years(2019, 2022)),
    case("2021、2022年的大模型论文", "大模型", **years(2021, 2022)),
    case("2021或2022年的大模型論文", "大模型", **years(2021, 2022)),
    case("papers on GANs between 2014 & 2016", "GANs", **years(2014, 2016)),
    case("GANs 2015 or earlier", "GANs", **years(last=2015)),
    case("transformers ≥ 2020", "transformers", **years(2020)),
    case("transformers > 2020", "transformers", **years(2021)),
    case("GANs, year: 2019", "GANs", **years(2019, 2019)),
    case("papers on GANs, not older than 5 years", "GANs", **years(2022, 2026)),
    case("children not older than 5 years", "children not older than 5 years"),
    case("accuracy < 2000 ms", "accuracy < 2000 ms"),
    case("last 3 years machine translation", "machine translation", **years(2024, 2026)),
    case("detection at CVPR and ICCV", "detection", venues=["CVPR", "ICCV"]),
    case("parsing at ACL or EMNLP", "parsing", venues=["ACL", "EMNLP"]),
    case("CVPR and ICCV papers on detection", "detection", venues=["CVPR", "ICCV"]),
    case("object detection (CVPR, ICCV, ECCV) since 2018", "object detection", venues=["CVPR", "ICCV", "ECCV"], **years(2018)),
    case("parsing at ACL 2020 and EMNLP 2021", "parsing", venues=["ACL", "EMNLP"], **years(2020, 2021)),
    case("NeurIPS 2019, 2020 and 2021 papers on pruning", "pruning", venues=["NeurIPS"], **years(2019, 2021)),
    case("parsing from ACL 2019 to 2021", "parsing", venues=["ACL"], **years(2019, 2021)),
    case("parsing, venue: ACL", "parsing", venues=["ACL"]),
    case("发表在ACL或EMNLP上的句法分析论文", "句法分析", venues=["ACL", "EMNLP"]),
    case("CVPR、ICCV上的目标检测论文", "目标检测", venues=["CVPR", "ICCV"]),
    case("發表在ACL、EMNLP上的機器翻譯論文，2019年以後", "機器翻譯", venues=["ACL", "EMNLP"], **years(2019)),
    case("ACL and EMNLP", "ACL and EMNLP"),
    case("anterior cruciate ligament (ACL)", "anterior cruciate ligament (ACL)"),
    case("Hinton写的胶囊网络论文", "胶囊网络", authors=["Hinton"]),
    case("Geoffrey Hinton 寫的關於膠囊網絡的論文", "膠囊網絡", authors=["Geoffrey Hinton"]),
    case("Hinton和LeCun的深度学习论文", "深度学习", authors=["Hinton", "LeCun"]),
    case("Hinton的深度學習論文", "深度學習", authors=["Hinton"]),
    case("吴恩达的机器学习论文", "机器学习", authors=["吴恩达"]),
    case("胶囊网络，作者Hinton", "胶囊网络", authors=["Hinton"]),
    case("Bengio 2014年关于注意力的论文", "注意力", authors=["Bengio"], **years(2014, 2014)),
    case("deep learning by hinton", "deep learning", authors=["hinton"]),
    case("capsules by geoffrey hinton since 2017", "capsules", authors=["geoffrey hinton"], **years(2017)),
    case("Python和Java的静态分析论文", "Python和Java的静态分析"),
    case("李代数的分类论文", "李代数的分类"),
    case("金刚石的合成论文", "金刚石的合成"),
    case("学生写的作文自动评分", "学生写的作文自动评分"),
    case("papers by Hinton and colleagues on dropout", "dropout", authors=["Hinton"]),
    case("Hinton's capsules papers", "capsules", authors=["Hinton"]),
    case("work of Geoffrey Hinton on capsules", "capsules", authors=["Geoffrey Hinton"]),
    case("papers with Hinton as author on capsules", "capsules", authors=["Hinton"]),
    case("papers by Geoffrey Hinton at ICLR top 3", "", 3, authors=["Geoffrey Hinton"], venues=["ICLR"]),
    case("list 7 papers on capsules", "capsules", 7),
    case("one paper on capsules", "capsules", 1),
    case("I need 3 or 4 papers on GANs", "GANs", 4),
    case("papers on GANs (top 5)", "GANs", 5),
    case("exactly 4 papers on GANs", "GANs", 4),
    case("最多5篇關於BERT的論文", "BERT", 5),
    case("what has been published about BERT at ACL in 2020?", "BERT", venues=["ACL"], **years(2020, 2020)),
    case("has anyone studied transformers for chemistry since 2021?", "transformers for chemistry", **years(2021)),
    case("what's new in graph learning this year?", "graph learning", **years(2026, 2026)),
    case(
        "RAG, excluding surveys and reviews, since 2021 at ACL or EMNLP, by Lewis, top 5",
        "RAG",
        5,
        authors=["Lewis"],
        venues=["ACL", "EMNLP"],
        exclude=["survey", "review"],
        **years(2021),
    ),
    case(
        "推荐几篇近五年发表在CVPR的目标检测论文，不要综述，前5篇",
        "目标检测",
        5,
        venues=["CVPR"],
        exclude=["综述"],
        **years(2022, 2026),
    ),
]

COUNTS = [
    case("top 5 papers on GANs", "GANs", 5),
    case("the top ten papers on GANs", "GANs", 10),
    case("show me 5 papers that use transformers for OCR", "transformers for OCR", 5),
    case("ten papers on GANs", "GANs", 10),
    case("GANs, top 3", "GANs", 3),
    case("top 5 graph neural network papers", "graph neural network", 5),
    case("show me three image captioning papers", "image captioning", 3),
    case("GANs, 3 papers", "GANs", 3),
    case("only 3 papers on GANs", "GANs", 3),
    case("10 most cited papers on GANs", "GANs", 10),
    case("top 10 most cited papers on GANs", "GANs", 10),
    case("most cited 10 papers on GANs", "GANs", 10),
    case("5 most popular papers about GANs", "GANs", 5),
    case("the ten most highly cited GAN papers", "GAN", 10),
    case("reinforcement learning 5 papers", "reinforcement learning", 5),
    case("image captioning ten papers please", "image captioning", 10),
    case("CIFAR 10 papers", "CIFAR 10"),
    case("llama 2 papers", "llama 2"),
    case("5个关于视觉的论文", "视觉", 5),
    case("推荐5个机器翻译的论文", "机器翻译", 5),
    case("2020年5个关于视觉的论文", "视觉", 5, **years(2020, 2020)),
    case("5个月的婴儿睡眠", "5个月的婴儿睡眠"),
    case("5篇被引最多的视觉论文", "视觉", 5),
    case("top 10 ICLR 2021 papers about ViT", "ViT", 10, venues=["ICLR"], **years(2021, 2021)),
    case("前五篇关于机器翻译的论文", "机器翻译", 5),
    case("给我3篇关于机器翻译的论文", "机器翻译", 3),
    case("推薦5篇強化學習的論文", "強化學習", 5),
    case("扩散模型 前10", "扩散模型", 10),
    case("十五篇扩散模型的论文", "扩散模型", 15),
]

LANGUAGES = [
    case("papers written in Chinese about parsing", "parsing", languages=["zh"]),
    case("papers in Chinese on parsing", "parsing", languages=["zh"]),
    case("Chinese-language papers on NLP", "NLP", languages=["zh"]),
    case("Chinese NLP, only in English", "Chinese NLP", languages=["en"]),
    case("机器翻译的中文论文", "机器翻译", languages=["zh"]),
    case("关于机器翻译的英文文献", "机器翻译", languages=["en"]),
]

TOGETHER = [
    case(
        "find me papers on low-resource machine translation since 2021, not surveys",
        "low-resource machine translation",
        exclude=["survey"],
        **years(2021),
    ),
    case(
        "Can you show me the top 3 papers by Yann LeCun on convolutional networks at CVPR before 2000, without reviews?",
        "convolutional networks",
        3,
        authors=["Yann LeCun"],
        venues=["CVPR"],
        exclude=["review"],
        **years(last=1999),
    ),
    case(
        "请推荐5篇2020年以后发表在ACL上的关于机器翻译的论文，不要综述",
        "机器翻译",
        5,
        venues=["ACL"],
        exclude=["综述"],
        **years(2020),
    ),
    case(
        "請推薦5篇2020年以後發表在ACL上的關於機器翻譯的論文，不要綜述",
        "機器翻譯",
        5,
        venues=["ACL"],
        exclude=["综述"],
        **years(2020),
    ),
]


@pytest.mark.parametrize(
    "asked",
    [*WRAPPING, *LEFT_ALONE, *YEARS, *AUTHORS, *VENUES, *EXCLUSIONS, *NEGATIONS, *VARIANTS, *COUNTS, *LANGUAGES, *TOGETHER],
)
def test_a_question_is_understood(asked: Case) -> None:
    understanding = ask(asked.message)
    assert understanding.intent is Intent.FIND
    assert understanding.topic == asked.topic
    assert understanding.filters == Filters(**asked.limits)
    assert understanding.asked_limit == asked.count
    assert understanding.limit == (asked.count or 10)


@pytest.mark.parametrize(
    ("message", "remark"),
    [
        ("hi", Remark.GREETING),
        ("Hello there!", Remark.GREETING),
        ("good morning", Remark.GREETING),
        ("你好", Remark.GREETING),
        ("您好！", Remark.GREETING),
        ("thanks", Remark.THANKS),
        ("Thank you very much!", Remark.THANKS),
        ("ok, thanks", Remark.THANKS),
        ("thank you very much, that was helpful", Remark.THANKS),
        ("thank you, this is great", Remark.THANKS),
        ("that's great", Remark.THANKS),
        ("very helpful, thanks!", Remark.THANKS),
        ("谢谢，很有帮助", Remark.THANKS),
        ("這太棒了！", Remark.THANKS),
        ("谢谢", Remark.THANKS),
        ("謝謝你", Remark.THANKS),
        ("how are you", Remark.WELLBEING),
        ("who are you?", Remark.IDENTITY),
        ("Hello, who are you?", Remark.IDENTITY),
        ("are you a robot?", Remark.IDENTITY),
        ("你是谁？", Remark.IDENTITY),
        ("bye", Remark.FAREWELL),
        ("再见", Remark.FAREWELL),
    ],
)
def test_small_talk_is_no_search(message: str, remark: Remark) -> None:
    understanding = ask(message)
    assert (understanding.intent, understanding.remark) == (Intent.SMALL_TALK, remark)


@pytest.mark.parametrize(
    "message",
    [
        "help",
        "Help!",
        "what can you do",
        "What can you do for me?",
        "how does this work?",
        "how do I use this",
        "Hi! What can you do?",
        "what can I ask you?",
        "can you help me",
        "good morning, can you help me?",
        "could you please help?",
        "help me",
        "what are you able to do",
        "what do you know?",
        "how can you help me?",
        "can you speak Chinese?",
        "您好，请问您能帮我做什么？",
        "請問您可以幫我做些什麼？",
        "你会说中文吗？",
        "你可以帮我吗",
        "你好，你可以幫我嗎？",
        "你会什么",
        "你知道什么？",
        "你能做什么",
        "你能做什麼？",
        "怎么用",
        "这个怎么用？",
        "你好，你能做什么？",
        "帮助",
    ],
)
def test_asking_for_help_is_no_search(message: str) -> None:
    assert ask(message).intent is Intent.HELP


@pytest.mark.parametrize(
    "message",
    [
        "history of the Ottoman navy",
        "statistics of natural images",
        "distribution of word senses",
        "trends in parsing",
    ],
)
def test_a_topic_that_sounds_like_a_count_is_a_search(message: str) -> None:
    assert ask(message).intent is Intent.FIND


@pytest.mark.parametrize("message", ["statistics on parsing", "publication history", "show me the statistics of these papers"])
def test_statistics_are_a_count(message: str) -> None:
    assert in_conversation(message).intent is Intent.COUNT


@pytest.mark.parametrize(
    "message", ["which papers do you have?", "what papers are in your library?", "你有哪些论文？", "您這裡有哪些文獻？"]
)
def test_asking_what_there_is_lists_the_library(message: str) -> None:
    assert ask(message).intent is Intent.COLLECTIONS


@pytest.mark.parametrize("message", ["how can you help robots learn", "this is great for sparse retrieval", "你会说话的机器人"])
def test_words_of_small_talk_in_a_topic_are_a_search(message: str) -> None:
    assert ask(message).intent is Intent.FIND


@pytest.mark.parametrize("message", ["", "   ", "?!…", "。。。", "🙂", "\n\t"])
def test_a_message_without_letters_is_unreadable(message: str) -> None:
    assert ask(message).intent is Intent.UNREADABLE


def test_no_message_at_all_is_unreadable() -> None:
    assert understand([], TODAY).intent is Intent.UNREADABLE
    assert understand([Message("system", "You find papers on GANs.")], TODAY).intent is Intent.UNREADABLE


@pytest.mark.parametrize("message", ["find me papers", "papers", "show me something to read", "since 2020", "top 5", "论文"])
def test_a_search_needs_a_topic(message: str) -> None:
    assert ask(message).intent is Intent.TOPIC_MISSING


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("papers on GANs", "en"),
        ("BERT", "en"),
        ("BERT 模型压缩 综述", "zh"),
        ("基于Transformer的低资源机器翻译方法", "zh"),
        ("請推薦幾篇Retrieval-Augmented Generation的論文", "zh-Hant"),
        ("papers on 中文分词", "en"),
        ("papers by 何恺明", "en"),
        ("李飞飞的论文", "zh"),
        ("machine translation, answer in Chinese", "zh"),
        ("机器翻译，请用英文回答", "en"),
        ("谢谢", "zh"),
        ("since 2020", "en"),
        ("2020年以后", "zh"),
    ],
)
def test_the_answer_is_in_the_language_of_the_message(message: str, language: str) -> None:
    assert ask(message).language == language


@pytest.mark.parametrize(
    ("messages", "topic", "limits", "count"),
    [
        (("papers on GANs", "only after 2020"), "GANs", years(2021), None),
        (("papers on GANs", "since 2020", "not surveys"), "GANs", {**years(2020), "exclude": ["survey"]}, None),
        (("GANs since 2018", "before 2022", "at ICML"), "GANs", {**years(2018, 2021), "venues": ["ICML"]}, None),
        (("GANs since 2018", "in 2015"), "GANs", years(2015, 2015), None),
        (("GANs before 2015", "since 2020"), "GANs", years(2020), None),
        (("GANs", "thanks", "since 2020"), "GANs", years(2020), None),
        (("GANs", "top 3"), "GANs", {}, 3),
        (("GANs", "papers by Hinton"), "GANs", {"authors": ["Hinton"]}, None),
        (("papers by Hinton", "since 2010"), "", {"authors": ["Hinton"], **years(2010)}, None),
        (("since 2020", "GANs"), "GANs", {}, None),
        (("GANs since 2020", "speech recognition"), "speech recognition", {}, None),
        (("机器翻译", "不要综述"), "机器翻译", {"exclude": ["综述"]}, None),
        (("机器翻译", "2020年以后"), "机器翻译", years(2020), None),
        (("GANs", "not at NeurIPS"), "GANs", {"exclude_venues": ["NeurIPS"]}, None),
        (
            ("GANs, not at NeurIPS", "nor by Hinton", "not by Hinton"),
            "GANs",
            {"exclude_authors": ["Hinton"], "exclude_venues": ["NeurIPS"]},
            None,
        ),
        (("GANs, not at NeurIPS", "at NeurIPS"), "GANs", {"venues": ["NeurIPS"]}, None),
        (("GANs, not from 2017", "since 2015"), "GANs", {**years(2015), "exclude_years": [2017]}, None),
        (("GANs, not from 2017", "in 2017"), "GANs", years(2017, 2017), None),
        (("GANs, not by Hinton, not at ACL", "drop the author"), "GANs", {"exclude_venues": ["ACL"]}, None),
        (("GANs, not at NeurIPS", "drop NeurIPS"), "GANs", {}, None),
        (("GANs, not from 2017", "any year"), "GANs", {}, None),
    ],
)
def test_limits_alone_refine_the_question_before(
    messages: tuple[str, ...], topic: str, limits: dict[str, Any], count: int | None
) -> None:
    understanding = ask(*messages)
    assert understanding.intent is Intent.FIND
    assert (understanding.topic, understanding.filters, understanding.asked_limit) == (topic, Filters(**limits), count)


def test_documents_that_open_webui_puts_before_a_question_are_no_part_of_it() -> None:
    message = (
        "### Task:\nRespond to the user query using the provided context.\n<context>\nsince 1999\n</context>\n\nGANs since 2020"
    )
    assert ask(message) == ask("GANs since 2020")


def test_what_the_assistant_said_is_not_a_question() -> None:
    messages = [Message("user", "GANs"), Message("assistant", "papers on speech"), Message("user", "since 2020")]
    assert understand(messages, TODAY).topic == "GANs"


def test_at_most_fifty_papers_are_shown() -> None:
    understanding = ask("100 papers on GANs")
    assert (understanding.limit, understanding.asked_limit) == (50, 100)


def test_a_very_long_message_is_read_from_its_beginning() -> None:
    understanding = ask("papers on graph coloring and " + "many other things " * 10_000)
    assert understanding.shortened
    assert understanding.topic.startswith("graph coloring and many other things")
    assert len(understanding.topic) <= READ_CHARACTERS


def test_contradicting_years_leave_the_last_that_was_read() -> None:
    assert ask("GANs in 2019 but before 2015").filters == Filters(**years(2019, 2019))


_YEARS_SAID = (
    "since 2021",
    "before 2015",
    "in 2018",
    "from 2021 to 2015",
    "until 2016",
    "2020年以后",
    "in the last 3 years",
    "2099",
)


@pytest.mark.parametrize("second", _YEARS_SAID)
@pytest.mark.parametrize("first", _YEARS_SAID)
def test_years_that_contradict_are_never_an_error(first: str, second: str) -> None:
    for understanding in (ask(f"papers on GANs {first} {second}"), ask(f"GANs {first}", second), ask(f"GANs, {first}, {second}")):
        filters = understanding.filters
        assert understanding.intent is Intent.FIND
        assert (filters.year_from or 0) <= (filters.year_to or 9999)


def test_of_contradicting_years_one_statement_counts() -> None:
    assert ask("papers on GANs since 2021 before 2015").filters == Filters(**years(last=2014))


def test_a_query_uses_all_names_of_a_venue_and_of_an_excluded_kind() -> None:
    query = ask("GANs at NeurIPS, not surveys").query()
    assert query.filters.venues == ["NeurIPS", "NIPS", "Neural Information Processing Systems"]
    assert query.filters.exclude == ["survey", "综述"]
    assert (query.text, query.limit) == ("GANs", 10)


def test_a_query_without_topic_has_the_names_as_its_text() -> None:
    assert ask("papers by Geoffrey Hinton").query().text == "Geoffrey Hinton"


QUESTION_RULES = rules(*WHOLE, *LIMITS, Says.NEGATION, Says.NEGATION_AFTER, Says.OPENING, Says.CLOSING)
SHOWN = """1. [**Attention Is All You Need**](https://x.example/1 "p0000000000000001") [1]
   Ashish Vaswani et al. · 2017 · NeurIPS

2. [**Google's Neural Machine Translation System: Bridging the Gap**](https://x.example/2 "p0000000000000002") [2]
   Yonghui Wu et al. · 2016 · arXiv

3. [**BERT: Pre-training of Deep Bidirectional Transformers**](https://x.example/3 "p0000000000000003") [3]
   Jacob Devlin et al. · 2019 · NAACL

4. [**一种神经机器翻译方法**](https://x.example/4 "p0000000000000004") [4]
   李飞飞 · 2020 · 软件学报
"""


def in_conversation(message: str, *before: str) -> Understanding:
    """What a message means after a list, and what was said ``before`` it."""
    talk = [Message("user", "machine translation since 2016, not surveys"), Message("assistant", SHOWN)]
    return understand([*talk, *(Message("user", said) for said in (*before, message))], TODAY)


def without_rule(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (unwrapping, reading_module, pointers_module):
        for name, value in vars(module).items():
            if name.endswith("_RULES"):
                monkeypatch.setattr(module, name, tuple(other for other in value if other is not rule))
    reading_module.read.cache_clear()


@pytest.fixture(autouse=True)
def read_anew() -> Iterator[None]:
    yield
    reading_module.read.cache_clear()


@pytest.mark.parametrize("rule", QUESTION_RULES, ids=lambda rule: rule.example)
def test_each_rule_is_needed_for_the_message_that_shows_it(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    meant = ask(rule.example), in_conversation(rule.example)
    without_rule(rule, monkeypatch)
    assert (ask(rule.example), in_conversation(rule.example)) != meant


@pytest.mark.parametrize("rule", QUESTION_RULES, ids=lambda rule: rule.example)
def test_each_rule_takes_its_words_out(rule: Rule) -> None:
    topics = ("x", "pruning", "parsing", "protein folding", "capsule networks", "generative models", "句法分析", "机器翻译")
    either = ("Hinton or LeCun", "李飞飞或孙剑")
    assert ask(rule.example).topic in ("", *topics, *either)


@pytest.mark.parametrize("rule", rules(*REQUESTS, *CHANGES), ids=lambda rule: rule.example)
def test_each_rule_for_a_later_message_is_needed_for_the_one_that_shows_it(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {Says.SAME: ("summarise 2",), Says.ANSWER: ("compare 1",)}.get(rule.says, ())
    meant = in_conversation(rule.example, *before)
    without_rule(rule, monkeypatch)
    assert in_conversation(rule.example, *before) != meant


@pytest.mark.parametrize("rule", rules(Says.POLITE_START, Says.POLITE_END), ids=lambda rule: rule.example)
def test_each_polite_wording_is_needed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    message = rule.example.replace("x", "summarise 2")
    meant = in_conversation(message)
    assert (meant.intent, meant.meant.papers) == (Intent.SUMMARISE, ("p0000000000000002",))
    without_rule(rule, monkeypatch)
    assert in_conversation(message) != meant


@pytest.mark.parametrize("rule", rules(*POINTERS), ids=lambda rule: rule.example)
def test_each_way_to_point_at_a_paper_is_needed(rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    message = f"summarise {rule.example}"
    meant = in_conversation(message)
    assert meant.intent is Intent.SUMMARISE
    without_rule(rule, monkeypatch)
    assert in_conversation(message) != meant


@pytest.mark.parametrize(
    ("message", "topic", "among"),
    [
        ("what does this file say about melatonin?", "melatonin", "attached"),
        ("What does this paper say about BERT?", "BERT", "attached"),
        ("find melatonin in this pdf", "melatonin", "attached"),
        ("what do my uploads say about vector phrase generation?", "vector phrase generation", "uploads"),
        ("what do my PDFs say about GANs since 2020", "GANs", "uploads"),
        ("do my uploads mention melatonin?", "melatonin", "uploads"),
        ("papers on GANs among my uploads", "GANs", "uploads"),
        ("only my uploads", "", "uploads"),
        ("list my uploads", "", "uploads"),
        ("我上传的文件里有没有关于机器翻译的论文", "机器翻译", "uploads"),
        ("我的文件里有关于机器翻译的论文吗", "机器翻译", "uploads"),
        ("这个文件对机器翻译怎么说", "机器翻译", "attached"),
        ("我們上傳的文件裡有沒有關於機器翻譯的論文", "機器翻譯", "uploads"),
        ("file systems in the document", "file systems in the document", None),
        ("anomaly detection in the file system", "anomaly detection in the file system", None),
        ("近三年BERT说了什么", "BERT说了什么", None),
    ],
)
def test_uploads_are_a_limit(message: str, topic: str, among: str | None) -> None:
    asked = ask(message)
    assert (asked.intent, asked.topic, asked.filters.among) == (Intent.FIND, topic, among)


@pytest.mark.parametrize(
    ("said", "topic", "among"),
    [
        (["only my uploads"], "GANs", "uploads"),
        (["只看我上传的"], "GANs", "uploads"),
        (["list my uploads"], "", "uploads"),
        (["in my uploads", "what about BERT?"], "BERT", "uploads"),
        (["in my uploads", "not only my uploads"], "GANs", None),
        (["in my uploads", "不限上传的文件"], "GANs", None),
    ],
)
def test_uploads_refine_a_question_until_they_are_taken_back(said: list[str], topic: str, among: str | None) -> None:
    asked = ask("papers on GANs", *said)
    assert (asked.topic, asked.filters.among) == (topic, among)


@pytest.mark.parametrize(
    "message", ["papers on GANs in my uploads", "papers on GANs in this file", "我上传的文件里关于GANs的论文"]
)
def test_a_limit_to_uploads_can_be_said_in_our_words(message: str) -> None:
    assert spoken(ask(message), TODAY)
