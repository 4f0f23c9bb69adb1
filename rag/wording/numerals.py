"""Numbers as people write them in a question: 5, five, 五, 十五."""

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
    "a dozen": 12,
    "dozen": 12,
}
_ORDINALS = {
    word: place
    for place, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
}
_WORDS = {word: n for n, word in enumerate(_ENGLISH)} | _TENS
_DIGITS = {digit: n for n, digit in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}

ENGLISH_NUMBER = r"\d{1,4}|" + "|".join(sorted(filter(lambda w: w != "zero", _WORDS), key=len, reverse=True))
CHINESE_NUMBER = r"\d{1,4}|[一二两三四五六七八九十百]{1,4}"


def number(text: str) -> int | None:
    """The whole number that ``text`` says, in digits, English words up to a hundred or Chinese; None if it says none."""
    text = text.strip().casefold()
    if text.isdecimal():
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    return _chinese_number(text) if text else None


def _chinese_number(text: str) -> int | None:
    hundreds, hundred, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    total = 0
    for said, unit, factor in ((hundreds, hundred, 100), (tens, ten, 10), (ones, ones, 1)):
        if not unit:
            continue
        digit = 1 if said == "" else _DIGITS.get(said)
        if digit is None:
            return None
        total += digit * factor
    return total


def place(text: str) -> int | None:
    """The place that ``text`` says: 2, 2nd, second, 二; None if it says none."""
    text = text.strip().casefold()
    if text in _ORDINALS:
        return _ORDINALS[text]
    return number(text.rpartition(" ")[2].removesuffix("st").removesuffix("nd").removesuffix("rd").removesuffix("th"))
