"""Every text a reader can see, in English and Chinese, in one table."""

from rag.assistant.conversation import Language

TEXTS: dict[str, dict[Language, str]] = {
    # the line of what was understood
    "understood": {"en": "**Understood:** {parts}", "zh": "**我的理解：** {parts}"},
    "any_topic": {"en": "any topic", "zh": "不限主题"},
    "since": {"en": "since {year}", "zh": "{year} 年以来"},
    "until": {"en": "until {year}", "zh": "{year} 年及以前"},
    "in_year": {"en": "in {year}", "zh": "{year} 年"},
    "between": {"en": "{first}–{last}", "zh": "{first}–{last} 年"},
    "by": {"en": "by {names}", "zh": "作者 {names}"},
    "at": {"en": "at {names}", "zh": "发表于 {names}"},
    "without": {"en": "without {names}", "zh": "不含 {names}"},
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
    # the list
    "et_al": {"en": "{names} et al.", "zh": "{names} 等"},
    "comma": {"en": ", ", "zh": "、"},
    "page": {"en": "p. {page}", "zh": "第 {page} 页"},
    # the status line
    "searching": {"en": "Searching the library for “{topic}” …", "zh": "正在检索文献库：“{topic}”……"},
    "found": {"en": "Found {count} papers", "zh": "找到 {count} 篇论文"},
    "found_one": {"en": "Found 1 paper", "zh": "找到 1 篇论文"},
    "found_nothing": {"en": "Nothing in the library fits", "zh": "文献库中没有合适的论文"},
    "failed": {"en": "The search did not work", "zh": "检索未能完成"},
    # nothing fits
    "nothing_fits": {
        "en": "Nothing in the library fits **{topic}**. I would rather say so than list papers about something else.",
        "zh": "文献库中没有与 **{topic}** 相符的论文。与其列出不相关的论文，不如如实告诉您。",
    },
    "nothing_within_limits": {
        "en": "Nothing in the library fits within these limits: {limits}.",
        "zh": "在这些限制条件下，文献库中没有合适的论文：{limits}。",
    },
    "limits_are_why": {
        "en": "The limits are the reason: without them, the library does have papers on **{topic}** ({count} found).",
        "zh": "原因在于限制条件：去掉它们，文献库中有关于 **{topic}** 的论文（找到 {count} 篇）。",
    },
    "nor_without_limits": {
        "en": "Without them, too, there is nothing on **{topic}**.",
        "zh": "即使去掉这些条件，也没有与 **{topic}** 相符的论文。",
    },
    "you_can_try": {"en": "You can try:", "zh": "您可以试试："},
    "try_without_limits": {"en": "the same question without limits: “{question}”", "zh": "去掉限制条件再问一次：“{question}”"},
    "try_other_words": {"en": "other words for the topic, or broader ones", "zh": "换一种说法，或使用更宽泛的主题"},
    "try_adding": {
        "en": "adding papers on it to the library: `paper-finder ingest FILE --collection NAME`",
        "zh": "把相关论文加入文献库：`paper-finder ingest FILE --collection NAME`",
    },
    # why a paper is recommended
    "near_owned": {"en": "Near “{title}”, which you have.", "zh": "与您已有的《{title}》相近。"},
    "near_owned_by_terms": {
        "en": "Near “{title}”, which you have; both speak of {terms}.",
        "zh": "与您已有的《{title}》相近，都涉及{terms}。",
    },
    # no search
    "topic_missing": {
        "en": "Papers on which topic? For example: “{example}”",
        "zh": "您想找哪个主题的论文？例如：“{example}”",
    },
    "help": {
        "en": (
            "I find papers in your library. Say what you are looking for, in English or Chinese, and you get a ranked list of "
            "real papers with the sentence that matched and a citation that opens. You can limit a search in your own words:\n\n"
            "- **years**: “since 2020”, “after 2020”, “2018–2021”, “in the last three years”\n"
            "- **author**: “by Geoffrey Hinton”\n"
            "- **venue**: “at ACL”, “NeurIPS 2020”\n"
            "- **kind**: “without surveys”\n"
            "- **language**: “written in Chinese”\n"
            "- **number**: “top 5” (at most {most})\n\n"
            "A message with nothing but limits, such as “since 2020”, refines your last question. Try:\n\n{examples}"
        ),
        "zh": (
            "我在您的文献库中查找论文。用中文或英文说出您要找的内容，"
            "就会得到按相关度排序的真实论文，附有匹配的句子和可以打开的引用。"
            "可以直接用自己的话加上限制：\n\n"
            "- **年份**：“2020年以后”“2018到2021年”“近三年”\n"
            "- **作者**：“李飞飞的论文”“作者是Geoffrey Hinton”\n"
            "- **会议或期刊**：“发表在ACL上的”“NeurIPS 2020”\n"
            "- **类型**：“不要综述”\n"
            "- **语言**：“中文论文”\n"
            "- **数量**：“前五篇”（最多 {most} 篇）\n\n"
            "只说限制条件（例如“2020年以后”）会在上一个问题的基础上继续。试试：\n\n{examples}"
        ),
    },
    "greeting": {
        "en": "Hello! Tell me a topic and I will look for papers on it in your library. For example: “{example}”",
        "zh": "您好！告诉我一个主题，我就在您的文献库中查找相关论文。例如：“{example}”",
    },
    "thanks": {
        "en": "You are welcome. Ask for another topic, or narrow the last one, for example with “since 2020”.",
        "zh": "不客气。您可以换一个主题，也可以缩小上一个问题的范围，例如“2020年以后”。",
    },
    "wellbeing": {"en": "All is well, thank you. What should I look for?", "zh": "我很好，谢谢。您想找什么论文？"},
    "identity": {
        "en": (
            "I am Paper Finder. I look for papers in your own library and cite only what is there. "
            "Ask “what can you do?” for more."
        ),
        "zh": "我是 Paper Finder，在您自己的文献库中查找论文，只引用库中真实存在的论文。想了解更多，请问“你能做什么？”",
    },
    "farewell": {"en": "Goodbye, and good reading!", "zh": "再见，祝阅读愉快！"},
    "unreadable": {
        "en": "I can only read text, and found none in your message. Write a topic to look for, for example: “{example}”",
        "zh": "我只能读文字，而您的消息里没有可读的内容。请写出您要找的主题，例如：“{example}”",
    },
    "example_1": {
        "en": "find me papers on low-resource machine translation since 2021",
        "zh": "查找2021年以后关于低资源机器翻译的论文",
    },
    "example_2": {"en": "top 5 papers on graph neural networks, not surveys", "zh": "给我5篇关于图神经网络的论文，不要综述"},
    "example_3": {"en": "medical image segmentation with transformers", "zh": "基于Transformer的医学图像分割"},
    # errors, in plain words
    "database_unavailable": {
        "en": "The library's database cannot be reached at the moment, so I could not search. Please ask again in a minute.",
        "zh": "暂时无法连接文献库的数据库，未能检索。请稍后再问一次。",
    },
    "embedding_unavailable": {
        "en": "The embedding server cannot be reached at the moment, so I could not search. Please ask again in a minute.",
        "zh": "暂时无法连接向量服务，未能检索。请稍后再问一次。",
    },
    "not_allowed": {
        "en": "You may not search this library with the sign-in you used. Please ask whoever runs Paper Finder here.",
        "zh": "当前登录身份无权检索该文献库，请联系 Paper Finder 的管理员。",
    },
    "search_failed": {
        "en": "The search did not work because of an error on our side. It is noted in the service's log; please try again.",
        "zh": "服务出错，检索未能完成。错误已记入服务日志，请再试一次。",
    },
    # background tasks and follow-ups: whole messages that a click sends
    "title_help": {"en": "Using Paper Finder", "zh": "使用 Paper Finder"},
    "title_chat": {"en": "New search", "zh": "新的检索"},
    "tag": {"en": "Papers", "zh": "论文"},
    "ask_topic": {"en": "papers on {topic}", "zh": "关于{topic}的论文"},
    "ask_count": {"en": "top {count} ", "zh": "前{count}篇"},
    "ask_since": {"en": " since {year}", "zh": "{year}年以后"},
    "ask_until": {"en": " until {year}", "zh": "截至{year}年"},
    "ask_between": {"en": " from {first} to {last}", "zh": "{first}到{last}年"},
    "ask_in": {"en": " in {first}", "zh": "{first}年"},
    "ask_by": {"en": " by {names}", "zh": "，作者是{names}"},
    "ask_at": {"en": " at {name}", "zh": "发表在{name}上的"},
    "ask_without": {"en": ", without {names}", "zh": "，不要{names}"},
    "ask_language": {"en": ", written in {name}", "zh": "{name}"},
    "what_can_you_do": {"en": "What can you do?", "zh": "你能做什么？"},
}


def say(name: str, language: Language, /, **values: object) -> str:
    """The text ``name`` in ``language`` with its blanks filled in."""
    return TEXTS[name][language].format(**values)
