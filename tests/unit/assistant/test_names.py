"""What can be a person's name, a number, a venue."""

import pytest

from rag.assistant.names import is_person
from rag.wording.numerals import number
from rag.wording.venues import VENUES, canonical_venue, venue_names


@pytest.mark.parametrize(
    "name",
    [
        "Hinton", "Geoffrey Hinton", "G. E. Hinton", "LeCun", "van der Maaten", "Fei-Fei Li", "O'Brien", "McCallum",
        "Schölkopf", "Claude Shannon", "Adam Smith", "李飞飞", "孙剑", "欧阳修文", "阿伦·图灵",
    ],
)  # fmt: skip
def test_names(name: str) -> None:
    assert is_person(name)


@pytest.mark.parametrize(
    "words",
    [
        "BERT", "SGD", "ResNet", "ControlNet", "Transformers", "Attention", "Diffusion Models", "Backpropagation", "Word2Vec",
        "Context Prediction", "Adam", "Claude", "Google", "L.E.", "", "方法", "高效", "机器翻译", "一些", "张量",
        "Stanford", "Carnegie Mellon", "New York",
    ],
)  # fmt: skip
def test_no_names(words: str) -> None:
    assert not is_person(words)


def test_a_clear_wording_makes_a_name_of_what_looks_like_an_acronym() -> None:
    assert is_person("HINTON", surely_author=True)
    assert not is_person("Transformers", surely_author=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("Ten", 10), ("a dozen", 12), ("五", 5), ("十", 10), ("十五", 15), ("二十", 20), ("五十三", 53),
     ("一百", 100), ("两", 2), ("", None), ("many", None), ("百里", None), ("几十", None)],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert number(text) == value


def test_no_name_belongs_to_two_venues() -> None:
    names = [name for venue, others in VENUES.items() for name in {venue.casefold(), *(o.casefold() for o in others)}]
    assert len(names) == len(set(names))


def test_venues_are_known_by_all_their_names() -> None:
    assert canonical_venue("nips") == canonical_venue("NeurIPS") == "NeurIPS"
    assert canonical_venue("Unheard Of") == ""
    assert venue_names("Nature") == ("Nature",)
    assert venue_names("Unheard Of") == ("Unheard Of",)
