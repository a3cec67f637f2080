"""The portal's own processes and the steps before them, as commands."""

import hashlib
import signal
import socket
import sys
from pathlib import Path

from portal.runtime.messages import Trouble
from portal.runtime.paths import ROOT, Paths
from portal.runtime.processes import Child

HOST = "127.0.0.1"
PORTS_TRIED = 50
# What these packages bring (DRF's browsable pages, htmx builds) no page of ours asks for: half of the compressing.
STATIC_OPTIONS = ("--noinput", "--verbosity", "0", "--ignore", "rest_framework", "--ignore", "django_htmx")


def program(name: str) -> Path:
    """A console script of this virtual environment."""
    return Path(sys.executable).parent / name


def web(paths: Paths, listener: socket.socket) -> Child:
    """gunicorn on a socket bound by us: while it restarts, the port stays ours and callers wait instead of failing."""
    memory = ["--worker-tmp-dir", "/dev/shm"] if Path("/dev/shm").is_dir() else []
    return Child(
        name="web",
        command=[
            *(program("gunicorn"), "portal.wsgi", "--bind", f"fd://{listener.fileno()}"),
            *("--workers", "2", "--threads", "4", "--timeout", "120", "--graceful-timeout", "10"),
            *("--preload", "--no-control-socket", *memory),  # imported once, shared by both workers
        ],
        log=paths.log / "web.log",
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGQUIT,
        grace=12.0,
        directory=ROOT,
        pass_fds=(listener.fileno(),),
    )


def worker(paths: Paths) -> Child:
    """Two processes for tasks. On SIGTERM it finishes what it holds; what it cannot finish is offered again."""
    return Child(
        name="worker",
        command=[
            *(program("celery"), "-A", "portal.celery", "worker", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ],
        log=paths.log / "worker.log",
        stop_signal=signal.SIGTERM,
        death_signal=signal.SIGQUIT,
        grace=10.0,
        directory=ROOT,
    )


def beat(paths: Paths) -> Child:
    """The clock. No pid file: the supervisor's lock already sees to it that there is one."""
    return Child(
        name="beat",
        command=[
            *(program("celery"), "-A", "portal.celery", "beat", "--loglevel", "INFO"),
            *("--schedule", paths.var / "beat-schedule", "--pidfile="),
        ],
        log=paths.log / "beat.log",
        directory=ROOT,
        grace=5.0,
    )


def prepare(paths: Paths, accounts: Path) -> Child:
    """Tables, reference data and the demo (`deploy/prepare.py`)."""
    return Child(
        name="prepare",
        command=[sys.executable, ROOT / "deploy" / "prepare.py", "--accounts", accounts],
        log=paths.log / "prepare.log",
        directory=ROOT,
        grace=10.0,
    )


def collect_static(paths: Paths) -> Child:
    """Compress and fingerprint the static files into `var/static`."""
    return Child(
        name="static",
        command=[sys.executable, ROOT / "manage.py", "collectstatic", *STATIC_OPTIONS],
        log=paths.log / "static.log",
        directory=ROOT,
        grace=5.0,
    )


def static_key() -> str:
    """Changes when a static file or a dependency does, so that an unchanged tree is not compressed again."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    apps = [*ROOT.glob("*/apps.py"), *ROOT.glob("portal/*/apps.py")]
    for folder in sorted([ROOT / "static", *(app.parent / "static" for app in apps)]):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found = path.stat()
                digest.update(f"{path.relative_to(ROOT)} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def bound_socket(wanted: int) -> socket.socket:
    """A listening socket on the wanted port or the next free one.

    Raises:
        Trouble: fifty ports in a row are taken.
    """
    for port in range(wanted, min(wanted + PORTS_TRIED, 65536)):
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(256)
        except OSError:
            listener.close()
            continue
        listener.set_inheritable(True)
        return listener
    raise Trouble(
        f"{wanted}번부터 {PORTS_TRIED}개 포트를 모두 쓸 수 없습니다.",
        where=f"{HOST}:{wanted}",
        how="./start --port <다른 번호> 로 켜 주십시오.",
    )
