"""In the middle of a round the worker, the queue and the database are killed: it completes, and nothing twice."""

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from portal.runtime.join import Embedded
from portal.runtime.paths import ROOT, Paths
from tests.runtime.conftest import clean_environment, command_of, parents, until

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.xdist_group("supervisor"), pytest.mark.timeout(900)]

AREAS = 700
SETTINGS = {"PORTAL_SWEEP_SECONDS": "1", "PORTAL_STALLED_SECONDS": "5", "PORTAL_PG_CARELESS": "0"}
FILL = f"from benchmarks.national_round import fill; print('FILLED', fill({AREAS})[1])"
START = """
from crisis.models import Round
from crisis.services import start_run
print('RUN', start_run(round=Round.objects.get(), kind='OFFICIAL').pk)
"""
JUDGE = """
import json
from django.db.models import Count
from crisis.models import Run, Result, RunShard
from crisis.services import recompute_run
run = Run.objects.get()
twice = Result.objects.values('run', 'area').annotate(n=Count('pk')).filter(n__gt=1).count()
print('JUDGE', json.dumps({'runs': Run.objects.count(), 'results': run.results.count(), 'areas': len(run.tree),
    'twice': twice, 'different': len(recompute_run(run=run)), 'digest': bool(run.output_digest),
    'undone': run.shards.filter(done_at=None).count(), 'round': run.round.state}))
"""


def ask(environment: dict[str, str], code: str, word: str) -> Any:
    """What a command of the portal says after `word`."""
    answer = subprocess.run(
        [sys.executable, "manage.py", "shell", "--verbosity", "0", "-c", code],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        timeout=240,
        check=False,
    )
    lines = [line for line in answer.stdout.splitlines() if line.startswith(word + " ")]
    assert lines, answer.stdout + answer.stderr
    return json.loads(lines[-1].removeprefix(word))


def shards_done(connection: str) -> int:
    """How many shards of the run are done; -1 while the database does not answer, 99 once the run is."""
    try:
        with closing(psycopg2.connect(connection)) as door, door.cursor() as cursor:
            cursor.execute("SELECT state, error, (SELECT count(done_at) FROM crisis_runshard) FROM crisis_run")
            state, error, count = cursor.fetchone()
    except psycopg2.Error:
        return -1
    assert state != "FAILED", error
    return 99 if state == "DONE" else int(count)


def kill(*words: str) -> None:
    """End one process, the oldest whose command holds all the words, as a crash would."""
    os.kill(min(pid for pid in parents() if all(word in command_of(pid) for word in words)), signal.SIGKILL)


class Workers:
    """A worker with its clock, begun again whenever it is told to: what the supervisor does, tested elsewhere."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.environment, self.folder = environment, folder
        self.process = self._begun()

    def _begun(self) -> "subprocess.Popen[bytes]":
        command = [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "portal.celery",
            "worker",
            "-B",
            "-s",
            str(self.folder / "beat"),
        ]
        with (self.folder / "worker.log").open("ab") as log:
            return subprocess.Popen(
                [*command, "-c", "2", "-l", "INFO", "--without-gossip", "--without-mingle"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def again(self) -> None:
        self.process = self._begun()


def test_a_round_survives_the_death_of_worker_queue_and_database(place: Paths, tmp_path: Path) -> None:
    with Embedded(place, lambda text: None) as servers:
        environment = clean_environment(place.var) | servers.environment | SETTINGS
        database = servers.environment["DATABASE_URL"]
        subprocess.run([sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
        assert ask(environment, FILL, "FILLED") > AREAS
        ask(environment, START, "RUN")
        workers = Workers(environment, tmp_path)
        try:
            until(lambda: shards_done(database) > 0, 120, "the first shard is done")
            reached = shards_done(database)
            workers.kill()
            kill("valkey-server", str(place.sockets))
            kill("postgres", "-D", "-k", str(place.sockets))
            assert reached < 99, "the round was done before anything could be killed: give it more areas"
            workers.again()
            until(lambda: shards_done(database) >= reached, 60, "the database answers again and has lost nothing")
            until(lambda: shards_done(database) == 99, 180, "the round is done all the same")
        finally:
            workers.kill()
        facts = ask(environment, JUDGE, "JUDGE")
    assert facts == {
        "runs": 1, "results": facts["areas"], "areas": facts["areas"], "twice": 0, "different": 0, "digest": True,
        "undone": 0, "round": "EVALUATED",
    }  # fmt: skip
    assert facts["areas"] >= AREAS
