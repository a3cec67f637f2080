"""Who is in charge for each body, and handing over the lead: nothing falls between."""

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from network.difficulties.enums import HandoverState
from network.difficulties.models import Case, Handover, Referent
from network.difficulties.services.common import (
    held_open,
    is_of_lead,
    lead_of,
    managed,
    needs_lead,
    now_after,
    offered,
    officers_of,
    recorded,
    refuse_no_officer,
    tell,
)
from portal.directory.models import Organization, User
from portal.directory.scope import scope_of
from portal.directory.services import settle_notices
from portal.kernel.errors import Refusal


def _current(case: Case, organization: Organization) -> Referent | None:
    return Referent.objects.current().filter(case=case, organization=organization).first()


def _end(row: Referent) -> None:
    row.effective = DateTimeTZRange(row.effective.lower, now_after(row.effective.lower))
    row.full_clean()
    row.save()


def _begin(
    case: Case, organization: Organization, user: User, *, is_lead: bool, actor: User, after: list[Referent]
) -> Referent:
    """From the moment the last of `after` ended, or now."""
    start = max([row.effective.upper for row in after] or [timezone.now()])
    row = Referent(
        case=case, organization=organization, user=user, is_lead=is_lead, named_by=actor,
        effective=DateTimeTZRange(start, None),
    )  # fmt: skip
    row.full_clean()
    row.save()
    return row


def is_away(row: Referent) -> bool:
    return Referent.objects.filter(pk=row.pk).away().exists()


@transaction.atomic
def name_referent(*, case: Case, organization: Organization, user: User, actor: User) -> Referent:
    """Put somebody in charge for a body; whoever was ends. By the leading body for any, by each body for its own.

    Naming the first of one's own body is how a body joins. The lead is not taken from somebody who is there: that is
    handed over. When the lead is away, whoever is named for its body inherits the lead.
    """
    case = held_open(case, actor)
    if organization.pk not in managed(scope_of(actor)) and not is_of_lead(case, scope_of(actor)):
        raise Refusal("not_the_lead", "다른 기관의 담당은 주담당 기관만 정할 수 있습니다.")
    refuse_no_officer(organization, user, "user")
    before = _current(case, organization)
    if before is not None and before.user_id == user.pk:
        text = f"{user.name}은(는) 이미 {organization.name_ko}의 담당입니다."
        raise Refusal("referent_already", text, fields={"user": text})
    lead = before is not None and before.is_lead
    if before is not None and lead and not is_away(before):
        raise Refusal("lead_is_there", "주담당은 바로 바꿀 수 없습니다. ‘인계 제안’으로 넘겨 주세요.")
    with recorded("name_difficulty_referent", case, actor=actor, organization=organization.code):
        if before is not None:
            _end(before)
        row = _begin(case, organization, user, is_lead=lead, actor=actor, after=[before] if before else [])
    if user != actor:
        role = "주담당" if lead else "담당"
        tell(case, f"named:{row.pk}", f"사례 {case.code}의 {role}이 되었습니다.", users=[user])
    return row


@transaction.atomic
def release_referent(*, referent: Referent, actor: User) -> Referent:
    """A body leaves the case. The lead cannot: it is handed over."""
    case = held_open(referent.case, actor)
    row = Referent.objects.select_for_update(no_key=True, of=("self",)).get(pk=referent.pk)
    if not row.is_current:
        raise Refusal("referent_ended", "이미 끝난 담당입니다.")
    if row.is_lead:
        raise Refusal("lead_stays", "주담당은 뺄 수 없습니다. 다른 사람이나 기관에 인계해 주세요.")
    scope = scope_of(actor)
    if row.organization_id not in managed(scope) and not is_of_lead(case, scope):
        raise Refusal("not_the_lead", "다른 기관의 담당은 주담당 기관만 뺄 수 있습니다.")
    if case.actions.unfinished().filter(organization=row.organization_id).exists():
        raise Refusal("actions_left", "이 기관이 마치지 않은 조치가 있습니다. 마치거나 중단한 다음 빼 주세요.")
    with recorded("release_difficulty_referent", case, actor=actor):
        _end(row)
    return row


