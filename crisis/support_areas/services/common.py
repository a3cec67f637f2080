"""What every deed needs: the lock, the permission, the version its writer saw."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.urls import reverse

from crisis.support_areas.enums import NEXT_STATES, CaseState
from crisis.support_areas.models import SupportAreaRule, SupportCase
from portal.directory.audit import deed
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal


def locked(case: SupportCase) -> SupportCase:
    """The case with its row held: whoever changes anything of a case queues here."""
    return SupportCase.objects.select_for_update(no_key=True, of=("self",)).select_related("sido").get(pk=case.pk)


def needs_sido(actor: User, sido: Region) -> None:
    """Only the 시·도 itself writes its applications and reports."""
    if not scope_of(actor).within(Capability.APPLY_SUPPORT_AREAS).holds(sido.pk):
        raise Refusal("out_of_scope", "관할 시·도의 일이 아니거나 이 일을 할 권한이 없습니다.")


def needs_ministry(actor: User) -> None:
    """Only the ministry takes up, decides, extends and releases (Act §23, §24)."""
    if not scope_of(actor).can(Capability.DECIDE_SUPPORT_AREAS):
        raise Refusal("not_the_ministry", "본부 담당자만 할 수 있는 일입니다.")


def step(case: SupportCase, state: str) -> None:
    """Move on as the table of states allows, or say why not."""
    if state not in NEXT_STATES[case.state]:
        raise Refusal(
            "support_case_state",
            f"‘{case.get_state_display()}’인 사건은 ‘{CaseState(state).label}’(으)로 바꿀 수 없습니다.",
        )
    case.state = state


def keep(case: SupportCase) -> None:
    """Save under the next version."""
    case.version += 1
    case.full_clean()
    case.save()


def rule_on(day: date) -> SupportAreaRule:
    """The rule that holds on a day. Refuses when none is on record: nothing may be decided by guess."""
    rule = SupportAreaRule.objects.in_force_on(day).first()
    if rule is None:
        raise Refusal("no_rule", "이 날에 적용할 특별지원지역 규칙이 없습니다. 기준정보를 먼저 적어 주세요.")
    return rule


def case_url(case: SupportCase) -> str:
    return reverse("support_areas:case", args=[case.code])


@contextmanager
def recorded(verb: str, case: SupportCase, *, actor: User | None, reason: str = "", **facts: Any) -> Iterator[None]:
    """Do a deed on a case under its name: history carries it, the record of deeds has it."""
    with deed(verb, actor=actor, reason=reason) as done:
        yield
        done.about(case, region=case.sido, **facts)
