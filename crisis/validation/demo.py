"""Examples around the demo's own rounds: local levels, ratings, a documented event, a back-test. All marked 예시."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from crisis.enums import RoundState, Stage
from crisis.models import Area, Result, Round
from crisis.validation import services
from crisis.validation.enums import EventKind, RatingReason
from crisis.validation.models import AlarmRating, BackTest, Incident, LocalScheme
from crisis.validation.rules.levels import Level
from crisis.validation.selectors.feedback import alarms
from portal.directory.models import Organization, Region, User

#: 충남 divides its areas into five (press, 2023); where the lines lie inside the legal stages is invented here.
FIVE = (
    (Level(1, "양호", Stage.GOOD, None), "정기 점검"),
    (Level(2, "주의", Stage.CAUTION, None), "동향 조사"),
    (Level(3, "경고", Stage.CAUTION, Decimal(55)), "도에 알리고 특별지원지역 신청 검토"),
    (Level(4, "심각", Stage.SEVERE, None), "특별지원지역 신청 권고"),
    (Level(5, "위험", Stage.SEVERE, Decimal(85)), "도 긴급 대책회의"),
)
SIDO = ("MOIS", "44")
OFFICE, OFFICER = "RO-GYEONGNAM", "gyeongnam"


@transaction.atomic
def load_validation_demo() -> dict[str, int]:
    """Bring the examples in, once. What rests on judged rounds waits until there are some: call it again then."""
    counts = {"schemes": 0, "ratings": 0, "incidents": 0, "back_tests": 0, "joined": 0}
    home = Region.objects.filter(scheme=SIDO[0], code=SIDO[1]).first()
    if home is not None and not LocalScheme.objects.filter(region=home, is_demo=True).exists():
        services.enter_scheme(
            region=home, title="5단계 관리(예시)", document="예시 지침", start=date(2023, 3, 1), actor=None,
            levels=[level for level, _ in FIVE], notes=[note for _, note in FIVE], is_demo=True,
        )  # fmt: skip
        counts["schemes"] = 1
    newest = Round.objects.filter(state=RoundState.EVALUATED).order_by("-reference_month").first()
    officer, office = User.objects.filter(login_id=OFFICER).first(), Organization.objects.filter(code=OFFICE).first()
    if newest is None or officer is None or office is None:
        return counts
    counts["ratings"] = _rate(newest, officer, office)
    counts["incidents"] = _document(officer, office)
    if not BackTest.objects.filter(rule_set=newest.rule_set, panel=None).exists():
        services.start_back_test(rule_set=newest.rule_set, level="SIGUNGU", actor=None)
        counts["back_tests"] = 1
    while joined := services.join_due():
        counts["joined"] += joined
    return counts


def _rate(newest: Round, officer: User, office: Organization) -> int:
    if AlarmRating.objects.filter(is_demo=True).exists():
        return 0
    mine: list[Result] = list(
        alarms().filter(run__round=newest, area__region__parent__code="48").order_by("-rci", "area__code")[:2]
    )
    said = (
        (True, RatingReason.ACTED_ON, "예시: 실태조사를 먼저 나감"),
        (False, RatingReason.ONE_FIRM, "예시: 한 기업의 이전"),
    )
    for result, (useful, reason, note) in zip(mine, said, strict=False):
        services.rate_alarm(
            result=result, useful=useful, reason=reason, note=note, organization=office, actor=officer, is_demo=True
        )
    return len(mine)


def _document(officer: User, office: Organization) -> int:
    place = Area.objects.filter(code="R48310").first()
    if place is None or Incident.objects.filter(is_demo=True).exists():
        return 0
    services.document_incident(
        area=place, kind=EventKind.CLOSURE, occurred_on=date(2024, 9, 2), title="협력업체 한 곳 폐업(예시)",
        source="예시 자료", workers=85, organization=office, actor=officer, is_demo=True,
    )  # fmt: skip
    return 1
