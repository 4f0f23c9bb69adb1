"""Phrases by which a line shows what it is: an imprint, an affiliation, an address, a person."""

import re

BANNER = re.compile(
    r"""^\W*(?:
    contents\ lists\ available | (?:journal\ )?homepage | available\ (?:online|at) | see\ discussions | sciencedirect | elsevier\b | springer\b | wiley\b
    | (?:original|research|review|regular|full[- ]length|short|invited|open\ access|technical|conference|case|brief|feature)\s(?:research\s)?
      (?:article|paper|report|contribution|communication|note|study|review|reports)s?\W*$
    | (?:article|review|letter|letters|editorial|perspective|commentary|correspondence|tutorial|survey|preprint|open\ access|research|paper|working\ paper|report|articles|feature|mini\ review|communication|opinion|analysis|brief\ communication|technical\ report|draft|manuscript|author's?\ (?:final\ )?(?:manuscript|version)|accepted\ manuscript|poster|demo|check\ for\ updates|biorxiv|medrxiv|ssrn|researchgate|zenodo|jstor|hal\b.{0,30}|open|oa)\W*$
    | check\ for\ updates | downloaded\ (?:from|by|on) | this\ (?:version|article|paper|content|preprint|is\ a|work|document)\b.{0,40}\b(?:was|is|has|may|available|accepted|published)
    | to\ (?:cite|link\ to)\ this | cite\ (?:this|as)\b | citation\b | how\ to\ cite | please\ (?:cite|scroll|share|note) | vol(?:ume|\.)?\s*\d | issn | isbn | doi\b | https?: | www\. | arxiv: | e-?mail
    | received\b | accepted\b | published\b | submitted\s(?:to|on|in\ partial|\d) | revised\b | copyright\b | © | \(c\)\s*\d | preprint\ (?:submitted|not) | in\ press
    | proceedings\ (?:of|in) | in\ proc(?:eedings|\.) | appearing\ in | to\ appear | under\ review | published\ as | workshop\ on | international\ (?:journal|conference|workshop)\ (?:of|on|for)
    | journal\ of | ieee\ (?:transactions|access|journal|conference|communications|software) | acm\ (?:transactions|sig|comput) | lecture\ notes
    | (?:\d{4}\s)?(?:ieee|acm)(?:/\w+)?\s.{0,60}\b(?:conference|symposium|workshop|congress)
    | provided\ (?:by|proper) | view\ metadata | brought\ to\ you | core\ metadata | provided\ in\ cooperation | the\ \w+\ faculty | as\ published | citable | terms\ of\ use | accessed\b | publisher\b
    | pages?\s\d | page\b | \d+$ | [\d\W]+$ | p\.?\ ?\d | no\.\ ?\d | number\s\d
    | http | author(?:\(s\)|s)?\s*: | source\s*: | stable\ url | (?:supervis|advis)[oe]r | key\ ?words | subject\ categor | general\ terms | msc\b | jel\b | pacs\b
    | view\ the\ article | view\ article | related\ content | recent\ citations | subscribe | sign\ up | author's\ personal\ copy | all\ rights\ reserved | permission\ to | license
    )""",
    re.IGNORECASE | re.VERBOSE,
)
"""Lines at the top of a first page that are no title."""

