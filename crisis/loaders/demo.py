"""The demo: real Korean series and designations, with invented people and meetings, which are marked 예시."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from crisis.enums import AreaLevel, BatchKind
from crisis.models import Area, Indicator, ObservationBatch, Round, RuleSet
from crisis.services import approve_rule_set, draft_rule_set, open_due_rounds, open_round, record_batch
from crisis.services.observation_checks import NewReading
from network.enums import SeatPosition
from network.models import Council, Seat
from portal.directory.audit import deed
from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Organization, User
from portal.directory.services import grant_membership, start_job
from portal.kernel.dates import end_of_day, parse_month, period
from portal.kernel.loading import read_rows
from portal.kernel.queue import defer

DATA = Path(__file__).parent.parent / "data"
SINCE = date(2012, 1, 1)
SERIES = {
    "시군구 수출·외국인근로자·인구 (2008~2025)": "observations_sigungu.csv.gz",
    "산업단지 현황 (2018~2025)": "observations_complex.csv.gz",
}

# login, name, role, body. Names are invented; accounts carry `is_demo`.
PEOPLE = (
    ("hq", "한본부(예시)", Role.HQ, "MSS"),
    ("gyeongnam", "경담당(예시)", Role.OFFICE_STAFF, "RO-GYEONGNAM"),
    ("gyeongnam-head", "경청장(예시)", Role.OFFICE_HEAD, "RO-GYEONGNAM"),
    ("jeonbuk", "전담당(예시)", Role.OFFICE_STAFF, "RO-JEONBUK"),
    ("tp-gyeongnam", "테담당(예시)", Role.TECHNOPARK, "TP-GYEONGNAM"),
    ("cc-gyeongnam", "위담당(예시)", Role.CRISIS_CENTRE, "CC-GYEONGNAM"),
    ("sido-gyeongnam", "도담당(예시)", Role.SIDO, "GOV-48"),
    ("council-gyeongnam", "위원일(예시)", Role.COUNCIL_MEMBER, "RO-GYEONGNAM"),
    ("api-geoje", "거제시 연계 시스템(예시)", Role.API_CLIENT, "GOV-48310"),
    ("auditor", "감사관(예시)", Role.AUDITOR, "MSS"),
    ("admin", "관리자(예시)", Role.ADMINISTRATOR, "MSS"),
)
MEMBERS = (
    "시·도 국장",
    "지방고용노동청 과장",
    "지방환경청 과장",
    "테크노파크 본부장",
    "신용보증재단 본부장",
    "대학 교수",
    "상공회의소 처장",
    "기업 대표",
)


@transaction.atomic
def load_people() -> list[User]:
    """Demo accounts, one a role, all with the demo password."""
    people = []
    for login_id, name, role, body in PEOPLE:
        user = User.objects.filter(login_id=login_id).first()
        if user is None:
            with deed("load_demo", actor=None):
                user = User.objects.create_user(login_id, settings.PORTAL_DEMO_PASSWORD, name=name, is_demo=True)
            grant_membership(
                user=user,
                organization=Organization.objects.get(code=body),
                role=role,
                start=SINCE,
                actor=None,
                reason="예시 자료",
            )
        people.append(user)
    return people


@transaction.atomic
def load_councils() -> None:
    """A council with a chair, eight members and a secretary at each regional office."""
    with deed("load_demo", actor=None):
        for office in Organization.objects.of_kind(OrganizationKind.REGIONAL_OFFICE):
            council, fresh = Council.objects.get_or_create(
                organization=office,
                defaults={"name_ko": f"{office.short_name_ko or office.name_ko} 지원협의회(예시)", "is_demo": True},
            )
            if not fresh:
                continue
            since = period(SINCE)
            Seat.objects.create(
                council=council,
                name="의장(예시)",
                affiliation=office.name_ko,
                position=SeatPosition.CHAIR,
                effective=since,
            )
            for number, affiliation in enumerate(MEMBERS, start=1):
                Seat.objects.create(
                    council=council, name=f"위원{number}(예시)", affiliation=affiliation, effective=since
                )
            Seat.objects.create(
                council=council,
                name="간사(예시)",
                affiliation=office.name_ko,
                position=SeatPosition.SECRETARY,
                effective=since,
            )


def load_rule_sets(approver: User) -> RuleSet:
    """The rule set of the demo, approved, and the national draft, left a draft."""
    body = json.loads((DATA / "rulesets/kr_sigungu_demo_1.json").read_text(encoding="utf-8"))
    demo = RuleSet.objects.filter(version=body["version"]).first()
    if demo is None:
        demo = draft_rule_set(
            title="시·군·구 시범 판정 기준",
            body=body,
            levels=[AreaLevel.NATION, AreaLevel.SIDO, AreaLevel.SIGUNGU],
            actor=approver,
            trial=True,
            note="수출·외국인근로자(E-9)·인구 세 지표만 쓰는 시범 기준. 기준점은 2016년 상반기까지의 회차로 정함.",
        )
        approve_rule_set(rule_set=demo, start=SINCE, document="예시 승인 문서", actor=approver)
    draft = json.loads((DATA / "rulesets/kr_rci_2027_1_draft.json").read_text(encoding="utf-8"))
    if not RuleSet.objects.filter(version=draft["version"]).exists():
        draft_rule_set(
            title=draft.get("name_ko", draft["version"]),
            body=draft,
            levels=list(AreaLevel.values),
            actor=approver,
            trial=True,
            note="고시가 확정되기 전의 초안. 공식 기준이 아님.",
        )
    return demo


def load_rounds(actor: User) -> int:
    """The half-year rounds of the demo, open: the worker evaluates them one after another."""
    opened = 0
    for row in read_rows(DATA / "demo/rounds.csv"):
        if not Round.objects.filter(code=row["round"]).exists():
            open_round(
                reference_month=parse_month(row["reference_month"]) or date.min,
                cutoff=end_of_day(date.fromisoformat(row["cutoff"])),
                code=row["round"],
                actor=actor,
            )
            opened += 1
    return opened


def _readings(path: Path) -> Iterator[NewReading]:
    """Rows of a series file. The catalogue is read before the first row: rows are streamed into a COPY."""
    areas = dict(Area.objects.values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    return (
        NewReading(
            area_id=areas[row["area"]],
            indicator_id=indicators[row["indicator"]],
            period=parse_month(row["period"]) or date.min,
            value=Decimal(row["value"]) if row["value"] else None,
            unit=row["unit"],
            status=row["status"],
            known_at=end_of_day(date.fromisoformat(row["known_at"])),
        )
        for row in read_rows(path)
    )


def load_observations(actor: User) -> int:
    """The real series, dated back to when each figure was published. Returns the rows written."""
    written = 0
    for title, name in SERIES.items():
        if ObservationBatch.objects.filter(kind=BatchKind.REFERENCE, title=title).exists():
            continue
        report = record_batch(
            kind=BatchKind.REFERENCE,
            title=title,
            rows=_readings(DATA / "demo" / name),
            actor=actor,
            reason="공개 통계의 공표 시점대로 적재",
            may_backdate=True,
        )
        written += report.new + report.changed
    return written


def load_demo() -> dict[str, int]:
    """Bring the demo in, once; a second call changes nothing. Heavy work is owed to the worker."""
    people = {user.login_id: user for user in load_people()}
    hq = people["hq"]
    load_councils()
    load_rule_sets(hq)
    rows = load_observations(hq)
    rounds = load_rounds(hq)
    open_due_rounds(today=timezone.localdate())
    with transaction.atomic():
        defer("crisis.tasks.start_owed_runs")
        if rounds:
            start_job(
                kind="demo_meetings",
                title="예시 협의회 결정 만들기",
                task="crisis.tasks.hold_demo_meetings",
                owner=None,
            )
    return {"people": len(people), "observations": rows, "rounds": rounds}
