"""Two invented cases, marked 예시: one designated with its reports owed, one waiting on the ministry's desk."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from companies.models import Cluster
from crisis.support_areas import rules, services
from crisis.support_areas.enums import CASE_WORDS, Ground, Initiative, OpinionKind, Purpose, Stance
from crisis.support_areas.loaders import load_support_areas
from crisis.support_areas.models import SupportCase
from portal.directory.models import Region, User

SIDO, WRITER, MINISTRY = ("MOIS", "48"), "sido-gyeongnam", "hq"


@transaction.atomic
def load_support_area_demo() -> int:
    """Returns how many cases were made: two, or none when they are there or the accounts are not."""
    load_support_areas()
    people = {login: User.objects.filter(login_id=login, is_demo=True).first() for login in (WRITER, MINISTRY)}
    sido = Region.objects.filter(scheme=SIDO[0], code=SIDO[1]).first()
    writer, ministry = people[WRITER], people[MINISTRY]
    if sido is None or writer is None or ministry is None or SupportCase.objects.filter(is_demo=True).exists():
        return 0
    clusters = list(Cluster.objects.filter(region__parent=sido, parent=None).order_by("code")[:2])
    if len(clusters) < 2:
        return 0
    today = timezone.localdate()
    first = _applied(sido, clusters[0], writer)
    first = services.take_up_case(case=first, seen=first.version, actor=ministry)
    for kind, body in ((OpinionKind.RESEARCH, "예시연구원"), (OpinionKind.MINISTRY, "고용노동부")):
        opinion = services.ask_opinion(
            case=first, purpose=Purpose.DESIGNATION, kind=kind, body_name=body, asked_on=today - timedelta(days=20),
            due_on=today - timedelta(days=5), actor=ministry,
        )  # fmt: skip
        services.record_opinion(
            opinion=opinion,
            received_on=today - timedelta(days=7),
            stance=Stance.AGREE,
            text="예시: 이견 없음.",
            actor=ministry,
        )
    start = date(today.year - 1, today.month, 1)
    term = services.designate(
        case=first, starts_on=start, ends_on=rules.longest_end(start, 2), decided_on=start, seen=first.version,
        support_content="예시: 정책자금 한도 우대, 제한경쟁입찰", reason="예시: 주된 산업의 생산이 크게 줄었음.", actor=ministry,
    )  # fmt: skip
    services.publish_notice(term=term, number="예시 공고 제1호", on=start, actor=ministry)
    _applied(sido, clusters[1], writer)
    return 2


def _applied(sido: Region, cluster: Cluster, writer: User) -> SupportCase:
    case = services.draft_case(
        sido=sido, name=f"{cluster.name_ko}(예시)", ground=Ground.MAIN_INDUSTRY, initiative=Initiative.APPLICATION,
        actor=writer, is_demo=True,
    )  # fmt: skip
    facts = dict.fromkeys(CASE_WORDS, "예시로 지어낸 내용입니다.")
    case = services.save_case(case=case, facts=facts, seen=case.version, actor=writer)
    case = services.set_places(case=case, regions=[], clusters=[cluster], seen=case.version, actor=writer)
    file = SimpleUploadedFile("예시 증빙.txt", f"예시 증빙: {cluster.code}".encode(), content_type="text/plain")
    services.attach_file(case=case, title="예시 증빙", file=file, actor=writer)
    return services.submit_case(case=case, seen=case.version, actor=writer)
