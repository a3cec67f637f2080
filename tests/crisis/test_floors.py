"""Floors: with evidence, for a period, never below which the proposal lies."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from crisis.enums import FloorKind, Stage
from crisis.models import Determination, Floor
from crisis.rules import council
from crisis.selectors import floors_of
from crisis.services import confirm_item, end_floor, open_floor, table_round
from network.enums import Outcome
from network.rules import Tally
from portal.directory.enums import Role
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.crisis.panels import country, evaluate
from tests.crisis.test_determinations import meeting_of, opened
from tests.factories.crisis import AreaFactory
from tests.factories.directory import RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2025, 7, 1)


@pytest.fixture
def actor():
    return UserFactory()


def floor(area, actor, **facts):
    given = {
        "kind": FloorKind.DISASTER,
        "stage": Stage.CAUTION,
        "start": DAY,
        "evidence": "2025. 7. 1. 집중호우 특별재난 선포",
    }
    return open_floor(area=area, actor=actor, **{**given, **facts})


@pytest.mark.parametrize(
    ("share", "stage"),
    [("9.99", None), ("10", "CAUTION"), ("29.99", "CAUTION"), ("30", "SEVERE"), ("100", "SEVERE")],
)
def test_the_share_lost_with_an_anchor_firm_makes_the_floor(share, stage):
    assert council.anchor_loss_stage(Decimal(share)) == stage


def test_an_anchor_loss_takes_its_stage_from_the_share(actor):
    area = AreaFactory()
    found = floor(area, actor, kind=FloorKind.ANCHOR_LOSS, share=Decimal(31), stage="CAUTION")
    assert found.stage == Stage.SEVERE
    with pytest.raises(Refusal, match="10% 이상"):
        floor(area, actor, kind=FloorKind.ANCHOR_LOSS, share=Decimal(5))
    with pytest.raises(Refusal, match="비중"):
        floor(area, actor, kind=FloorKind.ANCHOR_LOSS)


@pytest.mark.parametrize(
    ("facts", "field"),
    [({"evidence": " "}, "evidence"), ({"end": DAY}, "end"), ({"stage": ""}, "stage")],
)
def test_a_floor_without_its_facts_is_refused(actor, facts, field):
    with pytest.raises(Refusal) as refused:
        floor(AreaFactory(), actor, **facts)
    assert field in refused.value.fields


def test_floors_hold_on_their_days_the_worst_first(actor):
    area = AreaFactory()
    floor(area, actor, end=date(2025, 9, 1))
    floor(area, actor, stage=Stage.SEVERE)
    assert [f.stage for f in floors_of([area.pk], DAY)[area.pk]] == ["SEVERE", "CAUTION"]
    assert [f.stage for f in floors_of([area.pk], date(2025, 9, 1))[area.pk]] == ["SEVERE"]
    assert floors_of([area.pk], date(2025, 6, 30)) == {}


def test_a_floor_ends_with_a_reason_or_was_never_one(actor):
    area = AreaFactory()
    first, second = floor(area, actor), floor(area, actor)
    with pytest.raises(Refusal, match="사유"):
        end_floor(floor=first, on=date(2025, 8, 1), reason=" ", actor=actor)
    ended = end_floor(floor=first, on=date(2025, 8, 1), reason="복구 완료", actor=actor)
    assert (ended.effective, ended.voided) == (period(DAY, date(2025, 8, 1)), False)
    assert end_floor(floor=second, on=DAY, reason="다른 시의 일", actor=actor).voided
    assert Floor.objects.active_on(DAY).get() == first
    with pytest.raises(Refusal, match="이미 끝난"):
        end_floor(floor=first, on=date(2025, 8, 2), reason="x", actor=actor)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("floor_is_above_good", {"stage": Stage.GOOD}),
        ("floor_has_evidence", {"evidence": ""}),
        ("floor_share_for_anchor_loss_alone", {"share": Decimal(5)}),
        ("floor_share_for_anchor_loss_alone", {"kind": FloorKind.ANCHOR_LOSS}),
        ("floor_starts_on_a_day", {"effective": period(None, DAY)}),
        ("floor_ended_with_a_reason", {"voided": True}),
        ("floor_ended_by_someone_at_some_time", {"ended_at": "2025-07-21T00:00:00Z", "end_reason": "x"}),
        ("floor_file_with_its_name_and_hash", {"evidence_filename": "x.pdf"}),
    ],
)
def test_incoherent_floors_are_impossible(actor, constraint, facts):
    found = floor(AreaFactory(), actor)
    Floor.objects.filter(pk=found.pk).update(stage=Stage.SEVERE)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Floor.objects.filter(pk=found.pk).update(**facts)


class TestProposal:
    @pytest.fixture
    def land(self):
        land = country()
        evaluate(land.round)
        return land

    def tabled(self, land, actor, sido=1):
        meeting = opened(meeting_of(land.sido[sido].region), actor)
        return table_round(meeting=meeting, round=land.round, actor=actor)

    def test_it_is_the_worst_of_model_stage_and_floors_and_all_are_kept_apart(self, land, actor):
        floor(land.sigungu[3], actor)  # the model says GOOD
        floor(land.sigungu[2], actor)  # the model says SEVERE
        floor(land.sigungu[0], actor, stage=Stage.SEVERE)  # of another council
        self.tabled(land, actor)
        rows = {row.area.code: row for row in Determination.objects.select_related("area")}
        stages = {code: (row.model_stage, row.floor_stage, row.proposed_stage, row.stage) for code, row in rows.items()}
        assert stages == {
            "G2": ("SEVERE", "CAUTION", "SEVERE", "SEVERE"),
            "G3": ("GOOD", "CAUTION", "CAUTION", "CAUTION"),
        }
        assert rows["G3"].floors.get().area == land.sigungu[3]

    def test_a_floor_that_is_over_or_voided_proposes_nothing(self, land, actor):
        floor(land.sigungu[3], actor, end=date(2025, 7, 20))
        end_floor(floor=floor(land.sigungu[3], actor), on=DAY, reason="착오", actor=actor)
        self.tabled(land, actor)
        row = Determination.objects.get(area__code="G3")
        assert (row.floor_stage, row.proposed_stage) == (None, Stage.GOOD)

    def test_a_floor_entered_after_tabling_sends_the_item_back(self, land, actor):
        item = self.tabled(land, actor)
        late = floor(land.sigungu[3], actor)
        with pytest.raises(Refusal, match="하한 사유가 바뀐 지역"):
            confirm_item(item=item, tally=Tally(9, 0, 0), actor=actor)
        item.refresh_from_db()
        assert item.outcome == Outcome.PENDING
        end_floor(floor=late, on=DAY, reason="착오", actor=actor)
        assert confirm_item(item=item, tally=Tally(9, 0, 0), actor=actor).outcome == Outcome.PASSED


class TestPages:
    def test_each_of_the_four_people(self, client, actor):
        area = AreaFactory()
        found = floor(area, actor)
        pages = [reverse("crisis:floors"), reverse("crisis:floor", args=[found.public_id])]
        assert [client.get(page).status_code for page in pages] == [302, 302]
        client.force_login(UserFactory())
        assert [client.get(page).status_code for page in pages] == [403, 403]
        client.force_login(person(region=RegionFactory()))
        assert [client.get(page).status_code for page in pages] == [200, 404]
        assert area.name not in client.get(pages[0]).content.decode()
        for reader in (person(region=area.region.parent), person(role=Role.HQ)):
            client.force_login(reader)
            assert [client.get(page).status_code for page in pages] == [200, 200]
            assert area.name in client.get(pages[0]).content.decode()

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_list_costs_the_same_for_any_number(self, client, actor, rows, django_assert_max_num_queries):
        region = RegionFactory()
        for _ in range(rows):
            floor(AreaFactory(region=RegionFactory(sigungu=True, parent=region)), actor)
        client.force_login(person(region=region))
        client.get(reverse("crisis:floors"))
        with django_assert_max_num_queries(9):
            client.get(reverse("crisis:floors"))

    def test_the_office_enters_one_with_its_paper_and_ends_it(self, client, settings, tmp_path):
        settings.MEDIA_ROOT = tmp_path
        area = AreaFactory(code="R1")
        clerk = person(region=area.region.parent, role=Role.OFFICE_STAFF)
        client.force_login(clerk)
        facts = {
            "area": "R1", "kind": "ANCHOR_LOSS", "share": "12.5", "start": "2025-07-01", "evidence": "조선소 폐쇄",
            "file": ContentFile(b"%PDF-1.7 x", "근거.pdf"),
        }  # fmt: skip
        assert client.post(reverse("crisis:floor_new"), facts).status_code == 302
        found = Floor.objects.get()
        assert (found.stage, found.share, found.evidence_filename) == ("CAUTION", Decimal("12.50"), "근거.pdf")
        paper = client.get(reverse("crisis:floor_file", args=[found.public_id]))
        assert b"".join(paper.streaming_content) == b"%PDF-1.7 x"
        end = reverse("crisis:floor_end", args=[found.public_id])
        assert client.post(end, {"on": "2025-08-01"}).status_code == 422
        assert client.post(end, {"on": "2025-08-01", "reason": "재가동"}).status_code == 302
        client.force_login(person(role=Role.HQ))
        assert client.post(end, {"on": "2025-08-01", "reason": "x"}).status_code == 403

    def test_a_foreign_area_is_as_unknown_as_one_that_does_not_exist(self, client):
        AreaFactory(code="R2")
        client.force_login(person(region=RegionFactory(), role=Role.OFFICE_STAFF))
        for code in ("R2", "NOWHERE"):
            said = client.post(reverse("crisis:floor_new"), {"area": code, "kind": "OTHER", "evidence": "x"})
            assert "없거나 관할 밖의 지역" in said.content.decode()
