"""The scripts behind ``make up``, with a PATH in which only what a test puts there can be found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag.settings import CHECKOUT

TOOLS = ("sh", "cat", "cksum", "cut", "dirname", "env", "grep", "awk", "make", "rm", "touch", "uname", "id")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder to be the whole PATH, with everyday tools and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    return folder


def script(folder: Path, name: str, body: str) -> Path:
    """A program in that folder."""
    made = folder / name
    made.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    made.chmod(0o755)
    return made


def run(path: Path, *command: str, cwd: Path = CHECKOUT, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run it with nothing but that PATH."""
    return subprocess.run(command, cwd=cwd, env={"PATH": str(path), **environment}, capture_output=True, text=True, check=False)


def test_no_python_is_a_plain_sentence_and_exit_1(path: Path) -> None:
    found = run(path, "scripts/python")
    assert found.returncode == 1
    assert found.stderr.startswith("Paper Finder needs Python 3.11 or 3.12, and none was found.")
    assert found.stderr.count("\n") == 1


def test_a_python_too_old_or_that_does_not_run_is_passed_over(path: Path) -> None:
    script(path, "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127")
    script(path, "python3", "echo 3.9")
    assert run(path, "scripts/python").returncode == 1
    (path / "python").symlink_to(sys.executable)
    found = run(path, "scripts/python")
    assert (found.returncode, found.stdout.strip()) == (0, str(path / "python"))


def test_a_python_without_venv_says_what_to_install(path: Path) -> None:
    script(path, "python3.11", 'case "$2" in *ensurepip*) exit 1 ;; *) echo 3.11 ;; esac')
    found = run(path, "scripts/python")
    assert found.returncode == 1
    assert "apt install python3.11-venv" in found.stderr


def test_a_named_python_wins(path: Path) -> None:
    script(path, "python3.11", "echo 3.11")
    named = path / "mine"
    named.symlink_to(sys.executable)
    assert run(path, "scripts/python", PYTHON=str(named)).stdout.strip() == str(named)


def test_make_up_without_python_fails_with_the_sentence(path: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "scripts", checkout / "scripts")
    shutil.copytree(CHECKOUT / "requirements", checkout / "requirements")
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, checkout)
    made = run(path, "make", "up", cwd=checkout)
    assert made.returncode != 0
    assert "Paper Finder needs Python 3.11 or 3.12, and none was found." in made.stderr


def test_variables_given_to_make_become_ours_and_those_of_the_shell_do_not(path: Path, tmp_path: Path) -> None:
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    with (tmp_path / "Makefile").open("a", encoding="utf-8") as makefile:
        makefile.write("\nshow:\n\t@env | grep '^PAPER_FINDER_' || true\n")
    for folder in ("scripts", "requirements"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder)
    shutil.copy(CHECKOUT / "pyproject.toml", tmp_path)
    given = (
        "EMBEDDINGS=http://gpu:8000/v1",
        "MODEL=Qwen/Qwen3-Embedding-4B",
        "WEBUI_PORT=3000",
        "CHAT=http://gpu:8002/v1#Qwen/Qwen3-4B",
    )
    shown = run(path, "make", "show", *given, cwd=tmp_path, HOST="laptop", PORT="5000", PAPER_FINDER_DIMENSIONS="512")
    assert sorted(shown.stdout.splitlines()) == [
        "PAPER_FINDER_CHAT=http://gpu:8002/v1#Qwen/Qwen3-4B",
        "PAPER_FINDER_DIMENSIONS=512",
        "PAPER_FINDER_EMBEDDINGS=http://gpu:8000/v1",
        "PAPER_FINDER_MODEL=Qwen/Qwen3-Embedding-4B",
        "PAPER_FINDER_WEBUI_PORT=3000",
    ]


def test_help_lists_every_verb(path: Path) -> None:
    shown = run(path, "make", "help").stdout
    verbs = [line.split()[1] for line in shown.splitlines()]
    assert verbs == ["help", "up", "vllm", "test", "test-full", "lint", "evaluation", "lock"]


def test_the_locks_leave_pytorchs_builds_to_the_installer() -> None:
    for lock in (CHECKOUT / "requirements").glob("*.lock"):
        names = [line.split("==")[0] for line in lock.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        builds = [name for name in names if name.startswith(("torch", "triton", "nvidia-", "cuda-"))]
        assert bool(builds) == (lock.name == "vllm.lock"), lock.name  # which comes whole, for machines with an NVIDIA GPU
        assert len(names) > 25


def test_a_missing_browser_is_a_plain_sentence(path: Path) -> None:
    (path / "id").unlink()
    script(path, "id", "echo 1000")  # not root: nothing is installed
    script(path, "apt-get", "exit 1")
    found = run(path, "scripts/chromium")
    assert found.returncode == 1
    assert "The browser tests need Chromium." in found.stderr


def test_vllm_is_installed_only_where_it_is_asked_for(path: Path) -> None:
    assert ".venv-vllm" not in run(path, "make", "-n", "-B", "up").stdout
    assert ".venv-vllm" not in run(path, "make", "-n", "-B", "up", "EMBEDDINGS=http://gpu:8000/v1").stdout
    asked = run(path, "make", "-n", "-B", "up", "EMBEDDINGS=vllm", "MODEL=m").stdout
    assert "scripts/environment .venv-vllm requirements/vllm-cpu.lock" in asked
    by_variable = run(path, "make", "-n", "-B", "up", PAPER_FINDER_EMBEDDINGS="vllm").stdout
    assert ".venv-vllm" in by_variable


@pytest.mark.parametrize(
    ("program", "build"),
    [("echo 'GPU 0: NVIDIA L4'", "vllm"), ("echo 'No devices were found'; exit 6", "vllm-cpu"), (None, "vllm-cpu")],
)
def test_the_build_of_vllm_fits_the_machine(path: Path, program: str | None, build: str) -> None:
    (path / "uname").unlink()
    script(path, "uname", "echo Linux")
    if program is not None:
        script(path, "nvidia-smi", program)
    assert run(path, "scripts/vllm-build").stdout.strip() == build
