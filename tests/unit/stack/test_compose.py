"""The files for Docker say what ``make up`` does, and leave no variable, secret or limit out."""

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from rag.api.health import Metrics
from rag.embeddings.profiles import profile_for
from rag.settings import CHECKOUT, Settings
from rag.stack.databases import webui_databases
from rag.stack.environment import PRIVATE, WebUIDatabases, webui_environment
from rag.stack.vllm import MODULE, serving
from tests.compose import COMPOSE, SECRETS, VARIABLE, compose, example, filled

# Where a container differs from a child of `make up`, which runs on the same machine.
ELSEWHERE = {"DATA_DIR", "PGVECTOR_USE_HALFVEC", "DEFAULT_PROMPT_SUGGESTIONS", "NO_PROXY", "no_proxy", "PYTHONUNBUFFERED"}
ONCE = {"models-folder", "webui-databases", "webui-set-up"}


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """Every service, its variables filled in."""
    return dict(compose(filled())["services"])


def test_the_files_are_valid_by_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    files = [str(COMPOSE), str(CHECKOUT / "docker-compose.api.yml")]
    checked = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_has_no_default_and_has_to_be_set(name: str) -> None:
    assert example()[name] == ""
    with pytest.raises(KeyError, match=name):
        compose(filled() | {name: ""})


def test_every_variable_is_explained_and_used() -> None:
    text = COMPOSE.read_text(encoding="utf-8") + (CHECKOUT / "docker-compose.api.yml").read_text(encoding="utf-8")
    used = {found["name"] for found in VARIABLE.finditer(text)} | {"COMPOSE_PROFILES"}
    assert used == set(example())


def test_open_webui_runs_with_the_settings_of_make_up(services: dict[str, Any], tmp_path: Path) -> None:
    values = filled()
    environment = services["paper-finder"]["environment"]
    settings = Settings.model_validate(
        {name.removeprefix("PAPER_FINDER_").lower(): value for name, value in environment.items() if value}
        | {"home": tmp_path, "host": "0.0.0.0"}
    )
    server = environment["PAPER_FINDER_DATABASE_URL"].removesuffix("paper_finder")
    databases = WebUIDatabases(*(server + name for name in webui_databases(2560)))
    expected = webui_environment(settings, databases, 2560, {}) | {"WEBUI_SECRET_KEY": values["WEBUI_SECRET_KEY"]}
    given = services["open-webui"]["environment"]
    as_read = {name: _read(value) for name, value in given.items()}
    assert {name: value for name, value in as_read.items() if name not in ELSEWHERE} == {
        name: _read(value) for name, value in expected.items() if name not in ELSEWHERE
    }
    assert given.keys() >= PRIVATE.keys()


def _read(value: str) -> object:
    return json.loads(value) if value.startswith("{") else value


def test_models_are_served_with_the_arguments_of_make_up(services: dict[str, Any]) -> None:
    for name in ("embeddings", "embeddings-cpu"):
        service = services[name]
        assert service["entrypoint"] == ["python3", "-m", MODULE]
        model = example()["EMBEDDING_MODEL"]
        assert service["command"] == [*serving(model, profile_for(model)), "--host", "0.0.0.0", "--port", "8000"]


def test_the_blocks_of_the_example_fit_their_models() -> None:
    text = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
    blocks = re.findall(r"COMPOSE_PROFILES=(\S+)\n#?EMBEDDING_MODEL=(\S+)\n(?:# .*\n)?#?EMBEDDING_DIMENSIONS=(\d+)", text)
    assert [profile for profile, _, _ in blocks] == ["gpu", "small-gpu", "cpu"]
    for _, model, dimensions in blocks:
        assert profile_for(model).dimensions == int(dimensions)


def test_only_open_webui_is_published_and_grafana_on_this_machine(services: dict[str, Any]) -> None:
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published == {"open-webui": ["127.0.0.1:8080:8080"], "grafana": ["127.0.0.1:3000:3000"]}
    inside = {name for name, service in services.items() if "inside" in service.get("networks", [])}
    assert {"postgres", "paper-finder", "open-webui"} <= inside
    assert services["postgres"]["networks"] == ["inside"]
    assert compose(filled())["networks"]["inside"] == {"internal": True}


def test_everything_is_pinned_confined_and_bounded(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert re.search(r":v?\d|-b\d+$", service["image"]), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        limits = service["deploy"]["resources"]["limits"]
        assert limits.keys() == {"cpus", "memory", "pids"}, name
        assert "healthcheck" in service or name == "paper-finder", name  # whose check is the image's own
    rooted = {name for name, service in services.items() if not service.get("read_only")}
    assert rooted == {"open-webui", "prometheus", "embeddings", "embeddings-cpu", "chat"}


def test_nothing_starts_before_what_it_needs(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            once = needed in ONCE
            assert how["condition"] == ("service_completed_successfully" if once else "service_healthy"), (name, needed)
            always = "profiles" not in services[needed] or set(service.get("profiles", [""])) <= set(services[needed]["profiles"])
            assert how.get("required", True) is always, (name, needed)
    assert set(services["open-webui"]["depends_on"]) == {"webui-databases", "paper-finder"}
    assert all(services[name]["restart"] == "no" for name in ONCE)


def test_the_dashboard_shows_numbers_that_there_are() -> None:
    board = json.loads((CHECKOUT / "deploy" / "grafana" / "dashboards" / "paper-finder.json").read_text(encoding="utf-8"))
    shown = {
        name
        for panel in board["panels"]
        for target in panel["targets"]
        for name in re.findall(r"paper_finder_\w+", target["expr"])
    }
    there = {sample.name for metric in Metrics().registry.collect() for sample in metric.samples} | {
        f"{metric.name}{ending}" for metric in Metrics().registry.collect() for ending in ("", "_total", "_bucket")
    }
    assert shown
    assert shown <= there
    source = yaml.safe_load((CHECKOUT / "deploy" / "grafana" / "provisioning" / "datasources" / "prometheus.yml").read_text())
    assert {panel["datasource"]["uid"] for panel in board["panels"]} == {source["datasources"][0]["uid"]}


def test_prometheus_asks_what_there_is(services: dict[str, Any]) -> None:
    jobs = yaml.safe_load((CHECKOUT / "deploy" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
    targets = [target.split(":")[0] for job in jobs for config in job["static_configs"] for target in config["targets"]]
    assert targets == ["paper-finder", "embeddings"]
    assert services["prometheus"]["secrets"] == ["paper_finder_api_key"]
    assert jobs[0]["authorization"]["credentials_file"] == "/run/secrets/paper_finder_api_key"
    assert set(services["prometheus"]["networks"]) >= {"inside", "models"}


def test_the_image_holds_what_its_dockerfile_copies() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text(encoding="utf-8")
    ignored = [line for line in (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line.startswith("!")]
    allowed = [line.removeprefix("!") for line in ignored]
    copies = re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)
    copied = [source for line in copies for source in line.split()[:-1]]
    assert copied
    for source in copied:
        assert (CHECKOUT / source).exists(), source
        assert any(source == path or fnmatch(source, f"{path}/*") for path in allowed), source
    assert {path for path in allowed if not any(c == path or c.startswith(f"{path}/") for c in copied)} == set()
