"""`./start` once everything is installed: servers, tables, web, worker, beat; then watch, and stop in reverse order."""

import argparse
import os
import signal
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass

from portal.runtime import services
from portal.runtime.environment import Instance, set_defaults
from portal.runtime.guard import Guard
from portal.runtime.join import Embedded
from portal.runtime.locks import FileLock
from portal.runtime.logs import SERIOUS, Tail, last_lines, shorten
from portal.runtime.messages import Trouble, complain, say
from portal.runtime.paths import Paths
from portal.runtime.processes import Child

TICK = 0.2
QUICK_DEATH_SECONDS, QUICK_DEATHS_ALLOWED, SLOWEST_RETRY = 15.0, 4, 60.0
PREPARE_SECONDS, WEB_SECONDS = 900.0, 90.0
SHOWN_AT_ONCE, QUIET_SECONDS = 3, 30.0


class Stopped(Exception):
    """The operator pressed Ctrl-C while we were still starting."""


@dataclass
class Watched:
    """A child, its log's new lines, and how often in a row it died young. Without `web` there is no portal; worker
    and beat may come back later, since what is owed to them is kept in the database."""

    child: Child
    tail: Tail
    quick_deaths: int = 0
    not_before: float = 0.0
    quiet_until: float = 0.0


class Supervisor:
    """Everything `./start` keeps running. `run` returns when the operator has stopped it."""

    def __init__(self, paths: Paths, *, port: int, verbose: bool) -> None:
        self.paths = paths
        self.port = port
        self.verbose = verbose
        self.stop = threading.Event()
        self.lock = FileLock(paths.run / "start.lock")
        self.guard: Guard | None = None
        self.watched: list[Watched] = []
        self.accounts = paths.run / "demo_accounts.txt"

    def run(self, *, empty: bool, demo: bool) -> None:
        """Start, watch, stop.

        Raises:
            Trouble: another one runs, or something cannot be started.
        """
        self._take_the_lock()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop.set())
        os.environ["PORTAL_DEMO"] = "1" if Instance(self.paths).choose(empty=empty, demo=demo) else "0"
        set_defaults(self.paths)
        listener = services.bound_socket(self.port)
        address = f"http://{services.HOST}:{listener.getsockname()[1]}/"
        self.lock.write(f"pid {os.getpid()}, {address}\n")
        self.guard = Guard()
        try:
            with Embedded(self.paths, say) as servers:
                os.environ.update(servers.environment)
                try:
                    self._prepare()
                    self._open(services.web(self.paths, listener), address)
                    self._start(services.worker(self.paths))
                    self._start(services.beat(self.paths))
                    self._greet(address, moved=listener.getsockname()[1] != self.port)
                    self._watch(servers)
                except Stopped:
                    pass
                finally:
                    say("\n끄는 중입니다…")
                    self._halt()
            self._farewell(servers)
        finally:
            self.guard.dismiss()
            self.lock.release()

    def _take_the_lock(self) -> None:
        if not self.lock.try_exclusive():
            raise Trouble(
                f"포털이 이미 켜져 있습니다: {self.lock.read().strip() or '켜지는 중'}",
                where=self.paths.var,
                how="위 주소를 여시거나, 그 창에서 Ctrl-C로 끈 뒤 다시 켜 주십시오.",
            )
        self.lock.write(f"pid {os.getpid()}, 켜지는 중\n")

    def _prepare(self) -> None:
        """Tables, data and static files, the last beside the others: they do not wait for the database."""
        self.accounts.unlink(missing_ok=True)
        key, stamp = services.static_key(), self.paths.var / "static.key"
        steps = [services.prepare(self.paths, self.accounts)]
        if not stamp.exists() or stamp.read_text() != key or not (self.paths.var / "static").is_dir():
            steps.append(services.collect_static(self.paths))
        watched = [self._start(step) for step in steps]
        deadline = time.monotonic() + PREPARE_SECONDS
        while any(each.child.alive for each in watched) and not any(each.child.code for each in watched):
            self._pause()
            self._show_progress(watched[0])
            if time.monotonic() > deadline:
                raise Trouble(f"준비가 {PREPARE_SECONDS:.0f}초 안에 끝나지 않았습니다.", where=steps[0].log)
        self._show_progress(watched[0])
        for each in watched:
            if each.child.code:
                words = last_lines(each.child.log)
                raise Trouble(
                    f"켜기 전 준비를 마치지 못했습니다. 마지막 기록:\n{words}",
                    where=each.child.log,
                    how="위 기록의 안내를 따른 뒤 ./start 를 다시 돌려 주십시오.",
                )
        for each in watched:
            self._let_go(each)
        stamp.write_text(key)

    def _show_progress(self, prepare: Watched) -> None:
        for line in prepare.tail.lines():
            if self.verbose or line.startswith("· "):
                say(line if line.startswith("· ") else f"[prepare] {line}")

    def _open(self, web: Child, address: str) -> None:
        """Start the web server and wait until the first page, which asks the database, is answered."""
        watched = self._start(web)
        deadline = time.monotonic() + WEB_SECONDS
        while (code := _answer(address)) == 0:
            self._pause()
            self._show(watched)
            if not web.alive or time.monotonic() > deadline:
                raise Trouble(f"웹 서버가 켜지지 않았습니다. 마지막 기록:\n{last_lines(web.log)}", where=web.log)
        if code >= 500:
            say(f"· 주의: 첫 화면이 오류({code})로 답합니다. {web.log} 를 살펴봐 주십시오.")

    def _greet(self, address: str, *, moved: bool) -> None:
        if moved:
            say(f"· {self.port}번 포트는 이미 쓰이고 있어 다음 번호로 엽니다.")
        say(f"\n  지역중소기업 정책포털이 열렸습니다:  {address}")
        say("  끄려면 Ctrl-C 를 누르십시오.\n")
        if self.accounts.exists():
            say(self.accounts.read_text().rstrip())

    def _watch(self, servers: Embedded) -> None:
        next_look = time.monotonic() + 60
        while not self.stop.wait(TICK):
            servers.mend()
            for each in self.watched:
                self._show(each)
                if not each.child.alive:
                    self._revive(each)
            if time.monotonic() > next_look:
                next_look = time.monotonic() + 60
                for each in self.watched:
                    shorten(each.child.log)

    def _revive(self, each: Watched) -> None:
        """Start a dead child again, slower each time it dies young."""
        child, now = each.child, time.monotonic()
        if each.not_before == 0.0:
            each.quick_deaths = each.quick_deaths + 1 if now - child.started < QUICK_DEATH_SECONDS else 0
            if each.quick_deaths > QUICK_DEATHS_ALLOWED and child.name == "web":
                raise Trouble(
                    f"웹 서버가 자꾸 멈춥니다(코드 {child.code}). 마지막 기록:\n{last_lines(child.log)}",
                    where=child.log,
                )
            say(f"· {child.name} 프로세스가 멈춰(코드 {child.code}) 다시 켭니다. 기록: {child.log}")
            child.sweep()
            each.not_before = now + min(2.0**each.quick_deaths - 1, SLOWEST_RETRY)
        if now >= each.not_before:
            each.not_before = 0.0
            if self.guard:
                self.guard.forget(child.pid)
            child.start()
            if self.guard:
                self.guard.watch(child.pid)

    def _start(self, child: Child) -> Watched:
        watched = Watched(child, Tail(child.log))
        child.start()
        self.watched.append(watched)
        if self.guard:
            self.guard.watch(child.pid)
        return watched

    def _let_go(self, each: Watched) -> None:
        each.child.sweep()
        self.watched.remove(each)
        if self.guard:
            self.guard.forget(each.child.pid)

    def _show(self, each: Watched) -> None:
        """Pass on what the log gained: everything when asked to, else the first serious lines and then silence."""
        lines = each.tail.lines()
        if not self.verbose:
            loud = time.monotonic() >= each.quiet_until
            lines = [line for line in lines if loud and SERIOUS.search(line)][:SHOWN_AT_ONCE]
            if lines:
                each.quiet_until = time.monotonic() + QUIET_SECONDS
        for line in lines:
            say(f"[{each.child.name}] {line}")

    def _pause(self) -> None:
        if self.stop.wait(0.05):
            raise Stopped

    def _halt(self) -> None:
        for each in reversed(self.watched.copy()):
            if not each.child.stop():
                say(f"· {each.child.name} 프로세스가 {each.child.grace:.0f}초 안에 끝나지 않아 강제로 껐습니다.")
            self._let_go(each)

    def _farewell(self, servers: Embedded) -> None:
        if servers.shared:
            say(f"껐습니다. {', '.join(servers.shared)} 서버는 다른 manage.py가 쓰고 있어 그것이 끝날 때 꺼집니다.")
        else:
            say("모두 껐습니다.")


def _answer(address: str) -> int:
    """The status the first page answers with, redirects followed; 0 while nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def options() -> argparse.Namespace:
    """The command line of `./start`. `--setup` is dealt with before, by the script itself."""
    parser = argparse.ArgumentParser(
        prog="./start", description="포털을 켭니다. 처음에는 필요한 꾸러미와 데이터베이스를 스스로 마련합니다."
    )
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--empty", action="store_true", help="시범 자료 없이 켭니다(기준 자료는 넣습니다)")
    choice.add_argument("--demo", action="store_true", help="빈 포털에도 시범 자료를 넣습니다")
    parser.add_argument(
        "--setup", action="store_true", help="꾸러미만 설치하고 끝냅니다(그 뒤 manage.py를 쓸 수 있습니다)"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000), help="포트(기본 8000)")
    parser.add_argument("-v", "--verbose", action="store_true", help="모든 기록을 화면에 보입니다")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    try:
        supervisor = Supervisor(Paths.from_environment().made(), port=chosen.port, verbose=chosen.verbose)
        supervisor.run(empty=chosen.empty, demo=chosen.demo)
    except Trouble as trouble:
        complain(trouble)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
