"""Two officers take up the same firm at once: one case, and the other is led to it."""

import pytest

from network.difficulties import services
from network.difficulties.models import Case
from network.difficulties.services import AlreadyOpen
from tests.crisis.test_races import InThread
from tests.factories.difficulties import Land

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_who_open_at_once_get_one_case(monkeypatch):
    land = Land()
    firm = land.firm()
    other = []
    named = services.cases.refuse_no_officer

    def while_the_other_opens(*args):
        """Between the look for an open case and the writing of one: the worst moment."""
        if not other:
            other.append(InThread(lambda: land.opened(firm, actor=land.official)))
            other[0].thread.join(0.7)
            assert other[0].thread.is_alive(), "the second did not wait for the first"
        return named(*args)

    monkeypatch.setattr("network.difficulties.services.cases.refuse_no_officer", while_the_other_opens)
    case = land.opened(firm)
    with pytest.raises(AlreadyOpen) as told:
        other[0].finish()
    assert (Case.objects.get(), told.value.case) == (case, case)
