"""Names of people."""

import pytest

from rag.ingest.names import given_first, people


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Hinton, Geoffrey", "Geoffrey Hinton"),
        ("brenckman,m.", "m. brenckman"),
        ("Geoffrey Hinton", "Geoffrey Hinton"),
        ("King, Jr., Martin Luther", "Martin Luther King Jr."),
        ("Martin Luther King, Jr.", "Martin Luther King Jr."),
        ("Google, Inc.", "Google, Inc."),
        ("张, 三", "张三"),
        ("Department of Computer Science, University of Toronto", "Department of Computer Science, University of Toronto"),
        (" Hinton , ", "Hinton"),
        ("", ""),
    ],
)
def test_given_first(name: str, meant: str) -> None:
    assert given_first(name) == meant


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        ("Lee, Ann; Xu, Bo", ["Ann Lee", "Bo Xu"]),
        ("Lee, Ann and Xu, Bo", ["Ann Lee", "Bo Xu"]),
        ("Ann Lee and Bo Xu", ["Ann Lee", "Bo Xu"]),
        ("Ann Lee, Bo Xu", ["Ann Lee", "Bo Xu"]),
        ("Ann Lee, Bo Xu, and Cy Poe", ["Ann Lee", "Bo Xu", "Cy Poe"]),
        ("Lee, Ann", ["Ann Lee"]),
        ("张三；李四", ["张三", "李四"]),
        (["Lee, Ann", "", {"name": "Bo Xu"}, 7], ["Ann Lee", "Bo Xu"]),
        ([{"literal": "ACL"}, {"first": "Cy", "last": "Poe"}], ["ACL", "Cy Poe"]),
        ({"name": "Ann Lee"}, ["Ann Lee"]),
        (None, []),
        (5, []),
    ],
)
def test_people(names: object, meant: list[str]) -> None:
    assert people(names) == meant