@transaction.atomic
def offer_handover(
    *, case: Case, to_organization: Organization, to_user: User | None, note: str, actor: User
) -> Handover:
    """Offer the lead to a person, or to a body whose officers may each accept. The lead stays until it is accepted."""
    case = held_open(case, actor)
    needs_lead(case, actor)
    lead = lead_of(case)
    if offered(case) is not None:
        raise Refusal("handover_offered", "답을 기다리는 인계가 이미 있습니다. 거두어들인 다음 다시 제안해 주세요.")
    faults: dict[str, str] = {}
    if to_user is None and case.confidential:
        faults["to_user"] = "비공개 사례는 받을 사람을 정해야 합니다."
    elif to_user is None and to_organization == lead.organization:
        faults["to_user"] = "같은 기관 안에서 넘기려면 받을 사람을 정해 주세요."
    elif to_user is None and not officers_of(to_organization).exists():
        faults["to_organization"] = f"{to_organization.name_ko}에는 사례를 맡을 수 있는 사람이 없습니다."
    elif to_user is not None and to_user == lead.user and to_organization == lead.organization:
        faults["to_user"] = "이미 주담당입니다."
    if faults:
        raise Refusal("handover_to_nobody", " ".join(faults.values()), fields=faults)
    if to_user is not None:
        refuse_no_officer(to_organization, to_user, "to_user")
    offer = Handover(
        case=case, from_referent=lead, to_organization=to_organization, to_user=to_user, note=note, offered_by=actor
    )
    offer.full_clean()
    with recorded("offer_difficulty_handover", case, actor=actor, organization=to_organization.code):
        offer.save()
    people = [to_user] if to_user is not None else list(officers_of(to_organization))
    title = f"사례 {case.code}의 주담당을 맡아 달라는 제안이 왔습니다. 받을지 답해 주세요."
    tell(case, f"offer:{offer.pk}", title, users=people)
    return offer


def _answered(handover: Handover, state: str, note: str, actor: User) -> tuple[Case, Handover]:
    case = held_open(handover.case, actor)
    offer = Handover.objects.select_for_update(no_key=True, of=("self",)).get(pk=handover.pk)
    if offer.state != HandoverState.OFFERED:
        raise Refusal("handover_answered", f"이미 ‘{offer.get_state_display()}’(으)로 끝난 인계입니다.")
    offer.state, offer.answer_note, offer.answered_by, offer.answered_at = state, note, actor, timezone.now()
    return case, offer


def may_answer(offer: Handover, user_id: int | None) -> bool:
    """The person it was offered to; any officer of the body when no person was named."""
    if offer.to_user_id is not None and offer.to_user_id != user_id:
        return False
    return officers_of(offer.to_organization_id).filter(pk=user_id).exists()


def _refuse_other(offer: Handover, actor: User) -> None:
    if not may_answer(offer, actor.pk):
        raise Refusal("not_the_addressee", "인계를 제안받은 사람만 답할 수 있습니다.")


@transaction.atomic
def accept_handover(*, handover: Handover, note: str = "", actor: User) -> Handover:
    """The actor leads from this moment. The body that led stays on the case, its person in charge for it as before."""
    case, offer = _answered(handover, HandoverState.ACCEPTED, note, actor)
    _refuse_other(offer, actor)
    old = lead_of(case)
    body = Organization.objects.get(pk=offer.to_organization_id)
    with recorded("accept_difficulty_handover", case, actor=actor, organization=body.code):
        ended = [old]
        _end(old)
        if body != old.organization and (mine := _current(case, body)) is not None:
            _end(mine)
            ended.append(mine)
        _begin(case, body, actor, is_lead=True, actor=actor, after=ended)
        if body != old.organization and old.user.is_active and not is_away(old):
            _begin(case, old.organization, old.user, is_lead=False, actor=actor, after=ended)
        offer.full_clean()
        offer.save()
    settle_notices(f"difficulty:{case.code}:offer:{offer.pk}")
    told = [user for user in {old.user, offer.offered_by} if user != actor]
    tell(case, f"accepted:{offer.pk}", f"사례 {case.code}의 주담당을 {actor.name}님이 넘겨받았습니다.", users=told)
    return offer


@transaction.atomic
def decline_handover(*, handover: Handover, note: str, actor: User) -> Handover:
    """No, and why. The lead stays where it is."""
    case, offer = _answered(handover, HandoverState.DECLINED, note, actor)
    _refuse_other(offer, actor)
    offer.full_clean()
    with recorded("decline_difficulty_handover", case, actor=actor):
        offer.save()
    settle_notices(f"difficulty:{case.code}:offer:{offer.pk}")
    told = [user for user in {lead_of(case).user, offer.offered_by} if user != actor]
    tell(case, f"declined:{offer.pk}", f"사례 {case.code}의 인계가 받아들여지지 않았습니다.", users=told)
    return offer


@transaction.atomic
def withdraw_handover(*, handover: Handover, actor: User) -> Handover:
    """The leading body takes its offer back."""
    case, offer = _answered(handover, HandoverState.WITHDRAWN, "", actor)
    needs_lead(case, actor)
    with recorded("withdraw_difficulty_handover", case, actor=actor):
        offer.full_clean()
        offer.save()
    settle_notices(f"difficulty:{case.code}:offer:{offer.pk}")
    return offer
