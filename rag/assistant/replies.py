"""The part of the table of texts that answers whole messages: help, small talk, what went wrong, examples."""

from typing import Literal

REPLIES: dict[str, dict[Literal["en", "zh"], str]] = {
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
            "A message with nothing but limits, such as “since 2020”, refines your last question; “drop the year” takes one "
            "back, “what about speech?” keeps them for another topic. Then go on from the list: “more”, “more like the second "
            "one”, “compare 1 and 4”, “summarise 2”, “why is 3 here?”, “export 1, 3 and 5 as RIS”, “how many per year?”.\n\n"
            "Your own papers: attach a file to the chat and ask “summarise this file” or “what does this file say about "
            "melatonin?”; upload into a knowledge base, pick it with `#name`, or say “only my uploads”. Try:\n\n{examples}"
        ),
        "zh": (
            "我在您的文献库中查找论文。用中文或英文说出您要找的内容，"
            "就会得到按相关度排序的真实论文，附有匹配的句子和可以打开的引用。"
            "可以直接用自己的话加上限制：\n\n"
            "- **年份**：“2020年以后”“2018到2021年”“近三年”\n"
            "- **作者**：“李飞飞的论文”“作者是Geoffrey Hinton”\n"
            "- **会议或期刊**：“发表在ACL上的”“NeurIPS 2020”\n"
            "- **种类**：“不要综述”\n"
            "- **语言**：“中文论文”\n"
            "- **数量**：“前五篇”（最多 {most} 篇）\n\n"
            "只说限制条件（例如“2020年以后”）会在上一个问题的基础上继续；“去掉年份限制”会取消它，"
            "“那语音识别呢？”则换一个主题而保留限制。还可以接着列表往下问：“还有吗”“类似第二篇的论文”“对比第一篇和第四篇”"
            "“总结第二篇”“为什么推荐第三篇？”“把第1、3、5篇导出为RIS”“每年有多少篇论文？”。\n\n"
            "您自己的论文：把文件附在对话中，再问“总结这个文件”或“这个文件对褪黑素怎么说？”；"
            "也可以上传到知识库，用 `#名称` 选择它，或说“只看我上传的”。试试：\n\n{examples}"
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
    "sorting": {
        "en": (
            "I list papers by how well they fit, and in no other order. “How many per year?” shows their years, “since 2015” "
            "keeps the newer ones, and “export as CSV” gives a table that you can sort."
        ),
        "zh": (
            "我只按相关程度排列论文，没有别的顺序。“每年有多少篇论文？”可以看年份分布，“2015年以后”只留下较新的，"
            "“导出为CSV”则得到可以自行排序的表格。"
        ),
    },
    "unreadable": {
        "en": "I can only read text, and found none in your message. Write a topic to look for, for example: “{example}”",
        "zh": "我只能读文字，而您的消息里没有可读的内容。请写出您要找的主题，例如：“{example}”",
    },
    "only_pictures": {
        "en": "I cannot read pictures, only text. Write what you are looking for, for example: “{example}”",
        "zh": "我看不了图片，只能读文字。请写出您要找的内容，例如：“{example}”",
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
}
