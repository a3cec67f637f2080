"""What outside registers answer, read into plain facts. No network: answers come as recorded or uploaded text.

The tax office's status service (public data portal 15081808) answers `{"data": [{"b_no", "b_stt_cd", "end_dt", …}]}`,
at most a hundred numbers a call. An unknown number has an empty `b_stt_cd` and a sentence in `tax_type`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

TAX_STATES = {"01": "OPERATING", "02": "SUSPENDED", "03": "CLOSED"}
"""`b_stt_cd` → operating state: 계속사업자, 휴업자, 폐업자."""


@dataclass(frozen=True, slots=True)
class TaxStatus:
    """One answer: `state` is "" if the tax office does not know the number (`message` then says so)."""

    number: str
    state: str
    ended_on: date | None
    message: str
    answer: Mapping[str, Any]


def tax_answers(body: Any) -> Iterator[TaxStatus]:
    """The answers of one call, or of several in a list. ValueError with a Korean sentence for anything else."""
    calls = body if isinstance(body, list) else [body]
    for call in calls:
        answers = call.get("data") if isinstance(call, Mapping) else None
        if not isinstance(answers, list):
            raise ValueError("국세청 상태조회의 답이 아닙니다. ‘data’ 목록이 있는 JSON 파일을 올려 주세요.")
        for at, answer in enumerate(answers, 1):
            yield _tax_status(answer, at)


def _tax_status(answer: Any, at: int) -> TaxStatus:
    if not isinstance(answer, Mapping) or not isinstance(answer.get("b_no"), str):
        raise ValueError(f"{at}번째 답에 사업자등록번호(b_no)가 없습니다.")
    code = str(answer.get("b_stt_cd") or "")
    if code and code not in TAX_STATES:
        raise ValueError(f"{at}번째 답의 상태 코드 ‘{code}’을(를) 모릅니다(01 계속, 02 휴업, 03 폐업).")
    return TaxStatus(
        number=answer["b_no"].replace("-", ""),
        state=TAX_STATES.get(code, ""),
        ended_on=_day(str(answer.get("end_dt") or "")),
        message=str(answer.get("tax_type") or "") if not code else "",
        answer=dict(answer),
    )


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None
    except ValueError:
        return None
