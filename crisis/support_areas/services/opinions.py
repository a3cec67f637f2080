"""Opinions asked and received, inquiries formed and heard."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from crisis.support_areas.enums import OPINIONS_OPEN
from crisis.support_areas.models import CaseFile, Inquiry, InquiryMember, Opinion, SupportCase
from crisis.support_areas.rules import MOST_MEMBERS
from crisis.support_areas.services.common import locked, needs_ministry, recorded
from portal.directory.models import User
from portal.kernel.errors import Refusal


def _open(case: SupportCase, actor: User) -> None:
    needs_ministry(actor)
    if case.state not in OPINIONS_OPEN:
        raise Refusal("not_under_review", f"‘{case.get_state_display()}’인 사건에는 의견·조사를 더할 수 없습니다.")


@transaction.atomic
def ask_opinion(
    *, case: SupportCase, purpose: str, kind: str, body_name: str, asked_on: date, due_on: date, actor: User
) -> Opinion:
    """Note that a body was asked, and by when it should answer."""
    case = locked(case)
    _open(case, actor)
    opinion = Opinion(
        case=case, purpose=purpose, kind=kind, body_name=body_name, asked_on=asked_on, due_on=due_on, recorded_by=actor
    )
    opinion.full_clean()
    with recorded("ask_support_opinion", case, actor=actor, body=body_name):
        opinion.save()
    return opinion


@transaction.atomic
def record_opinion(
    *, opinion: Opinion, received_on: date, stance: str, text: str, file: CaseFile | None = None, actor: User
) -> Opinion:
    """What the body answered. An answer on record is not overwritten: another question is asked instead."""
    case = locked(opinion.case)
    _open(case, actor)
    opinion = Opinion.objects.select_for_update(no_key=True).get(pk=opinion.pk)
    if opinion.received_on is not None:
        raise Refusal("opinion_recorded", "이미 회신이 기록되었습니다. 다시 물었다면 새 의견 요청으로 적어 주세요.")
    opinion.received_on, opinion.stance, opinion.text, opinion.file = received_on, stance, text, file
    opinion.recorded_by = actor
    opinion.full_clean()
    with recorded("record_support_opinion", case, actor=actor, body=opinion.body_name):
        opinion.save()
    return opinion


@transaction.atomic
def form_inquiry(
    *, case: SupportCase, purpose: str, formed_on: date, members: Sequence[Mapping[str, Any]], actor: User
) -> Inquiry:
    """Form the inquiry: at most ten, one head among the outside experts. `members`: name, affiliation, kind, is_head."""
    case = locked(case)
    _open(case, actor)
    if not members:
        raise Refusal("inquiry_empty", "조사단원을 한 사람 이상 적어 주세요.")
    if len(members) > MOST_MEMBERS:
        raise Refusal(
            "inquiry_too_large", f"조사단은 단장을 포함해 {MOST_MEMBERS}명 이내입니다(지금 {len(members)}명)."
        )
    if sum(bool(one["is_head"]) for one in members) != 1:
        raise Refusal("inquiry_head", "단장을 한 사람 정해 주세요.")
    inquiry = Inquiry(case=case, purpose=purpose, formed_on=formed_on, recorded_by=actor)
    inquiry.full_clean()
    with recorded("form_support_inquiry", case, actor=actor, members=len(members)):
        inquiry.save()
        for seat, facts in enumerate(members, start=1):
            member = InquiryMember(inquiry=inquiry, seat=seat, **facts)
            member.full_clean()
            member.save()
    return inquiry


@transaction.atomic
def record_findings(*, inquiry: Inquiry, reported_on: date, findings: str, actor: User) -> Inquiry:
    """What the inquiry found. Once."""
    case = locked(inquiry.case)
    _open(case, actor)
    inquiry = Inquiry.objects.select_for_update(no_key=True).get(pk=inquiry.pk)
    if inquiry.reported_on is not None:
        raise Refusal("inquiry_reported", "이미 결과가 기록되었습니다.")
    inquiry.reported_on, inquiry.findings = reported_on, findings
    inquiry.full_clean()
    with recorded("record_support_findings", case, actor=actor):
        inquiry.save()
    return inquiry
