"""Two people at once: nothing is lost, nothing doubled, and a freeze waits for those who write."""

import threading
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import connection, connections, transaction

from crisis.enums import BatchKind
from crisis.models import Observation
from crisis.services import record_batch, undo_batch
from crisis.services.observation_checks import NewReading
from crisis.services.observations import LOCK
from portal.kernel.db import advisory_lock
from portal.kernel.errors import Refusal
from tests.factories.crisis import AreaFactory, IndicatorFactory
from tests.factories.directory import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=False)


class InThread(threading.Thread):
    """Work on a connection of its own; `finish` waits for it and hands over what it returned or raised."""

    def __init__(self, work):
        super().__init__(daemon=True)
        self.work, self.result, self.error = work, None, None
        self.start()

    def run(self):
        try:
            self.result = self.work()
        except Exception as error:
            self.error = error
        finally:
            connections.close_all()

    def finish(self):
        self.join(timeout=20)
        assert not self.is_alive(), "still waiting for a lock"
        if self.error:
            raise self.error
        return self.result


@pytest.fixture
def facts():
    areas = [AreaFactory() for _ in range(3)]
    indicator = IndicatorFactory()
    return areas, indicator


def readings(facts, value, reverse=False, **more):
    areas, indicator = facts
    rows = [
        NewReading(a.pk, indicator.pk, date(2025, 5, 1), Decimal(value), indicator.unit, "FINAL", **more) for a in areas
    ]
    return rows[::-1] if reverse else rows


def record(rows):
    return record_batch(kind=BatchKind.API, title="시험", rows=rows, actor=None)


def wait_until_blocked():
    """Until some connection waits for a lock that this one holds."""
    blocked = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return
            cursor.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waited: the lock is missing")


def test_the_second_writer_waits_and_meets_what_the_first_wrote(facts):
    with transaction.atomic():
        record(readings(facts, 1))
        second = InThread(lambda: record(readings(facts, 1, reverse=True)))
        wait_until_blocked()
    report = second.finish()
    assert (report.new, report.same) == (0, 3)
    assert Observation.objects.count() == 3


def test_the_later_word_stands_even_if_it_began_to_speak_earlier(facts):
    with transaction.atomic():
        record(readings(facts, 1))
        second = InThread(lambda: record(readings(facts, 2)))
        wait_until_blocked()
    assert second.finish().changed == 3
    assert set(Observation.objects.current().values_list("value", flat=True)) == {Decimal(2)}


def test_of_two_who_saw_the_same_value_the_second_is_told(facts):
    with transaction.atomic():
        record(readings(facts, 1, seen=0))
        second = InThread(lambda: record(readings(facts, 2, seen=0)))
        wait_until_blocked()
    with pytest.raises(Refusal, match="다른 사람이 3건"):
        second.finish()


def test_many_writers_of_the_same_areas_in_any_order_do_not_deadlock(facts):
    threads = [InThread(lambda n=n: record(readings(facts, n % 3, reverse=bool(n % 2)))) for n in range(8)]
    for thread in threads:
        thread.finish()
    rows = Observation.objects.order_by("area_id", "pk").values_list("area_id", "value")
    assert all(one != two for one, two in pairwise(rows)), "a value was written twice in a row"


def test_a_batch_is_undone_once_by_two_people(facts):
    batch, actor = record(readings(facts, 1)).batch, UserFactory()
    with transaction.atomic():
        undo_batch(batch=batch, actor=actor, reason="잘못 올림")
        second = InThread(lambda: undo_batch(batch=batch, actor=actor, reason="나도"))
        wait_until_blocked()
    with pytest.raises(Refusal, match="이미 되돌린"):
        second.finish()


def test_a_freeze_waits_for_the_writers_so_no_lower_number_appears_behind_it(facts):
    def freeze():
        with transaction.atomic():
            advisory_lock(LOCK)
            return Observation.objects.order_by("-pk").values_list("pk", flat=True).first()

    with transaction.atomic():
        record(readings(facts, 1))
        frozen = InThread(freeze)
        wait_until_blocked()
    assert frozen.finish() == Observation.objects.order_by("pk").last().pk
