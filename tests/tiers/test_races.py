"""Two desks at once, on two connections: no certificate number is given twice, no firm opened twice."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction

from companies.tiers import services
from companies.tiers.enums import CaseKind
from companies.tiers.models import LeadingDesignation, TierCase
from portal.directory.models import Region, User
from portal.kernel.errors import Refusal
from tests.tiers.factories import ON, CriteriaFactory, desk, firm

pytestmark = pytest.mark.django_db(transaction=True)


class Other:
    """A call on a thread and connection of its own."""

    def __init__(self, call):
        self.value, self.error = None, None
        self.thread = threading.Thread(target=self._run, args=(call,), daemon=True)
        self.thread.start()

    def _run(self, call):
        try:
            self.value = call()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def finish(self):
        self.thread.join(20)
        assert not self.thread.is_alive(), "the other desk never came back"
        return self.value


def designate(company, region, actor):
    return services.designate(
        company=company, region=Region.objects.get(pk=region.pk), start=date(2026, 3, 1), notice="고시 제1호",
        evaluation="검증위원단", reason="수출 선도", actor=User.objects.get(pk=actor.pk),
    )  # fmt: skip


def test_two_desks_that_designate_at_once_get_two_numbers(places):
    people = desk(places.here)
    firms = [firm(places.here), firm(places.here)]
    with transaction.atomic():
        first = designate(firms[0], places.here, people.head)
        # The other desk starts while this one has its number and has not finished.
        other = Other(lambda: designate(firms[1], places.here, people.head))
        other.thread.join(1)
        assert other.thread.is_alive(), "the other desk did not wait for the number"
    second = other.finish()
    assert other.error is None
    assert (first.certificate_number, second.certificate_number) == ("2026-0001", "2026-0002")
    assert LeadingDesignation.objects.count() == 2


def test_two_desks_that_open_a_case_of_one_firm_at_once_open_one(places):
    people, company = desk(places.here), firm(places.here)
    criteria = CriteriaFactory(adopted=True)

    def opened():
        return services.open_case(
            company=company, region=Region.objects.get(pk=places.here.pk), kind=CaseKind.ENTRY, criteria=criteria,
            actor=User.objects.get(pk=people.staff.pk), on=ON,
        )  # fmt: skip

    with transaction.atomic():
        opened()
        other = Other(opened)
        other.thread.join(1)
        assert other.thread.is_alive(), "the other desk did not wait for the firm"
    other.finish()
    assert isinstance(other.error, Refusal)
    assert other.error.code == "case_open"
    assert TierCase.objects.count() == 1
