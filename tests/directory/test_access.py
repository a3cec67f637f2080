"""Managing access: accounts, memberships, keys."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from portal.directory.authentication import digest_of
from portal.directory.enums import Role
from portal.directory.models import ClientToken, Event, Membership, User
from portal.directory.services import end_membership, issue_client_token, set_active
from portal.kernel.errors import Refusal
from tests.factories.directory import MembershipFactory, OrganizationFactory, UserFactory, person

pytestmark = pytest.mark.django_db
ACCESS = "/access/"


@pytest.fixture
def desk(client, people):
    client.force_login(people.administrator)
    return client


def url(name, *args):
    return reverse(f"access_{name}", args=args)


def last_event():
    return Event.objects.order_by("-pk").values_list("verb", "reason").first()


class TestWho:
    def test_only_an_administrator_comes_in(self, text, people):
        assert people.clerk.login_id in text(people.administrator, ACCESS)
        for somebody in (people.clerk, people.other, people.ministry, people.nobody):
            text(somebody, ACCESS, status=403)
        text(None, ACCESS, status=302)

    def test_none_of_the_forms_opens_for_anyone_else(self, client, people):
        token, _key = issue_client_token(user=people.machine, name="시험", expires_at=None, actor=None)
        targets = [
            url("user", people.clerk.login_id), url("user_new"), url("membership_new", people.clerk.login_id),
            url("password", people.clerk.login_id), url("state", people.clerk.login_id),
            url("token_issue", people.machine.login_id), url("token_revoke", token.pk),
            url("membership_end", people.clerk.memberships.get().pk),
        ]  # fmt: skip
        for somebody in (people.ministry, people.clerk, people.nobody):
            client.force_login(somebody)
            for each in targets:
                assert client.get(each).status_code == 403
                assert client.post(each, {"reason": "x"}).status_code == 403

    def test_people_are_found_by_name_body_role_and_state(self, text, people, places):
        closed = UserFactory(name="닫힌이", is_active=False)
        page = text(people.administrator, ACCESS, q=places.office.name_ko)
        assert people.clerk.login_id in page
        assert people.other.login_id not in page
        assert people.machine.login_id in text(people.administrator, ACCESS, role=Role.API_CLIENT)
        assert closed.name in text(people.administrator, ACCESS, is_active="false")
        assert people.clerk.login_id not in text(people.administrator, ACCESS, is_active="false")

    @pytest.mark.parametrize("rows", [1, 8])
    def test_the_list_costs_the_same_for_any_number_of_people(self, desk, places, rows, django_assert_num_queries):
        for _ in range(rows):
            person(organization=places.office)
        desk.get(ACCESS)
        with django_assert_num_queries(6):  # session, user, scope, count, people, memberships
            desk.get(ACCESS)

    @pytest.mark.parametrize("rows", [1, 6])
    def test_an_account_costs_the_same_however_much_it_has(self, desk, people, rows, django_assert_num_queries):
        for number in range(rows):
            MembershipFactory(user=people.machine)
            issue_client_token(user=people.machine, name=f"키 {number}", expires_at=None, actor=None)
        page = url("user", people.machine.login_id)
        desk.get(page)
        with django_assert_num_queries(8):  # session, user, scope, account, memberships, role, keys, deeds
            desk.get(page)


class TestAccounts:
    def facts(self, places, **changes):
        return {
            "login_id": "new-clerk", "name": "새사람", "email": "", "organization": places.office.pk,
            "role": Role.OFFICE_STAFF, "start": timezone.localdate().isoformat(), "last_day": "", "reason": "인사발령",
            **changes,
        }  # fmt: skip

    def test_a_new_account_gets_a_temporary_password_shown_once(self, desk, client, places):
        answer = desk.post(url("user_new"), self.facts(places))
        user = User.objects.get(login_id="new-clerk")
        password = answer.content.decode().split('<code id="secret">')[1].split("</code>")[0]
        assert user.check_password(password)
        assert user.must_change_password
        assert "no-store" in answer["Cache-Control"]
        assert password not in desk.get(url("user", "new-clerk")).content.decode()
        assert password not in str(list(Event.objects.values()))
        assert Membership.objects.current().get(user=user).role == Role.OFFICE_STAFF
        assert set(Event.objects.values_list("verb", "reason")) == {
            ("add_user", "인사발령"), ("grant_membership", "인사발령"),
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"login_id": "Ab"}, "영문 소문자"),
            ({"reason": ""}, "필수"),
            ({"last_day": "2000-01-01"}, "시작일보다 앞섭니다"),
            ({"role": "KING"}, "KING"),
        ],
    )
    def test_a_faulty_form_makes_nothing(self, desk, places, changes, words):
        answer = desk.post(url("user_new"), self.facts(places, **changes))
        assert words in answer.content.decode()
        assert not User.objects.filter(name="새사람").exists()

    def test_a_login_id_is_given_once(self, desk, people, places):
        answer = desk.post(url("user_new"), self.facts(places, login_id=people.clerk.login_id))
        assert "영문 소문자" in answer.content.decode() or "이미 쓰는 아이디" in answer.content.decode()
        assert User.objects.filter(login_id=people.clerk.login_id).count() == 1

    def test_a_lost_password_is_replaced_and_open_sessions_end(self, desk, client, people, django_user_model):
        from django.test import Client

        elsewhere = Client()
        elsewhere.force_login(people.clerk)
        assert elsewhere.get("/account/").status_code == 200
        answer = desk.post(url("password", people.clerk.login_id), {"reason": "분실"})
        password = answer.content.decode().split('<code id="secret">')[1].split("</code>")[0]
        people.clerk.refresh_from_db()
        assert people.clerk.check_password(password)
        assert elsewhere.get("/account/").status_code == 302
        assert last_event() == ("reset_password", "분실")

    def test_a_closed_account_is_shut_and_its_key_with_it(self, desk, people, client):
        from django.test import Client

        _token, key = issue_client_token(user=people.machine, name="시험", expires_at=None, actor=None)
        machine = Client(headers={"Authorization": f"Token {key}"})
        assert machine.get("/api/v1/areas/").status_code == 200
        desk.post(url("state", people.machine.login_id), {"reason": "연계 중단"})
        assert last_event() == ("close_account", "연계 중단")
        assert machine.get("/api/v1/areas/").status_code == 401
        desk.post(url("state", people.machine.login_id), {"reason": "재개"})
        assert last_event() == ("open_account", "재개")
        assert machine.get("/api/v1/areas/").status_code == 200


class TestMemberships:
    def test_a_membership_is_given_and_ended_with_reasons(self, desk, people, places):
        facts = {
            "organization": places.other_office.pk, "role": Role.OFFICE_HEAD, "last_day": "2099-12-31",
            "start": timezone.localdate().isoformat(), "reason": "겸임",
        }  # fmt: skip
        assert desk.post(url("membership_new", people.clerk.login_id), facts).status_code == 302
        given = Membership.objects.get(user=people.clerk, role=Role.OFFICE_HEAD)
        assert str(given.effective.upper) == "2100-01-01"
        today = timezone.localdate()
        page = url("membership_end", given.pk)
        refused = desk.post(page, {"last_day": (today - timedelta(days=1)).isoformat(), "reason": "x"})
        assert "시작일 뒤여야 합니다" in refused.content.decode()
        assert desk.post(page, {"last_day": today.isoformat(), "reason": "겸임 끝"}).status_code == 302
        given.refresh_from_db()
        assert given.effective.upper == today + timedelta(days=1)
        assert last_event() == ("end_membership", "겸임 끝")
        again = desk.post(page, {"last_day": today.isoformat(), "reason": "x"}).content.decode()
        assert "이미 그날이나 그 전에 끝나는 소속입니다" in again

    def test_the_same_membership_twice_at_once_is_told_in_words(self, desk, people, places):
        facts = {
            "organization": places.office.pk, "role": Role.OFFICE_STAFF, "last_day": "",
            "start": timezone.localdate().isoformat(), "reason": "중복",
        }  # fmt: skip
        answer = desk.post(url("membership_new", people.clerk.login_id), facts)
        assert "소속 기간이 겹칩니다" in answer.content.decode()

    def test_nobody_gives_themselves_a_role_or_takes_their_own(self, desk, people, places):
        me = people.administrator
        facts = {
            "organization": places.office.pk, "role": Role.HQ, "last_day": "",
            "start": timezone.localdate().isoformat(), "reason": "내게",
        }  # fmt: skip
        assert (
            "자기 자신에게 역할을 줄 수 없습니다"
            in desk.post(url("membership_new", me.login_id), facts).content.decode()
        )
        own = me.memberships.get()
        end = desk.post(url("membership_end", own.pk), {"last_day": "2099-01-01", "reason": "x"}).content.decode()
        assert "자기 소속은 스스로 끝낼 수 없습니다" in end
        assert "자기 계정은" in desk.post(url("state", me.login_id), {"reason": "x"}).content.decode()
        assert "내 정보에서" in desk.post(url("password", me.login_id), {"reason": "x"}).content.decode()

    def test_the_last_administrator_stays(self, people):
        """Two administrators may not put each other out: whoever comes second is refused."""
        first, second = people.administrator, person(role=Role.ADMINISTRATOR)
        set_active(user=second, active=False, actor=first, reason="퇴직")
        with pytest.raises(Refusal, match="한 명도 남지 않게"):
            set_active(user=first, active=False, actor=second, reason="퇴직")
        yesterday = timezone.localdate() - timedelta(days=1)
        with pytest.raises(Refusal, match="한 명도 남지 않게"):
            end_membership(membership=first.memberships.get(), last_day=yesterday, actor=second, reason="퇴직")
        first.refresh_from_db()
        assert first.is_active


class TestKeys:
    def issue(self, desk, user, **changes):
        facts = {"name": "거제시 지표 연계", "last_day": "2099-12-31", **changes}
        return desk.post(url("token_issue", user.login_id), facts)

    def test_a_key_is_shown_once_and_kept_only_as_its_digest(self, desk, people):
        answer = self.issue(desk, people.machine).content.decode()
        key = answer.split('<code id="secret">')[1].split("</code>")[0]
        token = ClientToken.objects.get()
        assert token.digest == digest_of(key)
        assert key.startswith(token.prefix)
        later = desk.get(url("user", people.machine.login_id)).content.decode()
        assert (key in later, token.prefix in later) == (False, True)
        assert key not in str(list(Event.objects.values()))

    def test_people_get_no_keys_and_no_key_is_born_expired(self, desk, people):
        assert "연계 시스템 계정에만" in self.issue(desk, people.clerk).content.decode()
        assert "이미 지난 날" in self.issue(desk, people.machine, last_day="2020-01-01").content.decode()
        assert not ClientToken.objects.exists()

    def test_a_key_is_revoked_with_a_reason(self, desk, people):
        token, _key = issue_client_token(user=people.machine, name="시험", expires_at=None, actor=None)
        page = url("token_revoke", token.pk)
        assert desk.post(page, {"reason": ""}).status_code == 200
        assert desk.post(page, {"reason": "유출 의심"}).status_code == 302
        assert not ClientToken.objects.usable().exists()
        assert last_event() == ("revoke_client_token", "유출 의심")
        assert "이미 폐기된" in desk.post(page, {"reason": "다시"}).content.decode()


class TestCommand:
    def test_a_key_is_printed_once(self, people, capsys):
        call_command("issue_token", people.machine.login_id, name="시험 연계", days=30)
        key = capsys.readouterr().out.strip()
        token = ClientToken.objects.get(digest=digest_of(key))
        assert token.name == "시험 연계"
        assert token.expires_at - timezone.now() < timedelta(days=31)

    def test_it_says_what_is_wrong(self, people):
        with pytest.raises(CommandError, match="계정이 없습니다"):
            call_command("issue_token", "nobody-here", name="x")
        with pytest.raises(CommandError, match="소속이 없는"):
            call_command("issue_token", people.nobody.login_id, name="x")
        with pytest.raises(CommandError, match="1 이상"):
            call_command("issue_token", people.machine.login_id, name="x", days=0)


def test_a_clerk_with_two_offices_reads_like_one(text, people, places):
    MembershipFactory(user=people.clerk, organization=OrganizationFactory(name_ko="둘째청", code="A-1"))
    page = text(people.administrator, ACCESS)
    assert f"둘째청 지방청 담당자, {places.office.name_ko} 지방청 담당자" in page


def test_an_account_shows_what_was_done_with_it_its_memberships_and_keys(desk, people, places):
    issue_client_token(user=people.machine, name="시험", expires_at=None, actor=people.administrator)
    issue_client_token(user=person(role=Role.API_CLIENT), name="남의 것", expires_at=None, actor=people.ministry)
    page = desk.get(url("user", people.machine.login_id)).content.decode()
    assert page.count("인증키 발급</td>") == 1
    assert people.ministry.name not in page
