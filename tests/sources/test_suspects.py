"""Values that differ too much wait for an officer; the books get a newer row, never a changed one."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from crisis import services as crisis
from crisis.enums import BatchKind
from crisis.models import Observation
from crisis.sources import services
from crisis.sources.enums import SuspectState
from crisis.sources.models import SuspectValue
from crisis.sources.selectors import todo
from portal.directory.models import Event, Notice
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal
from tests.sources.conftest import current
from tests.sources.test_receipts import AUGUST, reading, record

pytestmark = pytest.mark.django_db
BEFORE = date(2024, 8, 1)


@pytest.fixture
def doubled(places, people, indicators):
    """거제's residents double within a year; 통영's do not."""
    pop = indicators["POP"]
    record(people.clerk, reading(places.geoje, pop, BEFORE, 100), reading(places.tongyeong, pop, BEFORE, 100))
    record(people.clerk, reading(places.geoje, pop, AUGUST, 210), reading(places.tongyeong, pop, AUGUST, 140))
    services.collect()
    return SuspectValue.objects.get()


def test_value_far_from_a_year_ago_waits(places, doubled):
    assert (doubled.area, doubled.period, doubled.change, doubled.limit) == (places.geoje, AUGUST, 110, 50)
    assert doubled.state == SuspectState.WAITING


def test_officers_of_the_region_are_told_and_find_a_task(people, doubled):
    assert [item.count for item in todo(scope_of(people.clerk))] == [1]
    assert [item.count for item in todo(scope_of(people.ministry))] == [1]
    assert list(todo(scope_of(people.other))) == []
    assert list(todo(scope_of(people.technopark))) == []
    told = set(Notice.objects.filter(kind="suspect_values").values_list("recipient", flat=True))
    assert told == {people.clerk.pk, people.colleague.pk}


def test_new_base_makes_the_year_after_suspect(places, people, indicators):
    pop = indicators["POP"]
    record(people.clerk, reading(places.geoje, pop, AUGUST, 210))
    services.collect()
    assert SuspectValue.objects.count() == 0
    record(people.clerk, reading(places.geoje, pop, BEFORE, 100))
    services.collect()
    assert SuspectValue.objects.get().period == AUGUST


@pytest.mark.parametrize("more", [{"verified": True, "note": "현장에서 확인"}, {}])
def test_verified_values_and_loaded_history_do_not_wait(places, people, indicators, more):
    pop = indicators["POP"]
    kind = BatchKind.FILE if more else BatchKind.REFERENCE
    record(people.ministry, reading(places.geoje, pop, BEFORE, 100), kind=kind)
    record(people.ministry, reading(places.geoje, pop, AUGUST, 210, **more), kind=kind)
    services.collect()
    assert SuspectValue.objects.count() == 0


def test_verifying_adds_the_same_value_as_a_verified_row(places, people, doubled):
    old = Observation.objects.get(pk=doubled.observation_id)
    row = services.verify_suspect(suspect=doubled, note="조선소 인력이 한꺼번에 전입", actor=people.clerk)
    assert (row.value, row.verified, row.note) == (210, True, "조선소 인력이 한꺼번에 전입")
    assert row.pk != old.pk
    old.refresh_from_db()
    assert not old.verified
    doubled.refresh_from_db()
    assert (doubled.state, doubled.decided_by) == (SuspectState.VERIFIED, people.clerk)
    services.collect()
    assert SuspectValue.objects.count() == 1
    assert Event.objects.filter(verb="verify_suspect", region=places.geoje.region).count() == 1


def test_rejecting_withdraws_the_value(places, people, doubled):
    services.reject_suspect(suspect=doubled, note="단위를 잘못 적음", actor=people.clerk)
    assert current(places.geoje, AUGUST) == {}
    withdrawn = Observation.objects.filter(area=places.geoje, period=AUGUST).order_by("-pk").first()
    assert (withdrawn.value, withdrawn.note) == (None, "이상값 반려: 단위를 잘못 적음")


def test_a_right_value_that_comes_settles_the_matter(places, people, indicators, doubled):
    record(people.clerk, reading(places.geoje, indicators["POP"], AUGUST, 121))
    services.collect()
    doubled.refresh_from_db()
    assert doubled.state == SuspectState.SUPERSEDED
    with pytest.raises(Refusal, match="이미 처리한 값"):
        services.verify_suspect(suspect=doubled, note="맞는 값입니다", actor=people.clerk)


def test_value_replaced_before_the_sweep_is_not_verified_by_an_old_page(places, people, indicators, doubled):
    record(people.colleague, reading(places.geoje, indicators["POP"], AUGUST, 121))
    with pytest.raises(Refusal) as refusal:
        services.verify_suspect(suspect=doubled, note="맞는 값입니다", actor=people.clerk)
    assert refusal.value.code == "changed_meanwhile"
    doubled.refresh_from_db()
    assert doubled.state == SuspectState.WAITING


@pytest.mark.parametrize("who", ["other", "technopark", "nobody"])
def test_only_officers_of_the_region_decide(people, doubled, who):
    with pytest.raises(Refusal) as refusal:
        services.verify_suspect(suspect=doubled, note="맞는 값입니다", actor=getattr(people, who))
    assert refusal.value.code == "out_of_scope"


@pytest.mark.parametrize("note", ["", "    ", "맞음"])
def test_decision_needs_a_note(people, doubled, note):
    with pytest.raises(Refusal) as refusal:
        services.reject_suspect(suspect=doubled, note=note, actor=people.clerk)
    assert refusal.value.code == "note_missing"


@pytest.mark.parametrize(
    "facts", [{"state": SuspectState.VERIFIED}, {"state": SuspectState.REJECTED, "note": "까닭만"}]
)
def test_decision_without_a_person_is_impossible(doubled, facts):
    with pytest.raises(IntegrityError, match="suspect_decision_has_a_person_and_a_note"), transaction.atomic():
        SuspectValue.objects.filter(pk=doubled.pk).update(**facts)


def test_undoing_the_verification_keeps_what_was_decided(places, people, doubled):
    row = services.verify_suspect(suspect=doubled, note="전입 신고로 확인", actor=people.clerk)
    crisis.undo_batch(batch=row.batch, actor=people.clerk, reason="시험")
    services.collect()
    assert current(places.geoje, AUGUST) == {"POP": Decimal(210)}
    doubled.refresh_from_db()
    assert doubled.state == SuspectState.VERIFIED
