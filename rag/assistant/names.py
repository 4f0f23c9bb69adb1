"""What can be the name of a person: "by Hinton" limits to an author, "by Attention" and "by BERT" do not."""

import re
from functools import cache

from rag.retrieval.glossary import glossary

# Capitalised words that follow "by" or stand before 的论文 without being anybody's name.
_TOPIC_WORDS = frozenset(
    """sketch sketches merge keyword keywords
    adam adaptation adversarial agents algorithms analogy analysis annotation approximation attention augmentation
    autoencoders backpropagation bagging bayes bayesian bert boosting bootstrap bootstrapping chance claude clustering
    code committee communication comparison composition compression computing constraints context contrast contrastive
    convolution copilot correlation crowds crowdsourcing data database databases decomposition deep default
    demonstration design diffusion dimensionality discovery discrete distillation domain doing dropout embedding
    embeddings ensemble ensembles entropy error evaluation evolution example examples experiments experts factorization
    feature features federated feedback finetuning flow force fusion gaussian gemini gemma generation generative google
    gradient gradients graph graphs heuristics human humans hybrid image images imitation induction inference
    interpolation intelligence internet iterative joint jointly kernel kernels knowledge language languages large latent
    learning llama logic machine machines mamba markov masked matching matrix means memory meta method methods microsoft
    minimax mistral mixture model modeling models molecular monte multi multimodal natural negative network networks
    neural noise normalization object objects observation online openai optimization pairwise parallel partial physics
    play policy prediction preference pretraining prior probabilistic program programming prompt prompting prompts proof
    proximity proxy pruning quantization quantum query question random ranking reasoning recurrent region regression
    reinforcement representation representations retrieval reverse robots rule rules sampling scale score search
    segmentation self semantic sequence shape similarity simulation smoothing sparse speech statistical step stochastic
    structure style supervised supervision swin synthesis synthetic system systems task tasks teacher tensor text
    texture theory topic topics training transfer transformer transformers translation tree trees unsupervised users
    using variational vector vectors video vision visual voice voting whisper word words year
    android blockchain cuda haskell java javascript kubernetes linux matlab prolog python scala wikipedia windows""".split()
)
# Names that are a topic when they stand alone, and a person's with another: Adam, but not Adam Smith.
_ALSO_GIVEN_NAMES = frozenset({"adam", "bayes", "claude", "gemma", "markov", "prior"})
_NOT_BY = frozenset(
    """a an the and or of in on for with to from using means way ways hand design default itself themselves his her their
    its our my your this that these those each all any some many most other others date year years month topic topics
    category field subject country relevance citations citation authors author women men students researchers scientists
    people experts humans female male chinese american european university industry google microsoft meta openai
    deepmind facebook nvidia apple amazon ibm""".split()
)
# Organisations and places, and words of their names, that papers are "by" or "from".
_ORGANISATIONS = frozenset(
    """anthropic huawei alibaba tencent baidu bytedance salesforce adobe samsung intel netflix uber twitter linkedin yahoo
    mit cmu nyu ucla eth epfl inria nasa cern nist csail stanford harvard berkeley princeton caltech yale oxford cambridge
    tsinghua peking toronto montreal zurich university universities institute institutes college school laboratory laboratories
    lab labs academy department center centre inc team group north south east west northern southern eastern western central
    latin united""".split()
)
_WHOLE_ORGANISATIONS = frozenset(
    {"carnegie mellon", "johns hopkins", "max planck", "georgia tech", "imperial college", "hong kong", "new york", "new zealand"}
)
# What papers are "by" that is neither a name nor a term of the field: "by experiment", "by design".
_EVERYDAY_WORDS = frozenset(
    """absolute accurate achieve acquire adapt address adjust adopt adults advantage aim alleviate amounts angle answer
    approach aquaculture area astronomy auxiliary avoid background barrier become brand bridge build bypass cannot
    capture cause challenge children choice classroom clear clue collect combine common compare complete concrete
    conduct consistent constitute construct contain core correct crash criterion crop cue culture current decline degree
    demand demonstrate describe destroy detail develop different difficult difficulty disaster discrepancy discuss
    disrupt distinguish diverse drawback earthquake economy emerge ensure era establish everyday exact exam excellent
    execute exhibit exist expand expertise exploit explore extent facilitate false fast feasible find flexible flight
    flood fluent focus food foreground forum fragile framework frontier future gas growth guide harm height higher
    hinder history huge idea ignore impact impair important improve inaccurate inadequate include incomplete
    inconsistency inconsistent increase independent indicator infinite inherent insufficient interview introduce
    invariant investigate irrelevant issue known labor lack lead length leverage limit liquid livestock main maintain
    major manner marine market maximize meaningful meet minimize minimum mismatch mitigate modern more necessary neglect
    novelty obtain occur ocean older outperform overall overlook paper paradigm phase phenomenon pipeline planar plane
    platform poor portfolio possible powerful precise present preserve prevalent primary principle progress promote
    propose prospects prove provide purpose rail railway rapid reason recent recovery reduce reflect relevant represent
    reproduce require research result results reuse reviewer run same satisfy scarce scheme scope severe show
    significant similar simple simplify size society soil solar solve standard strength subtle success successful
    sufficient superior surface surpass tackle technique temperature tendency tissue trade transit transparency
    transparent travel trend unknown update urban widespread wildfire without work workforce worldwide write""".split()
)
_ABSTRACT_ENDING = re.compile(r"(?:tion|sion|ment|ness|ity|ism|ology|ization|ably|ibly|ively|ally|former|formers|net|nets)$")
_NO_NAME_ENDING = re.compile(rf"(?:ing|ed|ly|[^s]es|ics?|al|ous|ive|able|ance|ence|{_ABSTRACT_ENDING.pattern.strip('(?:)$')})$")
_INNER_CAPITAL = re.compile(r"^(?:Mc|Mac|Le|La|De|Di|Du|Da|Van|Von|O['’]|D['’]|Fitz|El|Al|Ben)[A-Z][a-z]+$")
_GERUND = re.compile(r"[A-Z][a-z]{3,}ing")
_WORD = re.compile(r"[A-Za-z\u00c0-\u024f]+(?:[.'’\-][A-Za-z\u00c0-\u024f]+)*\.?")

