"""Phrases by which a line shows what it is: an imprint, an affiliation, an address, a person."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_KINDS = (
    r"article|paper|report|contribution|communication|note|study|review|letter|editorial|perspective|commentary|"
    r"correspondence|tutorial|survey|"
    r"preprint|research|manuscript|analysis|opinion|feature|poster|demo|draft|news|insight|protocol|method|brief"
)
_KIND_WORDS = (
    r"original|research|review|regular|full|length|short|long|invited|open|access|technical|conference|case|brief|working|"
    r"mini|accepted|"
    r"author's?|final|discussion|rapid|data|special|issue|scientific|systematic|peer-reviewed|featured"
)

BANNER = _any(
    rf"^\W*(?:(?:{_KIND_WORDS}|{_KINDS})s?[\s-]+){{0,3}}(?:{_KINDS}|access|version|oa)s?\W*$",
    r"^\W*contents lists available|^\W*(?:journal )?home ?page|^\W*available (?:online|at)|^\W*see discussions|^\W*view the "
    r"article",
    r"^\W*(?:sciencedirect|elsevier|springer|wiley|biorxiv|medrxiv|ssrn|researchgate|zenodo|jstor|hal|plos|mdpi|frontiers|"
    r"open)\b.{0,20}$",
    r"^\W*check for updates|^\W*downloaded (?:from|by|on)|^\W*(?:https?:|www\.|arxiv:|doi\b|issn|isbn|e-?mail)",
    r"^\W*this (?:version|article|paper|content|preprint|is|work|document|file|may)\b.{0,60}\b(?:was|is|has|may|be|"
    r"available|accepted|published)\b",
    r"^\W*(?:to (?:cite|link to) this|cite (?:this|as)\b|how to cite|please (?:cite|scroll|share|note)|recommended citation|"
    r"citation\W*$|citation:)",
    r"^\W*(?:received|accepted|published|submitted|revised|posted|available)\b.{0,40}\b\d{4}\b|^\W*(?:published|submitted) "
    r"(?:by|in|to|online|as)\b",
    r"^\W*(?:copyright\s*(?:©|\(c\)|\d|by)|©|\(c\)\s*\d|preprint (?:submitted|not)|in press|under review|to appear|author's "
    r"personal copy)",
    r"^\W*(?:in )?proc(?:eedings|\.) (?:of|in)|^\W*appearing in|^\W*lecture notes|^\W*all rights reserved|^\W*permission to|"
    r"^\W*licensed? ",
    r"^\W*(?:the )?(?:\d+(?:st|nd|rd|th) |\w+ )?international (?:journal|conference|workshop|symposium) (?:of|on|for)|"
    r"^\W*workshop on|^\W*journal of ",
    r"^\W*ieee (?:transactions|access|journal|conference|communications|software)|^\W*acm (?:transactions|sig|comput)|"
    r"^\W*(?:annals|archives) of ",
    r"^\W*(?:\d{4}\s)?(?:ieee|acm)(?:/\w+)?\s.{0,60}\b(?:conference|symposium|workshop|congress)|^\W*\d{4} "
    r".{0,60}\b(?:conference|symposium)\b",
    r"^\W*vol(?:ume|\.)?\s*\d|^\W*(?:pages?|p{1,2}\.|no\.|number|issue)\s?\d|^[\d\W]+$|^\W*(?:key ?words|index terms|"
    r"subject categor|general terms)",
    r"^\W*(?:[\w.&'’-]+ ){0,5}(?:working|discussion) papers?(?: series)?(?:\W*(?:no|number)?\W*\d[\d/-]*)?\W*$",
    r"^\W*(?:authors?(?:\(s\))?|source|stable url|(?:supervis|advis)[oe]rs?|editors?|publisher|version|date|type|status)\s*:",
    r"^\W*(?:related content|recent citations|subscribe|sign up|terms of use|citable link|as published|provided (?:by|"
    r"proper))\b.{0,60}$",
)
"""Lines at the top of a first page that are no title."""

DEGREE_WORK = _any(
    r"^\W*(?:(?:a|the|doctoral|ph\.?d\.?|master'?’?s?|bachelor'?’?s?|diploma|honou?rs|undergraduate|m\.?sc\.?|b\.?sc\.?|"
    r"senior|project)\s)*"
    r"(?:thesis|dissertation|project report|final report|diplomarbeit|masterarbeit|bachelorarbeit|studienarbeit|"
    r"habilitation(?:sschrift)?)\W*$",
    r"^\W*(?:in partial|submitted (?:in|to|by|for)|a (?:thesis|dissertation)\b|(?:thesis|dissertation) (?:submitted|"
    r"presented)|for the degree)",
    r"^\W*(?:zur erlangung|presented to|vorgelegt|eingereicht|a (?:report|project) submitted)",
    r"^.{0,12}(?:学位论文|毕业论文|毕业设计|论文集)(?:\W*[（(].*)?$|^.{0,12}学\s*报.{0,12}$|^第\s*\d+\s*[卷期]",
    r"^\W*(?:分类号|学校代码|学号|密级|编号|中图分类号|文章编号|文献标[识志]码|收稿日期|基金项目|doi)",
)
"""Lines of a thesis' or a journal's title page that are no title."""

AFFILIATION = _any(
    r"\b(?:universit\w*|univ\.?|college|institut\w*|school|faculty|facult[àé]\w*|fakult\w*|department\w*|dept\.?|"
    r"departamento|dipartimento|département)\b",
    r"\b(?:laborator\w*|labs?|research|center|centre|centro|academy|academia|hospital|clinic|klinik\w*|polytechni\w*|"
    r"politecnico|[eé]cole)\b",
    r"\b(?:corporation|corp|inc|ltd|llc|gmbh|company|group|division|ministry|council|foundation|agency|bureau|society|"
    r"association|press)\b",
    r"\b(?:technolog\w*|sciences?|engineering|informati\w*|mathemati\w*|physics|chemistry|biology|medicine|hochschule|"
    r"technische)\b",
    r"\b(?:observatory|museum|campus|programme|street|avenue|road|blvd|boulevard|building|p\.?o\.? ?box|box|cedex|state|"
    r"province|district)\b",
    r"\b(?:cnrs|inria|mit|ibm|google|microsoft|facebook|meta|amazon|nvidia|deepmind|openai|eth|epfl|cmu|nist|nasa|cern|uc|"
    r"ucla|tu|team|lmu|kit)\b",
    r"\b(?:usa|u\.s\.a|uk|u\.k|republic|kingdom|member|fellow|students?|professors?|editor|reviewer|supervisor|advisor|"
    r"manager|contributed)\b",
    r"大学|学院|研究所|研究院|实验室|公司|中心|学校|医院|中学|小学|初中|高中|系\b|省|市|邮编|\d{6}|大學|學院",
)
"""Words that people's names do not have."""

