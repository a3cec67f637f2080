"""Facts stated with a document, each holding for a time."""

from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from companies.models import Company
from companies.tiers.enums import NUMBER_FACTS, Fact
from companies.tiers.models import StatedFact
from portal.directory.audit import deed
from portal.directory.models import User
from portal.kernel.dates import period
from portal.kernel.errors import Refusal


@transaction.atomic
def state_fact(
    *,
    company: Company,
    code: str,
    value: bool | Decimal,
    start: date,
    end: date | None,
    document: str,
    actor: User | None,
) -> StatedFact:
    """State a fact from `start` up to, not including, `end`. One that runs until then ends the day before."""
    if isinstance(value, bool) == (code in NUMBER_FACTS):
        raise Refusal("wrong_value", _("항목에 맞는 값을 적어 주세요."), {"value": _("항목에 맞는 값을 적어 주세요.")})
    company = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    with deed("state_fact", actor=actor, reason=document) as done:
        running = StatedFact.objects.filter(company=company, code=code, effective__contains=start).first()
        if running is not None:
            if running.effective.lower is not None and running.effective.lower >= start:
                raise Refusal(
                    "same_day", _("같은 날부터 유효한 확인 사항이 이미 있습니다."), {"start": _("다른 날을 고르세요.")}
                )
            running.effective = period(running.effective.lower, start)
            running.save(update_fields=["effective", "updated_at"])
        fact = StatedFact(
            company=company,
            code=Fact(code),
            flag=value if isinstance(value, bool) else None,
            number=None if isinstance(value, bool) else value,
            effective=period(start, end),
            document=document,
            stated_by=actor,
        )
        fact.full_clean()
        fact.save()
        done.about(fact, code=code)
    return fact