_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟"
    "汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文施洪季俞章鲁葛韦申尤毕聂"
    "焦向柳邢岳齐梅庄辛管祝左涂谷时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍"
)
_COMPOUND_SURNAMES = frozenset({"欧阳", "司马", "上官", "诸葛", "司徒", "皇甫", "东方", "尉迟", "慕容", "令狐"})
# The first two characters of words that begin with a surname's character: 高效, 方法, 任务, 石墨烯.
_WORDS_LIKE_SURNAMES = frozenset(
    """高效 高性 高维 高精 高斯 高质 高分 高等 高校 高温 高压 高光 高清 高频 高速 高铁 高原 高层 高级 高中 高血 高危 方法
    方向 方面 方案 方程 方差 方位 方式 方言 方便 任务 任何 任意 程序 程式 程度 周期 周围 周边 金融 金属 金额 金字 白色
    白盒 白血 江湖 江苏 江西 文本 文献 文字 文档 文章 文化 文学 文件 文体 文科 文物 马尔 马铃 石墨 石油 石化 常识 常用
    常见 常规 常微 常量 常数 常态 常温 万物 万维 万有 万能 田间 田野 钟表 史学 史料 史前 段落 雷达 雷电 易用 易错 易感
    武器 武汉 龙卷 龙头 余弦 余数 余量 黄色 黄金 孔隙 孔径 康复 毛发 于是 曾经 许多 何种 何时 关系 关键 关联 关于 关注
    关节 时间 时空 时序 时态 时变 时域 成像 成本 成分 成果 成人 向量 管理 管道 左右 谷物 谷歌 项目 曲线 曲面 曲率 游戏
    游走 阳性 阳光 阳极 费用 纪录 章节 季节 季度 申请 查询 查找 查重 卫星 卫生 欧洲 欧式 欧几 洪水 洪涝 施工 施肥 叶片
    叶绿 林业 林木 林区 唐诗 宋词 宋代 鲁棒 张量 张力 范式 范围 范数 范畴 陆地 汉语 夏季
    李代 李群 李雅 陈述 陈列 陈旧 杨树 杨梅 朱砂 韩国 韩语 韩文 徐变 徐州 郑州 沈阳 何以 何为 何谓 蔡司 孙子""".split()
)


