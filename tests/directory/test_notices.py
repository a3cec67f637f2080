"""People are told once, where they answer for the place, and mailed at most once."""

from datetime import date
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import IntegrityError
from django.urls import reverse

from portal.directory import services
from portal.directory.enums import Capability, Role
from portal.directory.models import Holiday, Notice, RegionSuccession
from tests.factories.directory import OrganizationFactory, RegionFactory, person

pytestmark = pytest.mark.django_db


def tell(**facts):
    return services.notify(**{"kind": "test", "key": "k", "title": "새 소식", "url": "/board/", **facts})


def reached(key="k"):
    return set(Notice.objects.filter(key=key).values_list("recipient__login_id", flat=True))


def test_those_who_hold_the_capability_for_the_region_are_told():
    sido = RegionFactory()
    city = RegionFactory(sigungu=True, parent=sido)
    head = person(role=Role.OFFICE_HEAD, region=sido)
    person(role=Role.OFFICE_STAFF, region=sido)
    person(role=Role.OFFICE_HEAD, region=RegionFactory())
    hq = person(role=Role.HQ)
    assert tell(regions=[city.pk], capability=Capability.CONFIRM_DECISIONS) == 1
    assert reached() == {head.login_id}
    assert tell(key="all", capability=Capability.MANAGE_RULE_SETS) == 1
    assert reached("all") == {hq.login_id}


def test_the_office_that_took_a_region_over_is_told():
    old, new = RegionFactory(), RegionFactory()
    RegionSuccession.objects.create(predecessor=old, successor=new, on=date(2026, 7, 1), kind="MERGED")
    head = person(role=Role.OFFICE_HEAD, region=new)
    tell(regions=[old.pk], capability=Capability.CONFIRM_DECISIONS)
    assert reached() == {head.login_id}


def test_bodies_and_people_can_be_named_and_closed_accounts_are_left_out():
    office = OrganizationFactory(of_region=RegionFactory())
    head = person(role=Role.OFFICE_HEAD, organization=office)
    clerk = person(role=Role.OFFICE_STAFF, organization=office)
    gone = person(role=Role.OFFICE_HEAD, organization=office)
    gone.is_active = False
    gone.save()
    other = person(region=RegionFactory())
    assert tell(organizations=[office], capability=Capability.CONFIRM_DECISIONS, users=[other]) == 2
    assert reached() == {head.login_id, other.login_id}
    assert tell(key="everyone", organizations=[office]) == 2
    assert reached("everyone") == {head.login_id, clerk.login_id}


def test_the_same_news_reaches_a_person_once():
    first, second = person(region=RegionFactory()), person(region=RegionFactory())
    assert tell(users=[first]) == 1
    assert tell(users=[first, second]) == 1
    assert Notice.objects.count() == 2


def test_a_notice_leads_nowhere_else():
    with pytest.raises(IntegrityError, match="notice_leads_into_the_portal"):
        Notice.objects.create(recipient=person(region=RegionFactory()), key="k", title="t", url="//evil.example/")


@pytest.fixture
def mails(settings):
    settings.PORTAL_MAILS = True


@pytest.fixture
def reader():
    someone = person(region=RegionFactory())
    someone.email = "reader@example.org"
    someone.save()
    return someone


@pytest.fixture(autouse=True)
def a_working_day(monkeypatch):
    monkeypatch.setattr("portal.directory.services.notices.timezone.localdate", lambda: date(2026, 11, 23))


def test_one_mail_tells_all_and_no_second_follows(mails, reader):
    tell(users=[reader], due=date(2026, 12, 1))
    tell(users=[reader], key="other", title="다른 소식")
    tell(users=[person(region=RegionFactory())])  # has no address
    assert services.mail_notices() == 1
    assert services.mail_notices() == 0
    (sent,) = mail.outbox
    assert sent.to == ["reader@example.org"]
    assert "새 알림 2건" in sent.subject
    assert "새 소식 (기한 2026-12-01)" in sent.body
    assert "다른 소식" in sent.body


def test_what_is_read_or_settled_is_not_mailed(mails, reader):
    tell(users=[reader])
    tell(users=[reader], key="done")
    services.mark_read(notices=Notice.objects.filter(key="k"))
    assert services.settle_notices("done") == 1
    assert services.mail_notices() == 0


def test_no_mail_on_a_holiday_nor_without_a_server(settings, reader):
    tell(users=[reader])
    assert services.mail_notices() == 0
    settings.PORTAL_MAILS = True
    Holiday.objects.create(day=date(2026, 11, 23), name_ko="시험 휴일")
    assert services.mail_notices() == 0
    assert Notice.objects.owing_mail().count() == 1


def test_a_mail_that_could_not_be_sent_is_still_owed(mails, reader, monkeypatch):
    def broken(*args, **kwargs):
        raise SMTPServerDisconnected

    tell(users=[reader])
    monkeypatch.setattr("portal.directory.services.notices.send_mail", broken)
    with pytest.raises(SMTPServerDisconnected):
        services.mail_notices()
    assert Notice.objects.owing_mail().count() == 1


@pytest.mark.parametrize("rows", [1, 8])
def test_the_page_shows_ones_own_and_costs_the_same(client, reader, rows, django_assert_max_num_queries):
    for n in range(rows):
        tell(users=[reader], key=str(n), title=f"소식 {n}")
    tell(users=[person(role=Role.HQ)], key="foreign", title="남의 소식")
    client.force_login(reader)
    client.get(reverse("notices"))
    with django_assert_max_num_queries(7):
        page = client.get(reverse("notices")).content.decode()
    assert "소식 0" in page
    assert "남의 소식" not in page


def test_following_a_notice_reads_it_and_anothers_does_not_exist(client, reader):
    tell(users=[reader])
    found = Notice.objects.get()
    client.force_login(person(role=Role.HQ))
    assert client.get(reverse("notice", args=[found.pk])).status_code == 404
    client.force_login(reader)
    assert client.get(reverse("notice", args=[found.pk])).url == "/board/"
    found.refresh_from_db()
    assert found.read_at is not None
    tell(users=[reader], key="more")
    assert "읽지 않은 알림" in client.get(reverse("home")).content.decode()
    client.post(reverse("notices"))
    assert not Notice.objects.unread().exists()


def test_nobody_sees_notices_without_signing_in(client):
    assert client.get(reverse("notices")).status_code == 302
