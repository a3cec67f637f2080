"""Log files: children write to them directly, the supervisor reads along. No pipes, so no child waits for a reader."""

import os
import re
from pathlib import Path
from typing import IO

KEEP_BYTES = 10 * 1024 * 1024
SERIOUS = re.compile(r"\b(ERROR|FATAL|PANIC|CRITICAL)\b|^Traceback |^\w*(\.\w+)*Error:")


def open_log(path: Path) -> IO[bytes]:
    """Open for appending; what is past ten megabytes goes to `<name>.1`, of which one is kept."""
    if path.exists() and path.stat().st_size > KEEP_BYTES:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


def shorten(path: Path) -> None:
    """Keep the log of a long-running process within bounds. Appending writers go on at the new end."""
    try:
        if path.stat().st_size > KEEP_BYTES:
            path.with_name(path.name + ".1").write_bytes(path.read_bytes())
            os.truncate(path, 0)
    except OSError:
        pass  # a full disk is no reason to stop serving


class Tail:
    """The lines a log has gained since the last look."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = path.stat().st_size if path.exists() else 0

    def lines(self) -> list[str]:
        """New complete lines, oldest first."""
        try:
            size = self._path.stat().st_size
            if size < self._at:
                self._at = 0
            if size == self._at:
                return []
            with self._path.open("rb") as log:
                log.seek(self._at)
                chunk = log.read(256 * 1024)
        except FileNotFoundError:
            return []
        whole = chunk.rfind(b"\n") + 1 or len(chunk)
        self._at += whole
        return chunk[:whole].decode(errors="replace").splitlines()


def last_lines(path: Path, count: int = 6) -> str:
    """The end of a log, for a message about what went wrong."""
    try:
        with path.open("rb") as log:
            log.seek(max(0, path.stat().st_size - 8192))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""
