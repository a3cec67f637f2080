"""Making `.venv`: the locks agree, nothing is installed twice, and what is missing is said in a sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.runtime import install
from portal.runtime.messages import Trouble
from portal.runtime.paths import ROOT


def script(path: Path, body: str) -> str:
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[list[str]]:
    """Nothing is downloaded: the installers' command lines are kept, and a new venv has a Python that runs."""
    made: list[list[str]] = []

    def call(command: list[str]) -> "subprocess.CompletedProcess[str]":
        made.append(command)
        if "venv" in command[:3]:
            (Path(command[-1]) / "bin").mkdir(parents=True)
            script(Path(command[-1]) / "bin" / "python", "exit 0")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(install, "_call", call)
    monkeypatch.setattr(install, "_uv", lambda: None)
    return made


def test_every_pin_of_the_run_lock_is_in_the_dev_lock() -> None:
    """Else `./test` would try something else than what `./start` runs."""
    assert install.pins(install.RUN_LOCK) - install.pins(install.DEV_LOCK) == set()
    assert len(install.pins(install.RUN_LOCK)) > 20


def test_every_pin_has_hashes() -> None:
    for lock in (install.RUN_LOCK, install.DEV_LOCK):
        for entry in (ROOT / lock).read_text().split("\n\n")[-1].replace("\\\n", "").splitlines():
            if entry and not entry.startswith((" ", "#")):
                assert "--hash=sha256:" in entry, entry


def test_the_second_time_nothing_is_installed(calls: list[list[str]], tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    install.ensure(venv=venv)
    assert any("--require-hashes" in command for command in calls)
    assert set(json.loads((venv / "installed.json").read_text())) == {install.RUN_LOCK}
    calls.clear()
    install.ensure(venv=venv)
    assert calls == []
    install.ensure(install.DEV_LOCK, venv=venv)
    assert any(str(ROOT / install.DEV_LOCK) in command for command in calls)
    calls.clear()
    install.ensure(venv=venv)
    assert calls == [], "the dev lock brings everything of the run lock"


def test_another_lock_or_a_vanished_python_is_installed_anew(calls: list[list[str]], tmp_path: Path) -> None:
    venv = tmp_path / ".venv"
    install.ensure(venv=venv)
    (venv / "pyvenv.cfg").touch()
    script(venv / "bin" / "python", "exit 127")
    calls.clear()
    install.ensure(venv=venv)
    assert any("venv" in command for command in calls)
    (venv / "installed.json").write_text(json.dumps({install.RUN_LOCK: "another"}))
    calls.clear()
    install.ensure(venv=venv)
    assert any("install" in command for command in calls)


def test_uv_that_fails_is_followed_by_pip(
    calls: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = script(tmp_path / "uv", "exit 0")
    kept = install._call
    monkeypatch.setattr(install, "_uv", lambda: uv)
    monkeypatch.setattr(
        install, "_call", lambda c: subprocess.CompletedProcess(c, 2, "", "no") if c[0] == uv else kept(c)
    )
    install.ensure(venv=tmp_path / ".venv")
    assert any("pip" in command and "--require-hashes" in command for command in calls)


@pytest.mark.parametrize("complaint", ["The virtual environment was not created: ensurepip is not available."])
def test_a_python_without_venv_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaint: str) -> None:
    monkeypatch.setattr(install, "_uv", lambda: None)
    monkeypatch.setattr(sys, "executable", script(tmp_path / "python3", f"echo '{complaint}'; exit 1"))
    with pytest.raises(Trouble) as refusal:
        install.ensure(venv=tmp_path / ".venv")
    assert "venv" in refusal.value.what
    assert "apt install python3" in refusal.value.how
    assert not (tmp_path / ".venv").exists()


def test_no_network_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "_uv", lambda: None)
    monkeypatch.setattr(
        install, "_call", lambda c: subprocess.CompletedProcess(c, 1, "", "ERROR: Could not find a version")
    )
    with pytest.raises(Trouble) as refusal:
        install._install_by_pip(Path(sys.executable), ["--requirement", str(ROOT / install.RUN_LOCK)])
    assert "Could not find a version" in refusal.value.what
    assert "인터넷" in refusal.value.how


@pytest.mark.parametrize("name", ["start", "test"])
def test_the_scripts_are_executable_and_read_by_an_old_python_too(name: str) -> None:
    """Whatever `python3` is, it must get as far as the sentence about its version."""
    path = ROOT / name
    assert os.access(path, os.X_OK)
    tree = compile(path.read_text(), name, "exec", flags=0x400)  # only the syntax tree
    assert not any(type(node).__name__ in {"JoinedStr", "NamedExpr", "Match"} for node in __import__("ast").walk(tree))


def test_the_bootstrap_runs_without_any_package() -> None:
    """As on a fresh machine: isolated, no site-packages."""
    program = (
        "import runpy, sys; runpy.run_path(sys.argv[1])['lean']();"
        "from portal.runtime import install, keeper, join, supervisor, testing; print('ok')"
    )
    launch = ROOT / "portal" / "runtime" / "launch.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, launch], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "ok", done.stderr