CONTACT = _any(
    r"\S@|@\S|https?:|www\.|\be-?mail\s?:|\borcid\b|\b(?:tel|phone|fax)\b[.: +(\d]*\d|\{.*\}|\.(?:edu|com|org)\b|"
    r"\d{4}-\d{4}-\d{4}",
)
"""Addresses of the net, telephone numbers, ORCIDs."""

PLACES = frozenset(
    """argentina australia austria bangladesh belgium brazil brasil bulgaria canada chile china colombia croatia cuba cyprus
    czechia denmark deutschland egypt england estonia ethiopia finland france germany ghana greece hungary iceland india
    indonesia iran iraq ireland israel italy italia japan jordan kenya korea kuwait latvia lebanon lithuania luxembourg
    malaysia malta mexico morocco nepal netherlands nigeria norway oman pakistan peru philippines poland portugal qatar
    romania russia scotland serbia singapore slovakia slovenia spain españa sweden switzerland taiwan thailand tunisia
    turkey türkiye ukraine uruguay venezuela vietnam wales zealand america states emirates arabia africa europe asia
    amsterdam athens atlanta austin baltimore bangalore barcelona beijing berkeley berlin bologna bonn boston boulder
    brisbane bristol brussels budapest cambridge chengdu chicago copenhagen dallas delft delhi denver dresden dublin
    edinburgh eindhoven florence frankfurt geneva glasgow göttingen grenoble guangzhou haifa hamburg hangzhou harbin
    heidelberg helsinki houston istanbul jerusalem karlsruhe kyoto lausanne leipzig leuven lisbon liverpool london lyon
    madrid manchester marseille melbourne milan milano montreal montréal moscow mumbai munich münchen nanjing nantes
    naples oslo ottawa oxford padua paris philadelphia phoenix pisa pittsburgh portland prague princeton redmond rome
    saarbrücken seattle seoul shanghai shenzhen stanford stockholm stuttgart sydney taipei tehran tianjin tokyo toronto
    toulouse trento tübingen turin uppsala utrecht vancouver venice vienna warsaw washington wien wuhan zagreb zurich
    zürich california texas florida massachusetts michigan illinois pennsylvania ohio virginia maryland arizona colorado
    oregon ontario quebec bavaria nebraska minnesota wisconsin indiana georgia carolina jersey york tennessee missouri
    iowa utah alberta columbia""".split()
)
"""Countries, states and cities of many universities, folded: two capitalised words with one of these are an address."""

TWO_WORD_PLACES = frozenset(
    (
        "san diego,san francisco,san jose,los angeles,las vegas,palo alto,ann arbor,mountain view,menlo park,"
        "new haven,new orleans,new delhi,santa barbara,santa cruz,college park,chapel hill,hong kong,tel aviv,"
        "sri lanka,sao paulo,buenos aires,kuala lumpur,saint louis,st louis,costa rica,el paso,cape town,"
        "south bend,iowa city,salt lake,baton rouge,redwood city,san antonio,fort collins,east lansing,west lafayette"
    ).split(",")
)
"""Those that would pass for a given and a family name."""

STATES = frozenset(
    """AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD
    TN TX UT VT VA WA WV WI WY DC UK USA UAE PRC ON QC BC""".split()
)
"""As addresses abbreviate them."""

KOREAN_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진나지엄채원천방공현함변염여추도석선설마길연위표명기반왕금옥육인맹제모"
)

CHINESE_PLACES = frozenset(
    """北京 上海 天津 重庆 河北 山西 辽宁 吉林 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西
    甘肃 青海 台湾 广西 西藏 宁夏 新疆 香港 澳门 内蒙古 黑龙江 南京 武汉 西安 成都 杭州 广州 深圳 沈阳 长沙 长春 大连
    哈尔滨 合肥 济南 郑州 兰州 昆明 太原 苏州 厦门 青岛 石家庄 徐州""".split()
)
CHINESE_SURNAMES = frozenset(
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万"
    "段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫"
    "查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边肖闫付代邬简慕寇池覃陳張劉楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許呂蘇盧蔣賈葉閻鍾陸顧萬錢湯龐尚艾冷滕佟喻晏宗佘宫岑虞骆卓竺米"
)
"""With these most Chinese names begin."""
