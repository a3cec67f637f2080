"""The account the embedded servers run as. PostgreSQL refuses to run as root, so root lends it a low one."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from portal.runtime.messages import Trouble

NAME = "portal-svc"


class Account:
    """Who runs the servers. For an ordinary user that is the user; for root a low system account."""

    def __init__(self, entry: pwd.struct_passwd | None) -> None:
        self._entry = entry

    @property
    def lowered(self) -> bool:
        """True when the servers run as somebody else than we do."""
        return self._entry is not None

    @property
    def uid(self) -> int:
        return self._entry.pw_uid if self._entry else os.geteuid()

    @property
    def name(self) -> str:
        return self._entry.pw_name if self._entry else pwd_name(os.geteuid())

    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child run as this account."""
        if self._entry is None:
            return {}
        return {"user": self._entry.pw_uid, "group": self._entry.pw_gid, "extra_groups": []}

    def can_run(self, program: Path) -> bool:
        """Whether the account can execute the program where it lies (tried, not computed)."""
        try:
            done = subprocess.run([program, "--version"], capture_output=True, cwd="/", check=False, **self.popen())
        except OSError:
            return False
        return done.returncode == 0

    def can_enter(self, directory: Path) -> bool:
        """Whether the account can pass through the directory, parents included."""
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)],
            capture_output=True,
            cwd="/",
            check=False,
            **self.popen(),
        )
        return done.returncode == 0

    def private(self, directory: Path) -> Path:
        """Make a 0700 directory of this account. Only the directory itself is ever changed, no parent.

        Raises:
            Trouble: it belongs to someone else, or is no plain directory.
        """
        try:
            directory.mkdir(mode=0o700, parents=False)
        except FileExistsError:
            pass
        else:
            if self._entry:
                os.chown(directory, self._entry.pw_uid, self._entry.pw_gid)
        found = directory.lstat()
        if directory.is_symlink() or not directory.is_dir() or found.st_uid != self.uid:
            owner = pwd_name(found.st_uid)
            raise Trouble(
                f"이 폴더는 다른 계정({owner})의 것이라 쓰지 않습니다. 서버는 {self.name} 계정으로 켭니다.",
                where=directory,
                how=f"{owner} 계정으로 켜시거나, PORTAL_VAR=<다른 폴더>로 따로 켜 주십시오.",
            )
        directory.chmod(0o700)
        return directory


def server_account() -> Account:
    """The account for the embedded servers; as root it is made when missing, else `nobody` must do."""
    if os.geteuid() != 0:
        return Account(None)
    for attempt in (NAME, None):
        try:
            return Account(pwd.getpwnam(attempt or _made()))
        except KeyError:
            continue
    return Account(pwd.getpwnam("nobody"))


def _made() -> str:
    command = shutil.which("useradd")
    if command:
        options = ["--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        subprocess.run([command, *options, NAME], capture_output=True, check=False)
    return NAME


def pwd_name(uid: int) -> str:
    """The account's name, or its number when it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
