"""Our entry among Open WebUI's connections."""

from rag.webui import Connection, Connections, our_connection

OURS = our_connection("http://127.0.0.1:9099", "key")
OTHER = Connection("https://api.example.org/v1", "sk-other", {"enable": False, "tags": [{"name": "team"}]})
THIRD = Connection("http://llama:8000/v1", "", {})


def test_ours_is_added_behind_the_others() -> None:
    assert Connections(True, (OTHER, THIRD)).with_ours(OURS).entries == (OTHER, THIRD, OURS)


def test_nothing_changes_when_all_is_right() -> None:
    present = Connections(True, (OTHER, OURS, THIRD))
    assert present.with_ours(OURS) == present


def test_ours_is_known_by_its_header_when_port_and_key_have_changed() -> None:
    before = our_connection("http://127.0.0.1:7000", "old")
    assert Connections(True, (OTHER, before, THIRD)).with_ours(OURS).entries == (OTHER, OURS, THIRD)


def test_ours_is_known_by_its_address_when_the_header_was_taken_out() -> None:
    bare = Connection("http://127.0.0.1:9099/v1/", "key", {"enable": True, "auth_type": "bearer"})
    (entry,) = Connections(True, (bare,)).with_ours(OURS).entries
    assert entry.config["auth_type"] == "session"
    assert entry.config["headers"] == OURS.config["headers"]


def test_the_operators_switch_tags_and_headers_on_our_entry_stay() -> None:
    theirs = {"enable": False, "tags": [{"name": "papers"}], "headers": {**OURS.config["headers"], "X-Team": "a"}}
    (entry,) = Connections(True, (Connection(OURS.url, OURS.key, {**OURS.config, **theirs}),)).with_ours(OURS).entries
    assert (entry.config["enable"], entry.config["tags"]) == (False, [{"name": "papers"}])
    assert entry.config["headers"]["X-Team"] == "a"


def test_json_both_ways_keeps_each_config_with_its_connection() -> None:
    body = {
        "ENABLE_OPENAI_API": True,
        "OPENAI_API_BASE_URLS": [OTHER.url, THIRD.url],
        "OPENAI_API_KEYS": ["sk-other"],
        "OPENAI_API_CONFIGS": {"0": OTHER.config},
    }
    connections = Connections.from_json(body)
    assert connections.entries == (OTHER, THIRD)
    written = connections.with_ours(OURS).to_json()
    assert written["OPENAI_API_KEYS"] == ["sk-other", "", "key"]
    assert written["OPENAI_API_CONFIGS"] == {"0": OTHER.config, "1": {}, "2": OURS.config}
