"""What waits for an area, asked of every app that knows something, at a fixed price; and the demo that shows it."""

from datetime import date

import pgtrigger
import pytest
from django.urls import reverse
from django.utils import timezone

from crisis import waiting
from crisis.fieldwork.loaders import load_fieldwork
from crisis.fieldwork.models import Campaign, CampaignCluster, FieldForm
from crisis.models import Observation, Result
from crisis.services import open_floor
from crisis.sources.enums import SuspectOrigin
from crisis.sources.models import Feed, FeedReceipt, FeedSeries, SuspectValue
from crisis.sources.rules import periods
from crisis.sources.selectors import freshness
from crisis.waiting import Asked
from crisis.workbench import demo
from crisis.workbench.models import Comment, WhatIf
from crisis.workbench.services import add_comment, put_on_agenda
from portal.directory.enums import Role
from tests.factories.crisis import ClusterFactory, DesignationFactory
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory
from tests.factories.network import CouncilFactory, MeetingFactory
from tests.workbench.test_desk import copy_results

pytestmark = pytest.mark.django_db


def texts(land, *, newest=True):
    areas = {area.pk: area.code for area in land.sigungu}
    found = waiting.of_areas(Asked(land.round, list(areas), newest))
    return {areas[pk]: [wait.text for wait in waits] for pk, waits in found.items()}


def test_an_alarmed_area_waits_for_an_agenda_until_it_is_on_one(land, clerk, office):
    area = land.sigungu[2]
    add_comment(round=land.round, area=area, organization=office, text="감산", actor=clerk, for_council=True)
    assert texts(land)["G2"] == ["협의회에 알릴 의견 1건", "안건 상정"]
    assert "G3" not in texts(land)
    meeting = MeetingFactory(council=CouncilFactory(organization=office, seats=9))
    put_on_agenda(meeting=meeting, round=land.round, areas=[area], actor=clerk)
    assert "G2" not in texts(land)


def test_a_floor_alone_waits_for_an_agenda_and_for_its_end(land, clerk):
    over = DesignationFactory(area=land.sigungu[3], start=date(2019, 1, 1), end_last_known=date(2020, 12, 31))
    open_floor(
        area=land.sigungu[3], kind="OTHER_DESIGNATION", stage="CAUTION", start=date(2019, 1, 1), evidence="고시",
        designation=over, actor=clerk,
    )  # fmt: skip
    assert texts(land)["G3"] == ["지정이 끝난 하한 사유 종료", "안건 상정"]
    assert texts(land, newest=False)["G3"] == ["안건 상정"]


def test_figures_not_looked_at_and_figures_not_come(land, clerk, office):
    indicator = Observation.objects.filter(area=land.sigungu[3]).latest("pk").indicator
    feed = Feed.objects.create(
        code="exports", name_ko="수출", provider="시험 기관", owner=office, frequency="M", lag_days=31
    )
    FeedSeries.objects.create(feed=feed, indicator=indicator)
    one = Observation.objects.filter(area=land.sigungu[3], indicator=indicator).latest("period")
    SuspectValue.objects.create(
        observation=one, area=one.area, indicator=indicator, period=one.period, change=99, limit=50,
        origin=SuspectOrigin.values[0],
    )  # fmt: skip
    owed = freshness([indicator.code])[indicator.code].owed
    for back, areas in ((2, land.sigungu), (1, land.sigungu), (0, land.sigungu[:3])):
        FeedReceipt.objects.create(
            feed=feed, indicator=indicator, period=periods.after(owed, "M", -back), batch=one.batch, rows=4,
            received_at=timezone.now(), areas=[area.pk for area in areas],
        )  # fmt: skip
    assert texts(land)["G3"][:2] == ["이상값 확인 1건", f"늦은 자료: {indicator.name}"]
    assert not any(text.startswith("늦은") for text in texts(land).get("G2", []))
    assert not any(text.startswith(("늦은", "이상값")) for text in texts(land, newest=False).get("G3", []))


def survey(sido, opens_on, state, actor):
    """A field survey begun on a day, as it stands now."""
    begun = {"opened_at": timezone.now(), "opened_by": actor}
    more = {"CONFIRMED": begun | {"closed_at": timezone.now()}, "OPEN": begun, "CANCELLED": {"cancel_reason": "그만둠"}}
    load_fieldwork()
    return Campaign.objects.create(
        code=f"T{opens_on:%y%m%d}", title="경기동향", sido=sido, body=OrganizationFactory(of_region=sido), kind="AD_HOC",
        form=FieldForm.objects.first(), purpose="파악", people="기업", content="경기", opens_on=opens_on, closes_on=opens_on,
        closes_due=opens_on, state=state, **more[state],
    )  # fmt: skip


def test_a_watched_area_waits_until_its_firms_were_asked(land, clerk):
    """Asked in the round's own half-year; a survey under way is led to, one before or called off counts for nothing."""
    with pgtrigger.ignore("crisis.Result:result_never_changes"):
        Result.objects.filter(area__code="G3").update(watch=True)
    area, cluster = land.sigungu[3], ClusterFactory(region=land.sigungu[3].region)
    assert texts(land)["G3"] == ["현장조사(관찰)"]
    for opens_on, state, said in (
        (date(2024, 12, 31), "CONFIRMED", "현장조사(관찰)"),
        (date(2025, 2, 3), "CANCELLED", "현장조사(관찰)"),
        (date(2025, 3, 3), "OPEN", "현장조사 진행 중"),
        (date(2025, 4, 1), "CONFIRMED", None),
    ):
        CampaignCluster.objects.create(campaign=survey(area.region.parent, opens_on, state, clerk), cluster=cluster)
        assert texts(land).get("G3") == ([said] if said else None), state


@pytest.mark.parametrize("number", [1, 12])
def test_the_page_tells_it_at_the_same_price_for_any_number(client, land, clerk, number, django_assert_max_num_queries):
    copy_results(land, number)
    client.force_login(clerk)
    url = reverse("workbench:desk", args=["2025H1"])
    client.get(url)
    with django_assert_max_num_queries(29):  # every app that knows of waiting work asks once, surveys too
        assert "안건 상정" in client.get(url).content.decode()
    assert "안건 상정" in client.get(reverse("workbench:sheet", args=["2025H1", "G2"])).content.decode()


def test_the_demo_speaks_once_and_marks_what_it_invents(land):
    assert demo.load_workbench_demo() == 0  # nobody there to speak
    home = land.sido[1].region
    home.code = demo.SIDO
    home.save()
    for login, role in (
        ("hq", Role.HQ), ("gyeongnam", Role.OFFICE_STAFF), ("tp-gyeongnam", Role.TECHNOPARK),
        ("cc-gyeongnam", Role.CRISIS_CENTRE),
    ):  # fmt: skip
        user = UserFactory(login_id=login, is_demo=True)
        MembershipFactory(user=user, role=role, organization=OrganizationFactory(of_region=home))
    assert (demo.load_workbench_demo(), demo.load_workbench_demo()) == (5, 0)  # two areas: three remarks; two trials
    assert all(one.is_demo and one.text.startswith("예시") for one in Comment.objects.all())
    assert all("예시" in one.title and one.job is not None for one in WhatIf.objects.all())
    assert WhatIf.objects.get(title__startswith="주의").changes == [["T1", "40", "35"]]
