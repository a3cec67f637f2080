"""The faults of a rule set at the fields of its editor."""

from __future__ import annotations

import re

_FAULT = re.compile(r"^판정 기준의 '(?P<path>.+?)' 항목: (?P<complaint>.+)$", re.DOTALL)


def split(sentence: str) -> tuple[str, str]:
    """(path, complaint) of a sentence of the rules: ``indicators.EMP.weight`` and what is wrong there.

    A sentence about the whole set has an empty path.
    """
    match = _FAULT.match(sentence)
    return (match["path"], match["complaint"]) if match else ("", sentence)


def field_of(path: str) -> str:
    """The editor's field for a path: dots become two underscores (``indicators.EMP.weight`` → ``EMP__weight``)."""
    return path.removeprefix("indicators.").replace(".", "__")
