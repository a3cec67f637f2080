"""Criteria as data: a tree of groups and conditions, validated whole.

    {"all": [
        {"metric": "EMPLOYEES", "operator": "GE", "value": 10},
        {"metric": "SALES_AVERAGE", "years": 3, "operator": "GE", "value": 5000000000},
        {"any": [{"k": 2, "of": [condition, condition, condition]}, {"all": [...]}]}
    ]}

A group is `{"all": […]}`, `{"any": […]}` or `{"k": n, "of": […]}`; each may carry a `note`. A condition names a metric
of `metrics.METRICS`, an operator of its kind and a value; `years` replaces the metric's usual window. Numbers are
integers or decimal text (`"12.5"`): JSON's floating point is refused, since 0.1 would not mean a tenth. `"at_review":
true` marks what papers tell, not the registry: while candidates are looked for, not knowing it does not count against
a firm; for a decision it does.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from companies.tiers.rules.metrics import CODE, FLAG, LONGEST_WINDOW, METRICS, NUMERIC, WORD, WORDS, Metric

ALL, ANY, K_OF = "ALL", "ANY", "K_OF"
OPERATORS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(NUMERIC, ("GE", "GT", "LE", "LT", "EQ")),
    FLAG: ("IS",),
    WORD: ("IN", "NOT_IN"),
    WORDS: ("ANY_OF", "ALL_OF", "NONE_OF"),
    CODE: ("STARTS_WITH",),
}
OPERATOR_WORDS = {
    "GE": "이상", "GT": "초과", "LE": "이하", "LT": "미만", "EQ": "같음", "IS": "여부", "IN": "다음 중 하나",
    "NOT_IN": "다음이 아님", "ANY_OF": "다음 중 하나 이상", "ALL_OF": "다음 모두", "NONE_OF": "다음이 없음",
    "STARTS_WITH": "다음으로 시작",
}  # fmt: skip
_NUMBER = re.compile(r"^-?\d{1,18}(\.\d{1,6})?$")
DEEPEST = 6
MOST_CONDITIONS = 60


@dataclass(frozen=True, slots=True)
class Condition:
    metric: Metric
    operator: str
    value: Fraction | bool | frozenset[str]
    years: int
    note: str
    path: str
    at_review: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """`need` members of those given must hold: all of them for ALL, one for ANY, k for K_OF."""

    kind: str
    need: int
    members: tuple["Node", ...]
    note: str
    path: str


Node = Condition | Group


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` leads to the place (`all[2].value`), `message` says what to mend."""

    path: str
    message: str


