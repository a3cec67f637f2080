"""What never changes is guarded by what would change, not by which columns a statement names."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, transaction
from django.utils import timezone

from companies.tiers import services
from companies.tiers.enums import Tier
from portal.kernel.dates import period
from tests.tiers.factories import ON, CaseFactory, CriteriaFactory, firm, holds

pytestmark = pytest.mark.django_db


def refused(row):
    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        row.save()


def test_an_adopted_set_is_saved_whole_as_long_as_its_content_stays(people):
    criteria = CriteriaFactory(adopted=True)
    criteria.note, criteria.effective = "비고", period(date(2020, 1, 1), date(2027, 1, 1))
    criteria.save()
    for name, value in (
        ("term_years", 3),
        ("industry_codes", ["26"]),
        ("body", {"all": []}),
        ("document", "다른 문서"),
    ):
        changed = type(criteria).objects.get(pk=criteria.pk)
        setattr(changed, name, value)
        refused(changed)


def test_a_set_is_retired_by_its_service_and_then_stays(people):
    criteria = CriteriaFactory(adopted=True)
    done = services.retire_criteria(criteria=criteria, end=date(2026, 9, 1), reason="개편", actor=people.ministry)
    done.refresh_from_db()
    assert (done.state, done.effective.upper) == ("RETIRED", date(2026, 9, 1))
    done.save()
    done.tier = Tier.LEADING
    refused(done)


def test_a_decided_case_is_saved_whole_as_long_as_its_decision_stays():
    case = CaseFactory(approved=True)
    case.request_text = "오기 정정"
    case.save()
    case.decision_text = "다른 사유"
    refused(case)


def test_a_period_is_saved_whole_as_long_as_it_stays_and_superseded_once(places):
    row = holds(firm(places.here), places.here, Tier.POTENTIAL, ON)
    row.save()
    row.superseded_at, row.superseded_by = timezone.now(), row.case
    row.save()
    row.save()
    row.superseded_at += timedelta(seconds=1)
    refused(row)
