"""What the operator reads: short Korean lines, and troubles that say what, where and how to mend it."""

import sys


class Trouble(Exception):
    """Something the operator can mend. Shown as sentences, never as a stack trace.

    `what` is one sentence; `where` a path, port or log file; `how` the next step.
    """

    def __init__(self, what: str, *, where: object = "", how: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = str(where)
        self.how = how

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  어디: {self.where}")
        if self.how:
            lines.append(f"  고치려면: {self.how}")
        return "\n".join(lines)


def say(text: str = "") -> None:
    """Print one line. A terminal that has gone away must not stop an orderly shutdown."""
    _write(sys.stdout, text)


def complain(trouble: Trouble | str) -> None:
    """Print a trouble on standard error, apart from the lines before it."""
    _write(sys.stderr, f"\n✗ {trouble}")


def _write(stream: "object", text: str) -> None:
    try:
        print(text, file=stream, flush=True)  # type: ignore[call-overload]
    except UnicodeEncodeError:
        print(text.encode("ascii", "backslashreplace").decode(), file=stream, flush=True)  # type: ignore[call-overload]
    except (OSError, ValueError):
        pass