DEGREE_WORK = re.compile(
    r"""^\W*(?:(?:a|the)\s)?(?:(?:doctoral|phd|ph\.d\.|master'?s?|master's|bachelor'?s?|diploma|honou?rs|undergraduate|msc|m\.sc\.|bsc|b\.sc\.|senior)\s)*(?:thesis|dissertation|project\ report|final\ report|diplomarbeit|masterarbeit|bachelorarbeit|studienarbeit|habilitation(?:sschrift)?)\b.{0,90}$
    | ^\W*(?:in\ partial|submitted\ (?:in|to|by|for)|a\ (?:thesis|dissertation)|thesis|dissertation\ submitted|for\ the\ degree|zur\ erlangung|presented\ to|vorgelegt)
    | ^(?:本科|硕士|博士|学士|研究生|毕业|学位|工程硕士|专业硕士|中国|国家)?.{0,8}(?:学位论文|毕业论文|毕业设计|论文集)(?:\W*[（(].*)?$ | ^.{0,12}学\s*报$ | ^第\s*\d+\s*[卷期] | ^(?:分类号|学校代码|学号|密级|编号|中图分类号|文章编号|文献标[识志]码|收稿日期|基金项目)
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Lines of a thesis' or a journal's title page that are no title."""

AFFILIATION = re.compile(
    r"""\b(?:universit\w*|univ\.?|college|institut\w*|school|faculty|facult[àé]\w*|fakult\w*|department|dept\.?|departamento|dipartimento|département|laborator\w*|labs?|research|center|centre|centro|academy|academia|hospital|clinic|klinik\w*|corporation|corp|inc|ltd|llc|gmbh|company|group|division|ministry|council|foundation|agency|bureau|society|association|press|technolog\w*|sciences?|engineering|informatics|informatik|mathematics|physics|chemistry|biology|medicine|polytechni\w*|politecnico|école|ecole|hochschule|technische|observatory|museum|campus|program(?:me)?|street|st\.|avenue|ave|road|rd|box|blvd|floor|building|p\.?o\.|cnrs|inria|mit|ibm|google|microsoft|facebook|meta|amazon|nvidia|deepmind|openai|eth|epfl|cmu|nist|nasa|cern|usa|u\.s\.a|uk|u\.k|republic|kingdom|province|district|city|state|member|fellow|students?|professors?|editor|reviewer|supervisor|advisor)\b
    | 大学|学院|研究所|研究院|实验室|公司|中心|学校|医院|中学|小学|初中|高中|系\b|省|市|邮编|\d{6}
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Words that people's names do not have."""

CONTACT = re.compile(r"@|https?:|www\.|\be-?mail|\borcid|\btel\b|\bphone|\bfax\b|\{.*\}|\.edu\b|\.com\b|\.org\b|\d{4}-\d{4}-\d{4}", re.IGNORECASE)

PLACES = frozenset(
    """argentina australia austria bangladesh belgium brazil brasil bulgaria canada chile china colombia croatia cuba cyprus czechia denmark deutschland egypt
    england estonia ethiopia finland france germany ghana greece hungary iceland india indonesia iran iraq ireland israel italy italia japan jordan kenya korea
    kuwait latvia lebanon lithuania luxembourg malaysia malta mexico morocco nepal netherlands nigeria norway oman pakistan peru philippines poland portugal
    qatar romania russia scotland serbia singapore slovakia slovenia spain españa sweden switzerland taiwan thailand tunisia turkey türkiye ukraine uruguay
    venezuela vietnam wales zealand america states emirates arabia africa europe asia
    amsterdam athens atlanta austin baltimore bangalore barcelona beijing berkeley berlin bologna bonn boston boulder brisbane bristol brussels budapest
    cambridge chengdu chicago copenhagen dallas delft delhi denver dresden dublin edinburgh eindhoven florence frankfurt geneva glasgow göttingen grenoble
    guangzhou haifa hamburg hangzhou harbin heidelberg helsinki houston istanbul jerusalem karlsruhe kyoto lausanne leipzig leuven lisbon liverpool london
    lyon madrid manchester marseille melbourne milan milano montreal montréal moscow mumbai munich münchen nanjing nantes naples oslo ottawa oxford padua
    paris philadelphia phoenix pisa pittsburgh portland prague princeton redmond rome saarbrücken seattle seoul shanghai shenzhen stanford stockholm stuttgart
    sydney taipei tehran tianjin tokyo toronto toulouse trento tübingen turin uppsala utrecht vancouver venice vienna warsaw washington wien wuhan zagreb
    zurich zürich california texas florida massachusetts michigan illinois pennsylvania ohio virginia maryland arizona colorado oregon ontario quebec bavaria
    nebraska minnesota wisconsin indiana georgia carolina jersey york tennessee missouri iowa utah alberta columbia""".split()
)
"""Countries, states and cities of many universities, folded: two capitalised words with one of these are an address."""
