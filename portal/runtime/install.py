"""Make `.venv` from a lock file, with hashes: by uv where it is present, else by pip. Standard library only.

`.venv/installed.json` remembers which locks were installed for which Python, so that a second start installs nothing.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from portal.runtime.messages import Trouble, say
from portal.runtime.paths import ROOT

RUN_LOCK = "requirements.lock"
DEV_LOCK = "requirements-dev.lock"
VENV = ROOT / ".venv"
STAMP = VENV / "installed.json"


def ensure(lock: str = RUN_LOCK, venv: Path = VENV) -> Path:
    """Have the packages of `lock` in `venv`; returns the path of its Python. Quick when nothing has changed.

    Raises:
        Trouble: no venv module, no network, a hash that does not match, no room.
    """
    python = venv / "bin" / "python"
    stamp = venv / STAMP.name
    if _installed(stamp, lock) and _runs(python):
        return python
    lock_fd = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock_fd, fcntl.LOCK_EX)  # the folder itself: of two at once the second finds everything done
        if not (_installed(stamp, lock) and _runs(python)):
            _install(lock, venv, python, stamp)
    except PermissionError as error:
        raise Trouble(
            "이 폴더에 쓸 수 없어 꾸러미를 설치하지 못합니다.",
            where=ROOT,
            how="폴더의 주인 계정으로 돌리시거나, 쓸 수 있는 곳에 복사해 주십시오.",
        ) from error
    finally:
        os.close(lock_fd)
    return python


def _install(lock: str, venv: Path, python: Path, stamp: Path) -> None:
    uv = _uv()
    say(f"· 꾸러미를 설치합니다({'uv' if uv else 'pip'}, 처음 한 번만, 1분쯤 걸립니다).")
    if not _runs(python):
        if (venv / "pyvenv.cfg").exists():  # its Python was upgraded away or the folder was moved
            shutil.rmtree(venv)
        _create(venv, uv)
    stamp.unlink(missing_ok=True)
    requirements = ["--require-hashes", "--requirement", str(ROOT / lock)]
    if uv and _call([uv, "pip", "install", "--quiet", "--python", str(python), *requirements]).returncode == 0:
        pass
    else:
        _install_by_pip(python, requirements)
    known = {RUN_LOCK, lock} if pins(lock) >= pins(RUN_LOCK) else {lock}
    stamp.write_text(json.dumps({name: _key(name) for name in sorted(known)}, indent=1) + "\n")


def _install_by_pip(python: Path, requirements: list[str]) -> None:
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode:
        _call([str(python), "-m", "ensurepip", "--default-pip"])  # made by uv, which brings no pip
    done = _call([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements])
    if done.returncode:
        lines = done.stderr.strip().splitlines()[-4:]
        raise Trouble(
            "꾸러미를 설치하지 못했습니다. 설치 도구의 말:\n" + "\n".join(f"    {line}" for line in lines),
            where=ROOT / requirements[-1],
            how="인터넷(또는 사내 꾸러미 저장소 설정)과 디스크 빈 자리를 살펴보신 뒤 다시 돌려 주십시오.",
        )


def _create(venv: Path, uv: str | None) -> None:
    if uv and _call([uv, "venv", "--quiet", "--python", sys.executable, str(venv)]).returncode == 0:
        return
    if not os.access(venv.parent, os.W_OK):
        raise PermissionError(venv)
    done = _call([sys.executable, "-m", "venv", str(venv)])
    if done.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if "ensurepip" in done.stdout + done.stderr or "No module named venv" in done.stderr:
            raise Trouble(
                "파이썬에 가상 환경 모듈(venv)이 없습니다.",
                where=sys.executable,
                how=f"sudo apt install python{version}-venv 를 돌리신 뒤 다시 해 주십시오(uv를 설치하셔도 됩니다).",
            )
        raise Trouble("가상 환경을 만들지 못했습니다: " + done.stderr.strip(), where=venv)


def pins(lock: str) -> set[str]:
    """The `name==version` pins of a lock file."""
    return set(re.findall(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


def _key(lock: str) -> str:
    return hashlib.sha256((ROOT / lock).read_bytes() + sys.version.encode()).hexdigest()


def _installed(stamp: Path, lock: str) -> bool:
    try:
        return bool(json.loads(stamp.read_text()).get(lock) == _key(lock))
    except (OSError, ValueError):
        return False


def _runs(python: Path) -> bool:
    try:
        return subprocess.run([python, "-c", ""], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _uv() -> str | None:
    """uv, when it is there and really runs; `PORTAL_INSTALLER=pip` leaves it alone."""
    found = None if os.environ.get("PORTAL_INSTALLER") == "pip" else shutil.which("uv")
    if found is None:
        return None
    works = subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0
    return found if works else None


def _call(command: list[str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, check=False)