# Family names that are no words of a topic: written small, or before 的 and a topic, they still mean an author.
_FAMILY_NAMES = frozenset(
    """abbeel adleman bahdanau barabasi barto becker bengio berners-lee breiman bronstein chen cheng choi christiano codd deng
    devlin dijkstra dong dosovitskiy dwork farhadi feng finn fischer freund friedman garcia girshick gonzalez goodfellow guo
    gupta gurevych hassabis hastie hellman hernandez hinton hoare hochreiter hoffman huang ioffe ivanov jiang johnson jurafsky
    karpathy karpukhin khattab kim kingma kipf kleinberg knuth koehn kowalski krizhevsky kumar lamport lecun leskovec levine
    lewis lin liskov liu lopez luo luong martinez mcmahan meyer mikolov mnih mueller muller murphy nakamura nguyen nielsen
    nowak ouyang papineni patel peng pennington petrov raffel raghavan ramesh redmon reimers rezende rivest robertson
    rodriguez rombach ronneberger saharia salton sato scarselli schmidhuber schmidt schneider schulman schulz schutze sennrich
    shamir shannon sharma shneiderman simonyan singh smith socher sohl-dickstein stonebraker strogatz sutskever sutton suzuki
    szegedy tanaka tang thakur tibshirani torvalds touvron tran turing vapnik vaswani velickovic voorhees wagner wang watanabe
    weber wei welling williams wu xiao xie xu yamamoto yang zaharia zeng zhang zhao zheng zhou zhu zisserman zoph""".split()
)
# Surnames with which hardly any word of a topic begins.
_PLAIN_SURNAMES = frozenset("李刘陈杨赵吴徐孙朱郭何郑谢韩冯董曹邓沈彭吕蒋蔡贾魏薛阎潘谭廖邹郝崔邱侯邵")


def has_known_family_name(name: str) -> bool:
    """Whether ``name`` is a person's whatever stands around it: its family name is known and means nothing else."""
    if name.isascii():
        return name.casefold().rpartition(" ")[2] in _FAMILY_NAMES
    return len(name) == 3 and name[0] in _PLAIN_SURNAMES and _is_chinese_name(name)


def is_person(name: str, *, surely_author: bool = False) -> bool:
    """Whether ``name``, as written in a question, can be a person's. ``surely_author``: the wording asks for an author."""
    if _is_chinese_name(name):
        return True
    if name.casefold() in _WHOLE_ORGANISATIONS:
        return False
    words = _WORD.findall(name)
    if not words or "".join(words) != re.sub(r"\s", "", name):
        return False
    if len(words) > 1 and not surely_author and _GERUND.fullmatch(words[0]):
        return False  # by Reducing Internal Covariate Shift
    if len(words) > 1:
        words = [word for word in words if word.casefold() not in _ALSO_GIVEN_NAMES]
    return all(_is_name_word(word, surely_author) for word in words) and re.search(r"\w[\w'’-]", name) is not None


def _is_name_word(word: str, surely_author: bool) -> bool:
    folded = word.casefold().strip(".")
    if folded in _TOPIC_WORDS or folded in _NOT_BY or folded in _ORGANISATIONS:
        return False
    if surely_author or len(folded) == 1:
        return True
    if len(word) > 1 and word.isupper() and "." not in word:
        return False  # BERT, SGD
    if any(c.isupper() for c in word[1:]) and not any(c in "-'’." for c in word):
        return _INNER_CAPITAL.match(word) is not None  # LeCun, but not ResNet
    return _ABSTRACT_ENDING.search(folded) is None


def _is_chinese_name(name: str) -> bool:
    if not re.fullmatch(r"[\u4e00-\u9fff·]{2,8}", name):
        return False
    if "·" in name:
        return True
    if name[:2] in _COMPOUND_SURNAMES:
        return len(name) in (3, 4)
    return len(name) in (2, 3) and name[0] in _SURNAMES and name[:2] not in _WORDS_LIKE_SURNAMES


def can_be_author(lowercase_name: str) -> bool:
    """Whether small-letter words after "papers by" can be a name: 'geoffrey hinton', but not 'using attention'."""
    no_name = _NOT_BY | _TOPIC_WORDS | _ORGANISATIONS
    return all(word not in no_name and len(word) > 1 for word in lowercase_name.split())


def sounds_like_author(lowercase_name: str) -> bool:
    """Whether small-letter words after "deep learning by" are a name: 'hinton', but not 'doing' or 'gradient descent'.

    A word that terms of the field are made of is none, nor one with an ending that names seldom have.
    """
    words = lowercase_name.replace("-", " ").split()
    no_name = _field_words() | _EVERYDAY_WORDS
    return can_be_author(lowercase_name) and not any(_NO_NAME_ENDING.search(word) or word in no_name for word in words)


@cache
def _field_words() -> frozenset[str]:
    return frozenset(word for english in glossary().values() for word in re.findall(r"[a-z]+", english.lower()))
