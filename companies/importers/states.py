"""The file of operating states: which company pauses, closes or works again, from which day on.

A file of its own beside that of companies: a state is a dated change with a history, not a fact to be overwritten.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.utils import timezone

from companies import rules, services
from companies.enums import OperatingState
from companies.importers import cell_readers as read
from companies.importers import figure_books as books
from companies.models import Company, CompanyState, Workplace
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row

STATES = {str(label): str(value) for value, label in OperatingState.choices}
_WORDS = STATES | {"계속사업자": "OPERATING", "휴업자": "SUSPENDED", "폐업자": "CLOSED", "정상": "OPERATING"}
_BACK = {value: word for word, value in STATES.items()}


class CompanyStateImporter:
    """States of the companies the uploader keeps."""

    kind = "company_states"
    title = "기업 영업 상태"
    version = "1"
    capability = Capability.MANAGE_COMPANIES
    columns = (
        Column(
            "business_number", "사업자등록번호", read.business_number, width=16, text=True, example="124-81-00998",
            aliases=("사업자번호", "사업자 등록번호", "bizr_no"), show=rules.written_business_number,
            help="기업의 아무 사업장의 번호.",
        ),
        Column(
            "name", "기업명", read.text(120), required=False, width=24, text=True,
            aliases=("회사명", "업체명", "상호"), help="확인에만 씁니다.",
        ),
        Column(
            "state", "영업 상태", read.word(_WORDS), width=10, text=True, aliases=("상태", "사업자 상태"),
            choices=lambda scope: list(STATES), show=lambda kept: _BACK.get(kept, kept), help="계속, 휴업, 폐업.",
        ),
        Column(
            "since", "상태 시작일", read.optional(cells.day), required=False, width=14, text=True, example="2026-03-01",
            aliases=("폐업일", "휴업일", "변경일", "시작일"), help="그 상태가 시작된 날. 상태가 바뀌는 행에는 적어야 합니다.",
        ),
        Column(
            "source", "출처", read.text(80), required=False, width=20, text=True, help="국세청 상태조회, 현장 확인처럼.",
        ),
        Column("note", "비고", read.text(200), required=False, width=30, text=True, help="덧붙일 말."),
    )  # fmt: skip

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find the companies and lay their last state beside the row."""
        say(message="기업을 찾는 중")
        books.find_companies(rows, scope)
        found = Company.objects.in_bulk({row.values["_company"] for row in rows if row.values.get("_company")})
        last: dict[int, CompanyState] = {}
        for state in CompanyState.objects.filter(company__in=found).order_by("effective"):
            last[state.company_id] = state
        first: dict[int, Row] = {}
        for row in rows:
            row.values["_row"] = row.number
            company = found.get(row.values.get("_company") or 0)
            if company is None or row.is_wrong:
                continue
            twin = first.setdefault(company.pk, row)
            if twin is not row:
                text = f"{twin.number}행과 같은 기업입니다. 한 행만 남겨 주세요."
                row.problems.append(Problem("doubled", text, "business_number"))
                continue
            _compare(row, company, last.get(company.pk))

    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Change the states, all or none."""
        changes = ({**row, "number": row["_row"], "company_id": row["_company"], "seen": row["_seen"]} for row in rows)
        return {"new": 0, "changed": services.change_states(rows=changes, actor=actor, upload=upload), "same": 0}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Let the states before the upload run on, if nothing was changed since."""
        return services.undo_states(upload=upload, actor=actor, reason=reason)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every company the scope keeps with its state of today."""
        seen = Company.objects.visible_to(scope).not_merged()
        last: dict[int, CompanyState] = {}
        for state in CompanyState.objects.filter(company__in=seen).order_by("effective"):
            last[state.company_id] = state
        seats = Workplace.objects.headquarters().filter(company__in=seen).select_related("company")
        for seat in seats.order_by("business_number").iterator(chunk_size=5000):
            now = last.get(seat.company_id)
            yield {
                "business_number": rules.written_business_number(seat.business_number),
                "name": seat.company.name_ko,
                "state": _BACK[seat.company.state],
                "since": now.effective.lower if now else None,
                "source": now.source if now else "",
                "note": now.note if now else "",
            }


def _compare(row: Row, company: Company, last: CompanyState | None) -> None:
    values, start = row.values, last.effective.lower if last else None
    values["_seen"] = company.version
    if values["state"] == company.state:
        row.same = True
        if values.get("since") and start and values["since"] != start:
            text = f"이미 {start:%Y. %-m. %-d.}부터 이 상태입니다. 날짜를 바로잡으려면 기업 화면에서 고쳐 주세요."
            row.problems.append(Problem("since_differs", text, "since", warning=True))
        return
    row.before = {"state": company.state} | ({"since": start.isoformat()} if start else {})
    since = values.get("since")
    if not since:
        text = "상태가 바뀌는 행에는 ‘상태 시작일’을 적어 주세요."
        row.problems.append(Problem("since_missing", text, "since"))
    elif since > timezone.localdate():
        row.problems.append(Problem("day_in_future", "아직 오지 않은 날은 적을 수 없습니다.", "since"))
    elif start and since <= start:
        text = f"지금 상태가 시작된 {start:%Y. %-m. %-d.} 뒤의 날이어야 합니다."
        row.problems.append(Problem("state_too_early", text, "since"))


COMPANY_STATES = CompanyStateImporter()
