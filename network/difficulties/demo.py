"""Demo: four invented cases of 경상남도's invented firms, every one marked 예시. Loading twice changes nothing.

The story: one firm is helped by the office, the crisis centre and the technopark, with an action that is done, one
under way and a hand-over offered; one is confidential; one waits for its first action; one ended well and is followed.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from companies.models import Company
from network.difficulties import services
from network.difficulties.loaders import load_difficulty_kinds
from network.difficulties.models import Case, DifficultyKind
from network.difficulties.services.common import officers_of
from portal.directory.enums import Capability
from portal.directory.models import Organization, User
from portal.directory.scope import scope_of

PEOPLE = {"office": "gyeongnam", "centre": "cc-gyeongnam", "park": "tp-gyeongnam"}


def _body(user: User) -> Organization:
    managed = scope_of(user).within(Capability.MANAGE_DIFFICULTIES).organization_ids
    return Organization.objects.filter(pk__in=managed).order_by("pk")[0]


def _opened(company: Company, people: dict[str, User], who: str, summary: str, *kinds: str, **facts: object) -> Case:
    scope = scope_of(people[who]).within(Capability.MANAGE_DIFFICULTIES)
    given = {
        "source": "SURVEY", "source_note": "예시", "severity": "HIGH", "jobs_at_stake": 35, "confidential": False, **facts,
    }  # fmt: skip
    return services.open_case(
        workplace=company.workplaces.filter(scope.regions("region"))[0], summary=f"{summary}(예시)",
        kinds=list(DifficultyKind.objects.filter(code__in=kinds)), actor=people[who], is_demo=True, **given,  # type: ignore[arg-type]
    )  # fmt: skip


@transaction.atomic
def load_difficulties_demo() -> int:
    """Returns how many cases were made: four, or none when they are there, or accounts or firms are missing."""
    load_difficulty_kinds()
    found = {key: User.objects.filter(login_id=login, is_demo=True).first() for key, login in PEOPLE.items()}
    people = {key: user for key, user in found.items() if user is not None}
    if Case.objects.filter(is_demo=True).exists() or len(people) < len(PEOPLE):
        return 0
    here = scope_of(people["office"]).within(Capability.MANAGE_DIFFICULTIES)
    firms = Company.objects.filter(is_demo=True, merged_into=None, state="OPERATING")
    firms = firms.filter(here.regions("workplaces__region")).distinct().order_by("name_key", "pk")[:4]
    if len(firms) < 4:
        return 0
    _helped_by_three(firms[0], people)
    _opened(
        firms[1], people, "office", "거래 은행이 대출 회수를 검토 중", "FINANCE", confidential=True, severity="URGENT"
    )
    _opened(firms[2], people, "centre", "숙련 인력이 한꺼번에 떠남", "LABOUR", source="GRIEVANCE")
    ended = _opened(firms[3], people, "office", "수출 계약이 끊겨 매출이 반으로 줆", "EXPORT", "SALES")
    services.close_case(
        case=ended, outcome="CONVERTED", closing_note="풍력 부품으로 사업을 바꾸어 새 주문을 받음(예시)", jobs_kept=31, jobs_lost=4,
        seen=ended.version, actor=people["office"],
    )  # fmt: skip
    return 4


def _helped_by_three(company: Company, people: dict[str, User]) -> None:
    office, today = people["office"], timezone.localdate()
    case = _opened(
        company, people, "office", "원청의 물량이 줄어 자금이 마름", "ORDER_GIVER", "FINANCE", jobs_at_stake=88
    )
    for key in ("centre", "park"):
        services.name_referent(case=case, organization=_body(people[key]), user=people[key], actor=office)
    loan = services.add_action(
        case=case, kind="LOAN", title="긴급경영안정자금", due_in=5, amount=500_000_000, actor=office
    )
    services.step_action(action=loan, state="DONE", result="5억 원 융자 실행(예시)", actor=office)
    diagnosis = services.add_action(
        case=case, kind="CONVERSION", title="사업전환 진단", due_in=20, actor=people["park"]
    )
    services.step_action(action=diagnosis, state="DOING", actor=people["park"])
    services.resolve_difficulty(
        difficulty=case.difficulties.get(kind__code="FINANCE"),
        resolution="융자로 석 달 치 운전자금을 마련함(예시)",
        actor=office,
    )
    day = today - timedelta(days=1)
    services.write_note(
        case=case,
        kind="VISIT",
        held_on=day,
        text="공장 가동률이 절반으로 떨어짐. 대표는 부품 다변화를 원함(예시).",
        actor=people["centre"],
    )
    services.write_note(
        case=case,
        kind="MEMO",
        held_on=day,
        text="우리 청 안에서만: 지방청장 방문 일정을 살필 것(예시).",
        audience="OWN",
        actor=office,
    )
    body = _body(people["park"])
    if officers_of(body).exists():
        services.offer_handover(
            case=case, to_organization=body, to_user=people["park"], note="사업전환이 중심이 되어 테크노파크가 이끄는 것이 나음(예시)",
            actor=office,
        )  # fmt: skip
