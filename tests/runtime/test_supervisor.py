"""`./start` as its operator meets it: real servers, real web, worker and beat."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.runtime import services
from portal.runtime.join import Embedded
from portal.runtime.paths import ROOT, Paths
from tests.runtime.conftest import Portal, alive, clean_environment, until

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.xdist_group("supervisor")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(address: str) -> int:
    with urllib.request.urlopen(address, timeout=20) as answer:
        return int(answer.status)


def manage(var: Path, *arguments: str, **environment: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        cwd=ROOT, env=clean_environment(var) | environment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def prepared(fresh_var: Callable[[], Path]) -> Path:
    """An installation that has its tables: two `manage.py` at once made them, and left no server running."""
    var = fresh_var()
    migrate = manage(var, "migrate", "--verbosity", "0")
    other = manage(var, "check", "--database", "default")
    said = migrate.communicate(timeout=180)[0] + other.communicate(timeout=180)[0]
    assert (migrate.returncode, other.returncode) == (0, 0), said
    assert not list((var / "run").glob("*.json")), "servers still run after the last command"
    return var


def test_a_day_in_the_life(prepared: Path, open_portal: Callable[..., Portal]) -> None:
    """Open, refuse a second start, bring back a killed worker, share with manage.py, and close on Ctrl-C."""
    portal = open_portal(prepared, "--empty", "--port", str(free_port()))
    address = portal.address()
    assert status(address) == 200

    second = open_portal(prepared, "--empty")
    assert second.process.wait(20) == 1
    assert "이미 켜져 있습니다" in second.said
    assert f"pid {portal.process.pid}, {address}" in second.said
    assert "Traceback" not in second.said

    until(lambda: portal.find("celery", "worker"), 30, "the worker")
    until(lambda: "ready." in (prepared / "log" / "worker.log").read_text(), 60, "the worker is ready")
    worker = portal.find("celery", "worker")
    pool = {pid for pid in portal.descendants() if pid > worker} & _children(worker)
    assert pool
    assert "Traceback" not in portal.said
    os.kill(worker, signal.SIGKILL)
    until(lambda: portal.find("celery", "worker") not in {0, worker, *pool}, 30, "another worker")
    until(lambda: not alive(pool), 5, "the killed worker's pool gone")

    command = manage(prepared, "shell", "-c", "from django.db import connection as c; print(c.cursor() and 'joined')")
    assert "joined" in command.communicate(timeout=60)[0]
    assert status(address) == 200, "the command that left must not have taken the servers along"

    family = portal.descendants()
    began = time.monotonic()
    assert portal.interrupt() == 0, portal.said
    assert time.monotonic() - began < 30
    assert not alive(family)
    assert "모두 껐습니다" in portal.said


def _children(parent: int) -> set[int]:
    from tests.runtime.conftest import parents

    return {pid for pid, above in parents().items() if above == parent}


def test_the_static_key_follows_the_sources_and_not_what_is_made_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "ROOT", tmp_path)
    (tmp_path / "requirements.lock").write_text("one")
    for folder in ("static/ui", "var/static", "crisis/static"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "crisis" / "apps.py").touch()
    (tmp_path / "static" / "ui" / "app.css").write_text("a {}")
    key = services.static_key()
    (tmp_path / "var" / "static" / "app.0123.css").write_text("a{}")
    assert services.static_key() == key
    seen = {key}
    for change in ("static/ui/app.css", "crisis/static/new.svg", "requirements.lock"):
        (tmp_path / change).write_text("changed to something else")
        assert services.static_key() not in seen, change
        seen.add(services.static_key())


def test_a_busy_port_moves_on_and_a_killed_supervisor_leaves_nobody(
    prepared: Path, open_portal: Callable[..., Portal]
) -> None:
    with socket.socket() as neighbour:
        neighbour.bind(("127.0.0.1", 0))
        neighbour.listen()
        taken = int(neighbour.getsockname()[1])
        portal = open_portal(prepared, "--empty", "--port", str(taken))
        address = portal.address()
        assert not address.endswith(f":{taken}/")
        assert f"{taken}번 포트는 이미 쓰이고 있어" in portal.said
        assert status(address) == 200
    until(lambda: portal.find("celery", "worker") and portal.find("celery", "beat"), 30, "worker and beat")
    family = portal.descendants()
    assert len(family) > 8
    portal.process.kill()
    portal.process.wait()
    until(lambda: not alive(family), 5, "children, grandchildren, guard, keepers and servers gone")


def test_with_servers_from_outside_no_embedded_one_is_started(
    prepared: Path,
    fresh_var: Callable[[], Path],
    open_portal: Callable[..., Portal],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    elsewhere = fresh_var()
    with Embedded(Paths(prepared), lambda text: None) as servers:
        portal = open_portal(elsewhere, "--port", str(free_port()), **servers.environment)
        assert status(portal.address()) == 200
        assert not (elsewhere / "postgres").exists()
        assert not (elsewhere / "valkey").exists()
        assert not portal.find("keeper")
        assert '"demo": false' in (elsewhere / "instance.json").read_text(), "a database from outside starts empty"
        assert portal.interrupt() == 0