class CriteriaError(Exception):
    """Every fault of a tree at once."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = faults


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.conditions = 0

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(path or "(맨 위)", message))

    def node(self, body: Any, path: str, depth: int) -> Node | None:
        if not isinstance(body, Mapping):
            self.fault(path, "조건이나 묶음은 {…} 꼴이어야 합니다.")
            return None
        if depth > DEEPEST:
            self.fault(path, f"묶음은 {DEEPEST}겹까지 쌓을 수 있습니다.")
            return None
        if "metric" in body:
            return self.condition(body, path)
        return self.group(body, path, depth)

    def known_keys(self, body: Mapping[str, Any], path: str, known: set[str]) -> None:
        for key in sorted(set(body) - known):
            self.fault(path, f"‘{key}’은(는) 쓸 수 없는 항목입니다. 쓸 수 있는 항목: {', '.join(sorted(known))}")

    def note(self, body: Mapping[str, Any], path: str) -> str:
        note = body.get("note", "")
        if not isinstance(note, str):
            self.fault(f"{path}.note".lstrip("."), "설명은 글이어야 합니다.")
            return ""
        return note

    def group(self, body: Mapping[str, Any], path: str, depth: int) -> Group | None:
        kinds = [key for key in ("all", "any", "of") if key in body]
        if len(kinds) != 1:
            self.fault(path, "묶음은 all, any, of(k와 함께) 가운데 하나만 가져야 합니다.")
            return None
        key = kinds[0]
        self.known_keys(body, path, {key, "note"} | ({"k"} if key == "of" else set()))
        here = f"{path}.{key}".lstrip(".")
        rows = body[key]
        if not isinstance(rows, list) or not rows:
            self.fault(here, "묶음에는 조건이 하나 이상 있어야 합니다.")
            return None
        members = [self.node(row, f"{here}[{at}]", depth + 1) for at, row in enumerate(rows)]
        need = {"all": len(rows), "any": 1}.get(key, 0)
        if key == "of":
            k = body.get("k")
            if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= len(rows):
                self.fault(f"{path}.k".lstrip("."), f"k는 1부터 조건 수({len(rows)})까지의 정수여야 합니다.")
            else:
                need = k
        kind = {"all": ALL, "any": ANY, "of": K_OF}[key]
        kept = tuple(member for member in members if member is not None)
        return Group(kind, need, kept, self.note(body, path), path)

    def condition(self, body: Mapping[str, Any], path: str) -> Condition | None:
        self.conditions += 1
        self.known_keys(body, path, {"metric", "operator", "value", "years", "note", "at_review"})
        note = self.note(body, path)
        metric = METRICS.get(body["metric"]) if isinstance(body["metric"], str) else None
        if metric is None:
            self.fault(f"{path}.metric".lstrip("."), f"‘{body['metric']}’은(는) 정의되지 않은 지표입니다.")
            return None
        years = self.years(body, path, metric)
        operators = OPERATORS[metric.kind]
        operator = body.get("operator")
        if operator not in operators:
            told = ", ".join(f"{one}({OPERATOR_WORDS[one]})" for one in operators)
            self.fault(
                f"{path}.operator".lstrip("."),
                f"‘{metric.label}’에는 {told} 가운데 하나를 써야 합니다.",
            )
        at_review = body.get("at_review", False)
        if not isinstance(at_review, bool):
            self.fault(f"{path}.at_review".lstrip("."), "at_review는 true나 false여야 합니다.")
        value = self.value(body, f"{path}.value".lstrip("."), metric)
        if value is None or operator not in operators:
            return None
        return Condition(metric, str(operator), value, years, note, path, at_review is True)

    def years(self, body: Mapping[str, Any], path: str, metric: Metric) -> int:
        years = body.get("years", metric.years)
        here = f"{path}.years".lstrip(".")
        if not metric.years:
            if "years" in body:
                self.fault(here, f"‘{metric.label}’은(는) 기간을 정하는 지표가 아닙니다.")
            return 0
        if isinstance(years, bool) or not isinstance(years, int) or not 1 <= years <= LONGEST_WINDOW:
            self.fault(here, f"기간은 1년부터 {LONGEST_WINDOW}년까지의 정수여야 합니다.")
            return metric.years
        return years

    def value(self, body: Mapping[str, Any], path: str, metric: Metric) -> Fraction | bool | frozenset[str] | None:
        if "value" not in body:
            self.fault(path, "기준값이 없습니다.")
            return None
        value = body["value"]
        if metric.kind == FLAG:
            if isinstance(value, bool):
                return value
            self.fault(path, "기준값은 true나 false여야 합니다.")
            return None
        if metric.kind in NUMERIC:
            return self.number(value, path)
        if isinstance(value, list) and value and all(isinstance(one, str) and one for one in value):
            return frozenset(value)
        self.fault(path, "기준값은 글을 하나 이상 담은 목록이어야 합니다.")
        return None

    def number(self, value: Any, path: str) -> Fraction | None:
        if isinstance(value, bool | float):
            self.fault(path, '기준값은 정수거나 "12.5"처럼 따옴표로 감싼 소수여야 합니다.')
            return None
        if isinstance(value, int):
            return Fraction(value)
        if isinstance(value, str) and _NUMBER.match(value):
            return Fraction(value)
        self.fault(path, '기준값은 정수거나 "12.5"처럼 따옴표로 감싼 소수여야 합니다.')
        return None


def parse(body: Any) -> Node:
    """The tree of a criteria set's JSON. Raises CriteriaError with every fault it has."""
    reader = _Reader()
    root = reader.node(body, "", 1)
    if reader.conditions > MOST_CONDITIONS:
        reader.fault("", f"조건은 {MOST_CONDITIONS}개까지 쓸 수 있습니다.")
    if reader.faults or root is None:
        raise CriteriaError(reader.faults)
    return root


def within_industry(body: Any, codes: Collection[str]) -> Any:
    """`body` for the firms of an industry only: those whose KSIC code begins with one of `codes` (none: every firm)."""
    if not codes:
        return body
    only = {"metric": "INDUSTRY", "operator": "STARTS_WITH", "value": sorted(codes), "note": "이 산업의 기업"}
    if isinstance(body, Mapping) and set(body) == {"all"} and isinstance(body["all"], list):
        return {"all": [only, *body["all"]]}
    return {"all": [only, body]}


def conditions(node: Node) -> Iterator[Condition]:
    """Every condition of a tree, in reading order."""
    if isinstance(node, Condition):
        yield node
    else:
        for member in node.members:
            yield from conditions(member)


def canonical(value: Any) -> str:
    """One spelling of a JSON value: keys in order, no blanks, no escapes. Hashes are taken of this."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical spelling, in hex."""
    return digest_of(canonical(value))


def digest_of(written: str) -> str:
    """SHA-256 of a canonical spelling at hand."""
    return hashlib.sha256(written.encode()).hexdigest()
