"""Two rule sets side by side: only what differs, each line with a path that names it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

#: Where an indicator that is switched off waits with its figures; the method does not read it.
SWITCHED_OFF = "switched_off"
_NOT_POLICY = {"version", "status", "valid_from", "valid_to", "approved_by", "name_ko", "name_en"}
ABSENT: None = None


@dataclass(frozen=True)
class Difference:
    """``indicator`` is empty for what concerns the whole set; ``key`` is the entry; a side without it is None."""

    indicator: str
    key: str
    left: str | None
    right: str | None


def differences(left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Difference]:
    """What differs, the whole set first, then indicator by indicator in the order of the right one.

    Numbers are compared as numbers: ``"40"`` and ``40.0`` are the same. An indicator that only one set uses is one
    line, ``key`` "used".
    """
    found = [*_of("", _common(left), _common(right))]
    for code in dict.fromkeys([*right["order"], *left["order"]]):
        ours, theirs = left["indicators"].get(code), right["indicators"].get(code)
        if ours is None or theirs is None:
            found.append(Difference(code, "used", _used(ours), _used(theirs)))
        else:
            found.extend(_of(code, ours, theirs))
    return found


def _used(body: Any) -> str:
    return "○" if body is not None else "–"


def _common(body: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in body.items():
        if key in _NOT_POLICY or key in ("indicators", "order", SWITCHED_OFF, "dimension_names", "floors", "council"):
            continue
        if isinstance(value, Mapping):
            flat |= {f"{key}.{inner}": entry for inner, entry in value.items()}
        else:
            flat[key] = value
    return flat


def _of(code: str, left: Mapping[str, Any], right: Mapping[str, Any]) -> list[Difference]:
    found = []
    for key in dict.fromkeys([*left, *right]):
        ours, theirs = left.get(key), right.get(key)
        if not _same(ours, theirs):
            found.append(Difference(code, key, _text(ours), _text(theirs)))
    return found


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(_same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return bool(left == right)
    try:
        return Decimal(str(left)) == Decimal(str(right))
    except InvalidOperation:
        return bool(left == right)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "○" if value else "–"
    if isinstance(value, list | tuple):
        return " / ".join(str(entry) for entry in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {entry}" for key, entry in value.items())
    return str(value)
