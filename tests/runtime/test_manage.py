"""Which commands bring the servers along, and what an installation remembers."""

import os
from pathlib import Path

import pytest
from django.core.management import get_commands

import manage
from portal.runtime.environment import Instance
from portal.runtime.messages import Trouble
from portal.runtime.paths import Paths
from portal.runtime.testing import pytest_command


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("migrate", True),
        ("makemigrations --check", True),
        ("load_demo", True),
        ("shell -c 1", True),
        ("check", False),
        ("check --database default", True),
        ("collectstatic --noinput", False),
        ("evaluate_rounds rounds.json", False),
        ("migrate --help", False),
        ("help migrate", False),
        ("", False),
    ],
)
def test_only_commands_that_ask_the_database_bring_it(line: str, needed: bool) -> None:
    assert manage.needs_database(["manage.py", *line.split()]) is needed


def test_commands_said_to_need_no_database_exist() -> None:
    known = set(get_commands()) | {"", "help", "-h", "--help", "version", "--version"}
    assert known >= manage.WITHOUT_DATABASE


def test_the_first_choice_between_demo_and_empty_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "PORTAL_DEMO"):
        monkeypatch.delenv(name, raising=False)
    office = Instance(Paths(tmp_path))
    assert office.demo is None
    assert office.choose(empty=True, demo=False) is False
    assert office.choose(empty=False, demo=False) is False, "a forgotten --empty must not fill it with the demo"
    assert office.choose(empty=False, demo=True) is True, "unless asked for"
    with pytest.raises(Trouble, match="시범 자료"):
        office.choose(empty=True, demo=False)


def test_a_first_start_brings_the_demo_but_not_into_a_database_from_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "PORTAL_DEMO"):
        monkeypatch.delenv(name, raising=False)
    first, outside, asked = (tmp_path / name for name in ("first", "outside", "asked"))
    for each in (first, outside, asked):
        each.mkdir()
    assert Instance(Paths(first)).choose(empty=False, demo=False) is True
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/else")
    assert Instance(Paths(outside)).choose(empty=False, demo=False) is False
    monkeypatch.setenv("PORTAL_DEMO", "1")
    assert Instance(Paths(asked)).choose(empty=False, demo=False) is True


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Trouble, match="쓸 수 없습니다"):
        Paths(tmp_path / "var").made()


def test_a_trouble_says_what_where_and_how() -> None:
    assert str(Trouble("무엇이 그렇습니다.", where="/여기", how="이렇게 하십시오.")).splitlines() == [
        "무엇이 그렇습니다.",
        "  어디: /여기",
        "  고치려면: 이렇게 하십시오.",
    ]


@pytest.mark.parametrize(
    ("arguments", "spread"),
    [
        ([], True),
        (["tests/crisis", "-k", "x"], True),
        (["-n", "0"], False),
        (["-n0", "tests"], False),
        (["tests/crisis/test_rounds.py"], False),
        (["tests/crisis/test_rounds.py::test_one"], False),
    ],
)
def test_a_whole_run_is_spread_over_the_cores(arguments: list[str], spread: bool) -> None:
    assert ("loadfile" in pytest_command(arguments)) is spread
