"""Embedded servers belong to whoever uses them: joined, shared, brought back, and gone with the last user."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from portal.runtime.join import Embedded
from portal.runtime.locks import ServerLocks
from portal.runtime.messages import Trouble
from portal.runtime.paths import LAUNCH, ROOT, Paths
from portal.runtime.postgres import Postgres
from portal.runtime.server import DATA_ELSEWHERE
from tests.runtime.conftest import alive, clean_environment, until

pytestmark = pytest.mark.servers

USER_OF_SERVERS = """
import runpy, sys, time
runpy.run_path(sys.argv[1])["lean"]()
from portal.runtime.join import Embedded
from portal.runtime.paths import Paths
with Embedded(Paths.from_environment(), print) as servers:
    print(servers.environment["DATABASE_URL"], flush=True)
    sys.stdin.read()
"""


def another_user(paths: Paths) -> "subprocess.Popen[str]":
    """A process that uses the servers until its standard input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", USER_OF_SERVERS, str(LAUNCH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=clean_environment(paths.var),
    )


def state(paths: Paths, name: str) -> dict[str, int]:
    found: dict[str, int] = json.loads((paths.run / f"{name}.json").read_text())
    return found


def ask(url: str, statement: str) -> str:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return str(cursor.fetchone()[0])
    finally:
        connection.close()


def silence(_: str) -> None:
    pass


def test_two_who_come_at_once_share_one_server_and_the_last_one_turns_it_off(place: Paths) -> None:
    first, second = another_user(place), another_user(place)
    assert first.stdout is not None
    assert second.stdout is not None
    lines = [next(line for line in each.stdout if "://" in line).strip() for each in (first, second)]
    assert lines[0] == lines[1]
    server = state(place, "postgres")["pid"]

    first.communicate()  # closes its input: the first one leaves
    assert ask(lines[1], "SELECT 1") == "1"
    assert state(place, "postgres")["pid"] == server

    everyone = {state(place, name)[key] for name in ("postgres", "valkey") for key in ("keeper", "pid")}
    second.kill()  # the second one does not even leave: it dies
    second.communicate()
    until(lambda: not alive(everyone), 8, "servers and keepers gone")
    assert not place.sockets.exists()


def test_a_killed_server_and_a_killed_keeper_come_back_with_the_data(
    place: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTAL_PG_CARELESS")  # here the data matter
    with Embedded(place, silence) as servers:
        url = servers.environment["DATABASE_URL"]
        # 가나다 by code point, whatever the machine's language.
        assert (
            ask(url, "SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['하','A','나','가','힣']) x") == "A가나하힣"
        )
        connection = psycopg2.connect(url)
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        connection.close()

        before = state(place, "postgres")
        os.kill(before["pid"], signal.SIGKILL)
        until(lambda: state(place, "postgres")["pid"] != before["pid"], 20, "the keeper starts it again")
        assert ask(url, "SELECT answer FROM kept") == "42"

        keeper = state(place, "postgres")["keeper"]
        server = state(place, "postgres")["pid"]
        os.kill(keeper, signal.SIGKILL)
        until(lambda: not alive({server}), 8, "the server ends with its keeper")
        until(lambda: not ServerLocks(place.run, "postgres").keeper_alive(), 3, "the lock is free")
        servers.mend()
        assert ask(url, "SELECT answer FROM kept") == "42"


def test_a_stale_pid_file_that_names_a_living_stranger_is_recognised(place: Paths) -> None:
    with Embedded(place, silence):
        data = Postgres(place).data()
    # What a crash leaves behind, with a number that by now is somebody else's: ours.
    (data / "postmaster.pid").write_text(f"{os.getpid()}\n{data}\n1\n5432\n{place.sockets}\n\n  1 1\nready\n")
    heard: list[str] = []
    with Embedded(place, heard.append) as servers:
        assert ask(servers.environment["DATABASE_URL"], "SELECT 1") == "1"
    assert any("되살립니다" in line for line in heard)


@pytest.mark.parametrize("found", ["17", "19"])
def test_data_of_another_postgres_get_a_sentence(place: Paths, found: str) -> None:
    server = Postgres(place)
    (server.data() / "PG_VERSION").write_text(f"{found}\n")
    with pytest.raises(Trouble) as refusal, Embedded(place, silence):
        pass
    assert f"PostgreSQL {found}" in refusal.value.what
    assert str(server.data()) == refusal.value.where
    assert "pg_upgrade" in refusal.value.how
    assert not ServerLocks(place.run, "postgres").keeper_alive()


def test_a_folder_of_unknown_files_is_left_alone(place: Paths) -> None:
    server = Postgres(place)
    (server.data() / "누군가의 파일").write_text("소중함")
    with pytest.raises(Trouble, match="알 수 없는 파일"), Embedded(place, silence):
        pass
    assert [each.name for each in server.data().iterdir()] == ["누군가의 파일"]


def test_a_server_from_outside_switches_its_embedded_one_off(place: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    with Embedded(place, silence) as servers:
        assert list(servers.environment) == ["REDIS_URL"]
        assert not (place.var / "postgres").exists()
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")
    with Embedded(place, silence) as servers:
        assert servers.environment == {}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root lends the servers another account")
def test_below_a_closed_directory_the_data_go_elsewhere_and_no_directory_is_opened(fresh_var, place: Paths) -> None:
    closed = place.var.parent / "closed"
    closed.mkdir(mode=0o700)
    paths = Paths(closed / "var").made()
    with Embedded(paths, silence) as servers:
        assert ask(servers.environment["DATABASE_URL"], "SELECT 1") == "1"
    elsewhere = DATA_ELSEWHERE / f"portal-{paths.identity}"
    try:
        assert (elsewhere / "postgres" / "PG_VERSION").exists()
        assert not (paths.var / "postgres").exists()
        assert closed.stat().st_mode & 0o777 == 0o700
    finally:
        subprocess.run(["rm", "-rf", str(elsewhere), str(paths.sockets)], check=True)


def test_the_sockets_directory_of_somebody_else_is_refused(place: Paths) -> None:
    sockets: Path = place.sockets
    target = place.var / "target"
    target.mkdir()
    sockets.symlink_to(target)
    try:
        with pytest.raises(Trouble, match="다른 계정"), Embedded(place, silence):
            pass
    finally:
        sockets.unlink()


def test_socket_paths_fit_into_a_socket_address(place: Paths) -> None:
    assert len(os.fsencode(place.sockets / ".s.PGSQL.5432.lock")) <= 107
