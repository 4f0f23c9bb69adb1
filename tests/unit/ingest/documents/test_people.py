"""Names told from what stands beside them."""

import pytest

from rag.ingest.documents.people import is_affiliation, is_person, people_in


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ann Lee, Bo Carver and Chen Wu", ["Ann Lee", "Bo Carver", "Chen Wu"]),
        ("Ann Lee1,2, Bo Carver1* & Chen Wu†", ["Ann Lee", "Bo Carver", "Chen Wu"]),
        ("By Ann Lee", ["Ann Lee"]),
        ("Susan L. Grant, MD, PhD; Omar Farouk, MPH", ["Susan L. Grant", "Omar Farouk"]),
        ("Prof. Dr. Ilse van der Meer", ["Ilse van der Meer"]),
        ("Michael R. Stone, Senior Member, IEEE, and Fang Liu", ["Michael R. Stone", "Fang Liu"]),
        ("Jean-Luc O’Neill · María de la Cruz", ["Jean-Luc O’Neill", "María de la Cruz"]),
        ("Yu.A.Pusep", ["Yu.A. Pusep"]),
        ("A.K.Bakarov and D.Smirnov", ["A.K. Bakarov", "D. Smirnov"]),
        ("王小明，李 华，欧阳明月", ["王小明", "李华", "欧阳明月"]),
        ("张三 李四", ["张三", "李四"]),
        ("作者：赵 敏", ["赵敏"]),
        ("Department of Physics, University of Bergen", []),
        ("San Diego, California", []),
        ("ann.lee@example.org", []),
    ],
)
def test_the_names_of_a_line(line: str, names: list[str]) -> None:
    assert people_in(line) == names


def test_superscripts_part_names_where_nothing_else_does() -> None:
    assert people_in("Ann Lee1 Bo Carver2", ((7, 8), (18, 19))) == ["Ann Lee", "Bo Carver"]


@pytest.mark.parametrize(
    "text", ["New York", "Redmond WA", "Machine Learning", "Google Research", "北京", "东湖大学", "Ann", "de Estudios Avanzados"]
)
def test_these_are_no_people(text: str) -> None:
    assert not is_person(text)


@pytest.mark.parametrize("text", ["Institute of Delta Studies", "Seoul, South Korea", "清华大学 计算机系"])
def test_these_are_addresses(text: str) -> None:
    assert is_affiliation(text)
