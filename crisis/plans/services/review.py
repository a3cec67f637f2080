"""The regional office reviews, either sends back with words on the very field, the ministry approves."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crisis.plans.enums import MEASURE_FIELDS, PLAN_FIELDS, ObligationState, PlanState, TermCode
from crisis.plans.models import Plan, PlanComment, PlanMeasure
from crisis.plans.services.common import deadline, keep, locked, plan_url, remember, step
from crisis.plans.services.obligations import notice_key
from crisis.plans.services.reports import owe_reports
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.directory.services import notify, settle_notices
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal


def _refuse_non_reviewer(actor: User, plan: Plan) -> None:
    """The office of the region, or the ministry."""
    scope = scope_of(actor)
    if not (
        scope.within(Capability.REVIEW_PLANS).holds(plan.sido_id) or scope.within(Capability.RATE_PLANS).nationwide
    ):
        raise Refusal("out_of_scope", _("관할 지방청이나 본부 담당자만 검토할 수 있습니다."))


def _refuse_not_waiting(plan: Plan) -> None:
    if plan.state != PlanState.SUBMITTED:
        raise Refusal("plan_state", _("검토를 기다리는 계획이 아닙니다."))


@transaction.atomic
def comment_on(*, plan: Plan, measure: PlanMeasure | None, field: str, text: str, actor: User) -> PlanComment:
    """Say what is to be mended in one field of the plan, or of one of its measures. A second word replaces the first."""
    plan = locked(plan)
    _refuse_non_reviewer(actor, plan)
    _refuse_not_waiting(plan)
    if field not in (MEASURE_FIELDS if measure else PLAN_FIELDS):
        raise Refusal("field_unknown", _("의견을 달 수 없는 항목입니다."), {"field": _("항목을 고르세요.")})
    if measure is not None and measure.plan_id != plan.pk:
        raise Refusal("field_unknown", _("이 계획의 과제가 아닙니다."))
    with deed("comment_plan", actor=actor):
        comment = PlanComment.objects.filter(
            plan=plan, measure=measure, field=field, submission=plan.submissions, by=actor
        ).first() or PlanComment(plan=plan, measure=measure, field=field, submission=plan.submissions, by=actor)
        comment.text = text.strip()
        comment.full_clean()
        comment.save()
    return comment


@transaction.atomic
def uncomment(*, comment: PlanComment, actor: User) -> None:
    """Take one's own word back while the plan is being reviewed."""
    plan = locked(comment.plan)
    _refuse_not_waiting(plan)
    if comment.by_id != actor.pk or comment.submission != plan.submissions:
        raise Refusal("not_own_comment", _("자기가 이번 검토에서 적은 의견만 지울 수 있습니다."))
    with deed("comment_plan", actor=actor):
        comment.delete()


@transaction.atomic
def review_plan(*, plan: Plan, opinion: str, seen: int, actor: User) -> Plan:
    """The office's opinion: with it the plan goes on to the ministry. Refuses while something is to be mended."""
    plan = locked(plan)
    if not scope_of(actor).within(Capability.REVIEW_PLANS).holds(plan.sido_id):
        raise Refusal("out_of_scope", _("관할 지방청 담당자만 검토 의견을 낼 수 있습니다."))
    refuse_stale(plan, seen)
    _refuse_not_waiting(plan)
    _refuse_comments(plan)
    if not opinion.strip():
        raise Refusal("opinion_missing", _("검토 의견을 적어 주세요."), {"opinion": _("검토 의견을 적어 주세요.")})
    with deed("review_plan", actor=actor) as done:
        plan.reviewed_at, plan.reviewed_by, plan.review_opinion = timezone.now(), actor, opinion.strip()
        keep(plan)
        done.about(plan, region=plan.sido)
    notify(
        kind="plan_reviewed", key=f"plan-reviewed:{plan.pk}:{plan.submissions}",
        title=_("‘%(plan)s’ 승인을 기다립니다") % {"plan": plan.title}, url=plan_url(plan),
        capability=Capability.RATE_PLANS,
    )  # fmt: skip
    return plan


def _refuse_comments(plan: Plan) -> None:
    if plan.comments.filter(submission=plan.submissions).exists():
        raise Refusal("comments_open", _("보완 의견이 남아 있습니다. 돌려보내거나 의견을 지운 다음 진행해 주세요."))


@transaction.atomic
def return_plan(*, plan: Plan, comment: str, seen: int, actor: User) -> Plan:
    """Send the plan back. Needs a reason or at least one word on a field."""
    plan = locked(plan)
    _refuse_non_reviewer(actor, plan)
    refuse_stale(plan, seen)
    _refuse_not_waiting(plan)
    words = plan.comments.filter(submission=plan.submissions).count()
    said = comment.strip() or (_("보완할 항목 %(count)s개") % {"count": words} if words else "")
    if not said:
        raise Refusal(
            "reason_missing",
            _("돌려보내려면 항목에 의견을 달거나 사유를 적어 주세요."),
            {"comment": _("사유를 적거나 항목에 의견을 달아 주세요.")},
        )
    with deed("return_plan", actor=actor, reason=said) as done:
        step(plan, PlanState.RETURNED)
        plan.return_comment = said
        keep(plan)
        remember(plan, actor, said)
        done.about(plan, region=plan.sido, comments=words)
    notify(
        kind="plan_returned", key=f"plan-returned:{plan.pk}:{plan.submissions}",
        title=_("‘%(plan)s’을(를) 돌려받았습니다") % {"plan": plan.title}, url=plan_url(plan), regions=[plan.sido_id],
        capability=Capability.WRITE_PLANS,
    )  # fmt: skip
    return plan


@transaction.atomic
def approve_plan(*, plan: Plan, seen: int, actor: User) -> Plan:
    """The ministry approves a reviewed plan: its obligations are met, its quarterly reports are owed from here on."""
    plan = locked(plan)
    if not scope_of(actor).within(Capability.RATE_PLANS).nationwide:
        raise Refusal("not_allowed", _("예방계획은 본부 담당자만 승인할 수 있습니다."))
    refuse_stale(plan, seen)
    _refuse_not_waiting(plan)
    if plan.reviewed_at is None:
        raise Refusal("not_reviewed", _("지방청의 검토 의견이 있어야 승인할 수 있습니다."))
    _refuse_comments(plan)
    with deed("approve_plan", actor=actor) as done:
        step(plan, PlanState.RUNNING if plan.starts_on <= timezone.localdate() else PlanState.APPROVED)
        plan.approved_at, plan.approved_by = timezone.now(), actor
        plan.evaluation_due = deadline(TermCode.EVALUATION, plan.ends_on)
        plan.return_comment = ""
        keep(plan)
        remember(plan, actor)
        answered = list(plan.obligations.open())
        plan.obligations.open().update(state=ObligationState.MET, updated_at=timezone.now())
        settle_notices(*(notice_key(one) for one in answered))
        owe_reports(plan)
        done.about(plan, region=plan.sido, areas=len(answered))
    notify(
        kind="plan_approved", key=f"plan-approved:{plan.pk}:{plan.submissions}",
        title=_("‘%(plan)s’이(가) 승인되었습니다") % {"plan": plan.title}, url=plan_url(plan), regions=[plan.sido_id],
        capability=Capability.WRITE_PLANS,
    )  # fmt: skip
    return plan
