"""Every text a reader can see, in English and Chinese, in one table; traditional Chinese is made from the simplified."""

from functools import cache
from typing import Literal

from rag.assistant.conversation import Language
from rag.assistant.replies import REPLIES
from rag.assistant.upload_messages import UPLOAD_TEXTS
from rag.wording.scripts import in_traditional

TEXTS: dict[str, dict[Literal["en", "zh"], str]] = (
    REPLIES
    | UPLOAD_TEXTS
    | {
        # the line of what was understood
        "understood": {"en": "**Understood:** {parts}", "zh": "**我的理解：** {parts}"},
        "read_as": {"en": "**Read as:** {question}", "zh": "**读作：** {question}"},
        "any_topic": {"en": "any topic", "zh": "不限主题"},
        "since": {"en": "since {year}", "zh": "{year} 年以来"},
        "until": {"en": "until {year}", "zh": "{year} 年及以前"},
        "in_year": {"en": "in {year}", "zh": "{year} 年"},
        "between": {"en": "{first}–{last}", "zh": "{first}–{last} 年"},
        "by": {"en": "by {names}", "zh": "作者 {names}"},
        "at": {"en": "at {names}", "zh": "发表于 {names}"},
        "without": {"en": "without {names}", "zh": "不含 {names}"},
        "not_in_years": {"en": "not in {names}", "zh": "不含 {names} 年"},
        "not_by": {"en": "not by {names}", "zh": "作者不含 {names}"},
        "not_at": {"en": "not at {names}", "zh": "不含发表于 {names} 的"},
        "or": {"en": " or ", "zh": "或"},
        "written_in": {"en": "in {names}", "zh": "语言 {names}"},
        "top": {"en": "top {count}", "zh": "前 {count} 篇"},
        "top_cut": {
            "en": "top {count} (at most {count}; you asked for {asked})",
            "zh": "前 {count} 篇（最多 {count} 篇，您要了 {asked} 篇）",
        },
        "and": {"en": " and ", "zh": "、"},
        "language_zh": {"en": "Chinese", "zh": "中文"},
        "language_en": {"en": "English", "zh": "英文"},
        "language_de": {"en": "German", "zh": "德文"},
        "language_fr": {"en": "French", "zh": "法文"},
        "language_ja": {"en": "Japanese", "zh": "日文"},
        "language_es": {"en": "Spanish", "zh": "西班牙文"},
        "language_pt": {"en": "Portuguese", "zh": "葡萄牙文"},
        "language_ru": {"en": "Russian", "zh": "俄文"},
        "language_ko": {"en": "Korean", "zh": "韩文"},
        "language_it": {"en": "Italian", "zh": "意大利文"},
        "shortened": {
            "en": "*Your message is very long; I read its first {count} characters.*",
            "zh": "*您的消息很长，我只读了开头的 {count} 个字符。*",
        },
        "like": {"en": "like {titles}", "zh": "与 {titles} 相似"},
        "unlike": {"en": "unlike {titles}", "zh": "不像 {titles}"},
        "and_more": {"en": "{names} and {count} more", "zh": "{names}等（另有 {count} 篇）"},
        "quoted": {"en": "“{title}”", "zh": "“{title}”"},
        "in_collections": {"en": "in the collection {names}", "zh": "文献集 {names}"},
        "among_uploads": {"en": "uploads only", "zh": "仅限上传的文件"},
        "among_attached": {"en": "attached files only", "zh": "仅限所附文件"},
        "with_full_text": {"en": "with full text", "zh": "有全文"},
        "from_place": {"en": "from place {place} on", "zh": "从第 {place} 篇起"},
        "widened": {"en": "*Wider than before: all limits are dropped.*", "zh": "*范围已放宽：不再限制任何条件。*"},
        "further": {
            "en": "You asked more than one question; I answered the first. Please send the others one at a time:",
            "zh": "您一次问了不止一个问题，我回答了第一个。请逐个发送其余的问题：",
        },
        # the list
        "et_al": {"en": "{names} et al.", "zh": "{names} 等"},
        # where was searched, and where a paper lies
        "library": {"en": "library", "zh": "文献库"},
        "knowledge_base": {"en": "1 knowledge base", "zh": "1 个知识库"},
        "knowledge_bases": {"en": "{count} knowledge bases", "zh": "{count} 个知识库"},
        "attached_file": {"en": "the attached file", "zh": "所附文件"},
        "attached_files": {"en": "{count} attached files", "zh": "{count} 个所附文件"},
        "only_in": {"en": "in: {names}", "zh": "范围：{names}"},
        "nowhere": {"en": "no knowledge base that you may read", "zh": "没有您可以读取的知识库"},
        "in_knowledge": {"en": "in the knowledge base {names}", "zh": "在知识库“{names}”中"},
        "in_attached_file": {"en": "in the attached file", "zh": "在所附文件中"},
        "also_in": {"en": "also {place}", "zh": "也{place}"},
        "also_as": {"en": "also as {place}", "zh": "另有版本：{place}"},
        "comma": {"en": ", ", "zh": "、"},
        "page": {"en": "p. {page}", "zh": "第 {page} 页"},
        "title": {"en": "title", "zh": "标题"},
        "abstract": {"en": "Abstract", "zh": "摘要"},
        "matches": {"en": "*Matches: {words} ({where})*", "zh": "*匹配：{words}（{where}）*"},
        "by_meaning": {
            "en": "*Near in meaning: none of the words is in its title or abstract.*",
            "zh": "*语义相近：标题和摘要中没有这些词。*",
        },
        "no_more": {
            "en": "That was all: the library has no further papers that fit. You can drop a limit, or widen the topic.",
            "zh": "就这些了：文献库中没有更多合适的论文。您可以去掉某个限制，或放宽主题。",
        },
        "nothing_similar": {
            "en": "The library has nothing similar within these limits.",
            "zh": "在这些限制条件下，文献库中没有相似的论文。",
        },
        # the text of a language model
        "model_wrote": {
            "en": "**In short** *(by a language model, from the papers below)*",
            "zh": "**概要** *（由语言模型根据下列论文写成）*",
        },
        "model_writing": {"en": "Reading {count} papers …", "zh": "正在阅读 {count} 篇论文……"},
        "model_away": {
            "en": "*The language model cannot be reached at the moment; this answer is made without it.*",
            "zh": "*暂时无法连接语言模型，以下回答未使用它。*",
        },
        "model_slow": {
            "en": "*The language model did not answer in time; this answer is made without it.*",
            "zh": "*语言模型未能及时回答，以下回答未使用它。*",
        },
        "model_useless": {
            "en": "*The language model wrote nothing that these papers support, so its text is left out.*",
            "zh": "*语言模型所写的内容没有这些论文的支持，因此未予采用。*",
        },
        "model_cut": {
            "en": "*The language model stopped before the end of its text.*",
            "zh": "*语言模型没有写完就中断了。*",
        },
        # pictures
        "picture_years": {"en": "Papers per year: {topic}", "zh": "每年论文数：{topic}"},
        "picture_years_all": {"en": "Papers per year", "zh": "每年论文数"},
        "year_bar": {"en": "{year}: {count}", "zh": "{year} 年：{count} 篇"},
        "picture_map": {"en": "Papers by topic: {topic}", "zh": "论文的主题分布：{topic}"},
        "mapped": {
            "en": "{count} papers by topic: near papers are about near things. A number opens its paper. The same in words:",
            "zh": "{count} 篇论文的主题分布：位置相近的论文内容相近，点击编号即可打开论文。文字版如下：",
        },
        "too_few_to_map": {
            "en": "A map needs at least three papers; this question finds {count}.",
            "zh": "画图至少需要三篇论文，而这个问题只找到 {count} 篇。",
        },
        # which paper is meant
        "no_list_yet": {
            "en": (
                "There is no list in this conversation yet that I could take a paper from. "
                "Ask for a topic first, for example: “{example}”"
            ),
            "zh": "这个对话里还没有可供选择的论文列表。请先说一个主题，例如：“{example}”",
        },
        "nothing_attached": {
            "en": "No file is attached to this chat, or none that I may read. Attach it to your message and ask again.",
            "zh": "这个对话没有附上文件，或没有我可以读取的文件。请把文件附在消息中再问一次。",
        },
        "gone": {
            "en": "That paper is no longer there, or you may no longer read it. Name another one, or ask your question again.",
            "zh": "这篇论文已不存在，或您已无权读取。请说出另一篇，或重新提问。",
        },
        "some_gone": {
            "en": "*Some of these papers are no longer there, or you may no longer read them; they are left out.*",
            "zh": "*其中有些论文已不存在，或您已无权读取，因此未列出。*",
        },
        "no_such_place": {
            "en": "The latest list has {count} papers; there is no number {place}.",
            "zh": "最近的列表只有 {count} 篇论文，没有第 {place} 篇。",
        },
        "several_fit": {
            "en": "More than one paper fits that: {papers}. Which one? Its number is enough.",
            "zh": "符合的不止一篇：{papers}。您指的是哪一篇？说出编号即可。",
        },
        "which_one": {
            "en": "Which paper do you mean? Its number is enough: “the second one”.",
            "zh": "您指的是哪一篇？说出编号即可，例如“第二篇”。",
        },
        "compare_two": {
            "en": "To compare, I need at least two papers, for example: “compare 1 and 2”.",
            "zh": "比较至少需要两篇论文，例如：“对比第1篇和第2篇”。",
        },
        "not_in_library": {
            "en": (
                "The library has no paper that I could tell to be “{name}”. "
                "Say its number in the list, its full title or its DOI."
            ),
            "zh": "文献库中找不到“{name}”。请说出它在列表中的编号、完整标题或 DOI。",
        },
        "not_here": {"en": "That is not possible here: this service only searches.", "zh": "此处无法做到：该服务只能检索。"},
        # about single papers
        "own_sentences": {"en": "*Key sentences, in the paper's own words:*", "zh": "*论文原文中的关键句：*"},
        "abstract_only": {
            "en": "*The library has the abstract only; its key sentences, in its own words:*",
            "zh": "*文献库中只有摘要，以下是摘要原文中的关键句：*",
        },
        "no_abstract": {
            "en": "The library has neither an abstract nor the full text of this paper, so there is nothing to summarise.",
            "zh": "文献库中既没有这篇论文的摘要，也没有全文，无法概括。",
        },
        "text": {"en": "Text", "zh": "正文"},
        "detail_authors": {"en": "Authors", "zh": "作者"},
        "detail_year": {"en": "Year", "zh": "年份"},
        "detail_venue": {"en": "Venue", "zh": "会议或期刊"},
        "detail_doi": {"en": "DOI", "zh": "DOI"},
        "detail_arxiv": {"en": "arXiv", "zh": "arXiv"},
        "detail_link": {"en": "Link", "zh": "链接"},
        "detail_keywords": {"en": "Keywords", "zh": "关键词"},
        "detail_language": {"en": "Language", "zh": "语言"},
        "detail_collections": {"en": "In the collections", "zh": "所在文献集"},
        "own_words": {"en": "In its own words", "zh": "原文要点"},
        "on_your_topic": {"en": "On your topic", "zh": "与您的主题"},
        "in_common": {"en": "*In common:* {what}", "zh": "*共同之处：* {what}"},
        "why_question": {"en": "For “{topic}”:", "zh": "针对“{topic}”："},
        "why_like": {"en": "Like {titles}:", "zh": "与 {titles} 的相似之处："},
        "both_speak_of": {"en": "Both speak of: {terms}", "zh": "都涉及：{terms}"},
        "in_title": {"en": "Words of the question in the title", "zh": "标题中出现的词"},
        "in_abstract": {"en": "In the abstract", "zh": "摘要中出现的词"},
        "in_keywords": {"en": "In the keywords", "zh": "关键词中出现的词"},
        "in_section": {"en": "In the section “{section}”", "zh": "“{section}”一节中出现的词"},
        "no_word_matches": {
            "en": "No word of the question is in its title, abstract or keywords",
            "zh": "标题、摘要和关键词中都没有问题里的词",
        },
        "not_there": {"en": "Not there", "zh": "没有出现的词"},
        "nearness": {"en": "Nearness in meaning (cosine): {cosine}", "zh": "语义相近程度（余弦）：{cosine}"},
        "relevance": {"en": "Relevance: {percent} %", "zh": "相关度：{percent} %"},
        "limits_met": {"en": "It meets the limits: {limits}", "zh": "符合限制条件：{limits}"},
        "not_found_now": {"en": "The question does not find it among its best papers", "zh": "它不在这个问题的最佳结果之中"},
        "no_question": {"en": "No topic was asked for that it could match.", "zh": "之前没有提出可供匹配的主题。"},
        # exports
        "exported": {"en": "{count} papers as {format}:", "zh": "{count} 篇论文，{format} 格式："},
        "exported_one": {"en": "1 paper as {format}:", "zh": "1 篇论文，{format} 格式："},
        "download": {"en": "Download papers.{extension}", "zh": "下载 papers.{extension}"},
        # counts
        "counted_topic": {
            "en": "{count} papers of the library fit “{topic}” (those with a relevance of at least {percent} %).",
            "zh": "文献库中有 {count} 篇论文与“{topic}”相符（相关度不低于 {percent} %）。",
        },
        "counted_topic_one": {
            "en": "1 paper of the library fits “{topic}” (with a relevance of at least {percent} %).",
            "zh": "文献库中有 1 篇论文与“{topic}”相符（相关度不低于 {percent} %）。",
        },
        "counted_at_least": {
            "en": "At least {count} papers of the library fit “{topic}”; only these, the best, are counted below.",
            "zh": "文献库中至少有 {count} 篇论文与“{topic}”相符；下面只统计其中最相关的这些。",
        },
        "counted_all": {
            "en": "{count} papers of the library meet this (counted in full).",
            "zh": "文献库中有 {count} 篇论文符合（完整统计）。",
        },
        "counted_listed": {"en": "Of the {count} papers in the list:", "zh": "列表中的 {count} 篇论文："},
        "by_year": {"en": "Year", "zh": "年份"},
        "by_venue": {"en": "Venue", "zh": "会议或期刊"},
        "by_author": {"en": "Author", "zh": "作者"},
        "papers": {"en": "Papers", "zh": "论文数"},
        "unknown_year": {"en": "{count} more have no year.", "zh": "另有 {count} 篇没有年份。"},
        "unknown_venue": {"en": "{count} more have no venue.", "zh": "另有 {count} 篇没有会议或期刊。"},
        "unknown_author": {"en": "{count} more have no author.", "zh": "另有 {count} 篇没有作者。"},
        "show_them_hint": {"en": "“Show them” lists the papers.", "zh": "说“列出来”即可查看这些论文。"},
        "collections": {"en": "I search {count} papers in these collections:", "zh": "我检索以下文献集中的 {count} 篇论文："},
        "no_collection": {
            "en": "There is no collection named “{name}”. There are: {names}.",
            "zh": "没有名为“{name}”的文献集。现有：{names}。",
        },
        "collection": {"en": "**{name}** ({count} papers)", "zh": "**{name}**（{count} 篇）"},
        # the status line
        "searching_similar": {"en": "Searching the library for similar papers …", "zh": "正在文献库中查找相似的论文……"},
        "looking_up": {"en": "Looking it up …", "zh": "正在查阅……"},
        "searching": {"en": "Searching the library for “{topic}” …", "zh": "正在检索文献库：“{topic}”……"},
        "found": {"en": "Found {count} papers", "zh": "找到 {count} 篇论文"},
        "found_one": {"en": "Found 1 paper", "zh": "找到 1 篇论文"},
        "found_nothing": {"en": "Nothing in the library fits", "zh": "文献库中没有合适的论文"},
        "failed": {"en": "The search did not work", "zh": "检索未能完成"},
        # nothing fits
        "the_library": {"en": "the library", "zh": "文献库"},
        "the_library_or": {"en": "the library or {others}", "zh": "文献库和{others}"},
        "your_knowledge_bases": {"en": "the knowledge bases you may read", "zh": "您可以读取的知识库"},
        "what_you_picked": {"en": "what you picked", "zh": "您选择的范围"},
        "nothing_fits": {
            "en": "Nothing in {place} fits **{topic}**. I would rather say so than list papers about something else.",
            "zh": "{place}中没有与 **{topic}** 相符的论文。与其列出不相关的论文，不如如实告诉您。",
        },
        "nothing_within_limits": {
            "en": "Nothing in {place} fits within these limits: {limits}.",
            "zh": "在这些限制条件下，{place}中没有合适的论文：{limits}。",
        },
        "limits_are_why": {
            "en": "The limits are the reason: without them, there are papers on **{topic}** ({count} found).",
            "zh": "原因在于限制条件：去掉它们，就有关于 **{topic}** 的论文（找到 {count} 篇）。",
        },
        "nor_without_limits": {
            "en": "Without them, too, there is nothing on **{topic}**.",
            "zh": "即使去掉这些条件，也没有与 **{topic}** 相符的论文。",
        },
        "unknown_words": {
            "en": (
                "*The embedding model here reads English, and its Chinese glossary lacks {words}: that was looked for as it is "
                "written, the rest by meaning too. English words help, or a multilingual model (PAPER_FINDER_MODEL).*"
            ),
            "zh": (
                "*这里的向量模型只懂英文，中文词汇表里没有{words}，只能按原样检索；其余的词也按语义检索。"
                "换成英文词，或改用多语言模型（PAPER_FINDER_MODEL），会更好。*"
            ),
        },
        "you_can_try": {"en": "You can try:", "zh": "您可以试试："},
        "try_without_limits": {
            "en": "the same question without limits: “{question}”",
            "zh": "去掉限制条件再问一次：“{question}”",
        },
        "try_other_words": {"en": "other words for the topic, or broader ones", "zh": "换一种说法，或使用更宽泛的主题"},
        "try_adding": {
            "en": (
                "adding papers on it: upload them into a knowledge base (Workspace → Knowledge), "
                "or add them to the shared library with `paper-finder ingest FILE --collection NAME`"
            ),
            "zh": (
                "添加相关论文：上传到知识库（工作空间 → 知识库），"
                "或用 `paper-finder ingest FILE --collection NAME` 加入共享文献库"
            ),
        },
        # why a paper is recommended
        "near_owned": {"en": "Near “{title}”, which you have.", "zh": "与您已有的《{title}》相近。"},
        "near_owned_by_terms": {
            "en": "Near “{title}”, which you have; both speak of {terms}.",
            "zh": "与您已有的《{title}》相近，都涉及{terms}。",
        },
        # background tasks and follow-ups: whole messages that a click sends
        "title_help": {"en": "Using Paper Finder", "zh": "使用 Paper Finder"},
        "title_chat": {"en": "New search", "zh": "新的检索"},
        "paper": {"en": "paper", "zh": "论文"},
        "tag": {"en": "Papers", "zh": "论文"},
        "ask_topic": {"en": "papers on {topic}", "zh": "关于{topic}的论文"},
        "ask_count": {"en": "top {count} ", "zh": "前{count}篇"},
        "ask_since": {"en": " since {year}", "zh": "{year}年以后"},
        "ask_until": {"en": " until {year}", "zh": "截至{year}年"},
        "ask_between": {"en": " from {first} to {last}", "zh": "{first}到{last}年"},
        "ask_in": {"en": " in {first}", "zh": "{first}年"},
        "ask_and": {"en": " and ", "zh": "和"},
        "ask_by": {"en": " by {names}", "zh": "，作者是{names}"},
        "ask_at": {"en": " at {names}", "zh": "发表在{names}上的"},
        "ask_not_in": {"en": ", not in {names}", "zh": "，不要{names}年的"},
        "ask_not_by": {"en": ", not by {names}", "zh": "，作者不是{names}"},
        "ask_not_at": {"en": ", not at {names}", "zh": "，不在{names}上发表的"},
        "ask_without": {"en": ", without {names}", "zh": "，不要{names}"},
        "ask_among_uploads": {"en": " in my uploads", "zh": "在我上传的文件里查找"},
        "ask_among_attached": {"en": " in the attached files", "zh": "在附上的文件里查找"},
        "ask_language": {"en": ", written in {name}", "zh": "{name}"},
        "follow_similar": {"en": "More like the first one", "zh": "类似第一篇的论文"},
        "follow_compare": {"en": "Compare 1 and 2", "zh": "对比第1篇和第2篇"},
        "follow_export": {"en": "Export these as BibTeX", "zh": "把这些论文导出为BibTeX"},
        "follow_map": {"en": "Map these", "zh": "把这些论文画成地图"},
        "follow_when": {"en": "When was this studied?", "zh": "每年有多少篇论文？"},
        "follow_more": {"en": "Show more results", "zh": "更多结果"},
        "follow_summary": {"en": "Summarise the first one", "zh": "总结第一篇"},
        "follow_like_it": {"en": "More like this one", "zh": "与这篇类似的论文"},
        "follow_cite_it": {"en": "Give me BibTeX for this one", "zh": "这篇的BibTeX"},
        "follow_cite_both": {"en": "Give me BibTeX for both", "zh": "这两篇的BibTeX"},
        "follow_summary_of": {"en": "Summarise {first}", "zh": "总结第{first}篇"},
        "follow_like": {"en": "More like {first}", "zh": "类似第{first}篇的论文"},
        "follow_compare_these": {"en": "Compare {first} and {second}", "zh": "对比第{first}篇和第{second}篇"},
        "follow_show": {"en": "Show them", "zh": "列出来"},
        "follow_authors": {"en": "Who has published most on it?", "zh": "谁发表的论文最多？"},
        "follow_venues": {"en": "Which venues publish most on it?", "zh": "哪些会议的论文最多？"},
        "what_can_you_do": {"en": "What can you do?", "zh": "你能做什么？"},
    }
)


def say(name: str, language: Language, /, **values: object) -> str:
    """The text ``name`` in ``language`` with its blanks filled in."""
    return _template(name, language).format(**values)


@cache
def _template(name: str, language: Language) -> str:
    texts = TEXTS[name]
    return in_traditional(texts["zh"]) if language == "zh-Hant" else texts[language]
