"""A form as data: ordered fields, and rules between them.

    {"fields": [{"code": "sales", "label": "매출액", "kind": "MONEY", "unit": "백만원", "head": "MANAGEMENT",
                 "required": true, "min": 0, "max": null, "help": "…"},
                {"code": "outlook", "kind": "CHOICE", "choices": [["UP", "나아짐"], ["DOWN", "나빠짐"]], …}],
     "rules": [{"kind": "NOT_ABOVE", "fields": ["exports", "sales"], "message": "수출액은 매출액보다 클 수 없습니다."}]}

`parse` gives a `Definition` or raises ValueError with every fault.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

KINDS = ("NUMBER", "MONEY", "PERCENT", "CHOICE", "TEXT")
NUMERIC = frozenset({"NUMBER", "MONEY", "PERCENT"})
MONEY_UNITS = {"원": 1, "천원": 10**3, "백만원": 10**6, "억원": 10**8}
HEADS = ("GENERAL", "MANAGEMENT", "PERSONNEL", "TECHNOLOGY", "TRADE", "OTHER", "TREND")
LONGEST_TEXT = 1000
RULE_KINDS = {"NOT_ABOVE": 2, "SUM_NOT_ABOVE": 3, "SUM_EQUALS": 3, "NEEDS": 2}
"""Rule kind → fewest fields. SUM_…: the parts, then the whole. NEEDS: the first, if answered, asks for the others."""
_CODE = re.compile(r"^[a-z][a-z0-9_]{0,29}$")


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `low`/`high`: bounds in the field's own unit; `places`: decimals a NUMBER may have."""

    code: str
    label: str
    kind: str
    head: str
    unit: str = ""
    required: bool = False
    low: Decimal | None = None
    high: Decimal | None = None
    places: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""

    @property
    def is_numeric(self) -> bool:
        return self.kind in NUMERIC

    @property
    def factor(self) -> int:
        """Won in one unit of a MONEY field; 1 for every other."""
        return MONEY_UNITS[self.unit] if self.kind == "MONEY" else 1

    @property
    def header(self) -> str:
        """The label with its unit, as forms and templates show it."""
        return f"{self.label}({self.unit})" if self.unit else self.label


@dataclass(frozen=True, slots=True)
class Rule:
    kind: str
    fields: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Definition:
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Field]:
        return {field.code: field for field in self.fields}


def parse(raw: Mapping[str, Any]) -> Definition:
    """The definition meant by a form's JSON. ValueError names every fault, one a line."""
    faults: list[str] = []
    fields = [found for at, one in enumerate(raw.get("fields", []), 1) if (found := _field(one, at, faults))]
    if not raw.get("fields"):
        faults.append("항목이 하나도 없습니다.")
    for what, values in (("코드", [f.code for f in fields]), ("이름", [f.header for f in fields])):
        if doubled := sorted({value for value in values if values.count(value) > 1}):
            faults.append(f"항목 {what}이(가) 겹칩니다: {', '.join(doubled)}")
    known = {field.code: field for field in fields}
    rules = [rule for at, one in enumerate(raw.get("rules", []), 1) if (rule := _rule(one, at, known, faults))]
    if faults:
        raise ValueError("\n".join(faults))
    return Definition(tuple(fields), tuple(rules))


def _field(one: Mapping[str, Any], at: int, faults: list[str]) -> Field | None:
    where, before = f"{at}번째 항목", len(faults)
    code, kind, unit = str(one.get("code", "")), one.get("kind", ""), str(one.get("unit", ""))
    if not _CODE.match(code):
        faults.append(f"{where}: 코드 ‘{code}’은(는) 영문 소문자로 시작하는 30자까지여야 합니다.")
    if kind not in KINDS:
        faults.append(f"{where}: 모르는 종류 ‘{kind}’입니다. 쓸 수 있는 것: {', '.join(KINDS)}")
    if not str(one.get("label", "")).strip():
        faults.append(f"{where}: 이름이 없습니다.")
    if one.get("head") not in HEADS:
        faults.append(f"{where}: 조사 분야 ‘{one.get('head')}’을(를) 모릅니다. 쓸 수 있는 것: {', '.join(HEADS)}")
    if kind == "MONEY" and unit not in MONEY_UNITS:
        faults.append(f"{where}: 금액의 단위는 {', '.join(MONEY_UNITS)} 가운데 하나여야 합니다.")
    choices = tuple((str(code), str(label)) for code, label in one.get("choices", ()))
    if (kind == "CHOICE") != bool(choices):
        faults.append(f"{where}: 고르는 항목에만 선택지가 있어야 합니다.")
    if len({label for _, label in choices} | {code for code, _ in choices}) < len(choices):
        faults.append(f"{where}: 선택지가 겹칩니다.")
    low, high = _bound(one.get("min")), _bound(one.get("max"))
    if low is not None and high is not None and low > high:
        faults.append(f"{where}: 최솟값이 최댓값보다 큽니다.")
    if len(faults) > before:
        return None
    return Field(
        code=code, label=str(one["label"]).strip(), kind=kind, head=one["head"],
        unit="%" if kind == "PERCENT" else unit, required=bool(one.get("required")), low=low, high=high,
        places=int(one.get("places", 0)), choices=choices, help=str(one.get("help", "")),
    )  # fmt: skip


def _bound(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _rule(one: Mapping[str, Any], at: int, known: Mapping[str, Field], faults: list[str]) -> Rule | None:
    where, before = f"{at}번째 규칙", len(faults)
    kind, fields = one.get("kind", ""), tuple(one.get("fields", ()))
    if kind not in RULE_KINDS:
        faults.append(f"{where}: 모르는 종류 ‘{kind}’입니다. 쓸 수 있는 것: {', '.join(RULE_KINDS)}")
    elif len(fields) < RULE_KINDS[kind]:
        faults.append(f"{where}: 항목이 {RULE_KINDS[kind]}개는 있어야 합니다.")
    if strange := [code for code in fields if code not in known]:
        faults.append(f"{where}: 없는 항목입니다: {', '.join(map(str, strange))}")
    elif kind in RULE_KINDS and kind != "NEEDS":
        faults.extend(_uncomparable(where, [known[code] for code in fields]))
    if not str(one.get("message", "")).strip():
        faults.append(f"{where}: 어긋날 때 보일 문장이 없습니다.")
    return None if len(faults) > before else Rule(kind, fields, str(one["message"]))


def _uncomparable(where: str, fields: Sequence[Field]) -> list[str]:
    if (
        any(not field.is_numeric for field in fields)
        or len({(f.kind, f.kind == "MONEY" or f.unit) for f in fields}) > 1
    ):
        return [f"{where}: 단위가 같은 숫자 항목끼리만 견줄 수 있습니다."]
    return []
