"""An answer of the statistics portal's interface (`statisticsParameterData.do`) as rows; its refusals in words. Pure.

A good answer is a JSON list of objects with ORG_ID, TBL_ID, ITM_ID, UNIT_NM, PRD_SE, PRD_DE, DT and a pair Cn, Cn_NM for
each class; a refusal is one object with err and errMsg, at times without quotes around its keys. Shape: docs/sources.md.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_ROWS = 40_000
"""The interface answers with at most this many cells."""
_NEEDED = ("ORG_ID", "TBL_ID", "ITM_ID", "PRD_SE", "PRD_DE", "DT", "C1")
_REFUSED = re.compile(r"^\s*\{\s*\"?err\"?\s*:\s*\"?(\d+)\"?\s*,\s*\"?errMsg\"?\s*:\s*\"?([^\"}]*)", re.DOTALL)
_PERIOD = re.compile(r"^(\d{4})(\d{2})$")
_WORDS = {
    "10": "인증키가 빠졌습니다.",
    "11": "인증키가 끝났거나 쓸 수 없습니다.",
    "20": "빠진 조회 조건이 있습니다.",
    "21": "조회 조건이 맞지 않습니다.",
    "30": "조건에 맞는 자료가 없습니다.",
    "31": "한 번에 받을 수 있는 건수를 넘었습니다. 기간을 나누어 받아 주세요.",
    "40": "하루에 부를 수 있는 횟수를 넘었습니다.",
}


class KosisProblem(Exception):
    """Why an answer cannot be used: `rule` for machines, `message` for people."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule, self.message = rule, message


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table. `classes`: code by class number; `value` as written, empty where there is none."""

    number: int
    org: str
    table: str
    item: str
    unit: str
    rhythm: str
    period: str
    value: str
    classes: Mapping[int, str]
    names: Mapping[int, str]


def looks_like_answer(data: bytes) -> bool:
    """Whether the content is JSON rather than a table of cells."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def read_answer(data: bytes) -> list[Cell]:
    """The cells of an answer. KosisProblem for a refusal, an answer that is none, or one without rows."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp949", "replace")
    if refused := _REFUSED.match(text):
        told = _WORDS.get(refused[1], refused[2].strip())
        raise KosisProblem("kosis_refused", f"KOSIS가 자료 대신 오류 {refused[1]}을(를) 보냈습니다: {told}")
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        text = f"JSON으로 읽을 수 없는 응답입니다({error.lineno}행). 응답 전체를 그대로 저장했는지 확인해 주세요."
        raise KosisProblem("not_json", text) from error
    if not isinstance(rows, list) or not rows:
        raise KosisProblem("no_rows", "응답에 자료가 없습니다. 조회 조건을 확인해 주세요.")
    if len(rows) > MOST_ROWS:
        raise KosisProblem("too_many_rows", f"응답이 {MOST_ROWS:,}건을 넘습니다. 기간을 나누어 받아 주세요.")
    return [_cell(number, row) for number, row in enumerate(rows, 1)]


def _cell(number: int, row: Any) -> Cell:
    if not isinstance(row, dict):
        raise KosisProblem("not_a_row", f"{number}번째 자료가 객체가 아닙니다.")
    if missing := [name for name in _NEEDED if row.get(name) is None]:
        raise KosisProblem("column_missing", f"{number}번째 자료에 없는 항목: {', '.join(missing)}")
    text = {name: str(row[name]).strip() for name in _NEEDED}
    levels = [level for level in range(1, 9) if str(row.get(f"C{level}") or "").strip()]
    return Cell(
        number=number, org=text["ORG_ID"], table=text["TBL_ID"], item=text["ITM_ID"],
        unit=str(row.get("UNIT_NM") or "").strip(), rhythm=text["PRD_SE"], period=text["PRD_DE"], value=text["DT"],
        classes={level: str(row[f"C{level}"]).strip() for level in levels},
        names={level: str(row.get(f"C{level}_NM") or "").strip() for level in levels},
    )  # fmt: skip


def month_of_period(rhythm: str, period: str) -> date | None:
    """The first day of the last month of a period: monthly `202509`, quarterly `202503` (the third), half-yearly
    `202502`. None for a rhythm or a form that is not known, the yearly one among them."""
    match = _PERIOD.match(period)
    step = {"M": 1, "Q": 3, "H": 6, "S": 6}.get(rhythm)
    if match is None or step is None:
        return None
    month = int(match[2]) * step
    return date(int(match[1]), month, 1) if 1 <= month <= 12 else None
