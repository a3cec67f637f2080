"""Signing in and out, the lock, temporary passwords, one's own account."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from portal.directory.enums import Role
from portal.directory.models import Event
from portal.directory.services import reset_password
from tests.factories.directory import MembershipFactory, UserFactory, person

pytestmark = pytest.mark.django_db
LOGIN, ACCOUNT = "/login/", "/account/"
SECRET = "산길-Walk-2026"


@pytest.fixture
def clerk(people):
    people.clerk.set_password(SECRET)
    people.clerk.save()
    return people.clerk


def sign_in(client, user, password=SECRET, **more):
    return client.post(LOGIN, {"login_id": user.login_id, "password": password, **more})


def verbs():
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


class TestDoor:
    def test_a_person_comes_in_and_it_is_on_record_with_the_address(self, client, clerk):
        answer = sign_in(client, clerk)
        assert (answer.status_code, answer["Location"]) == (302, reverse("home"))
        event = Event.objects.get()
        assert (event.verb, event.actor, event.facts) == ("sign_in", clerk, {"address": "127.0.0.1"})
        assert event.request_id == answer["X-Request-Id"]
        assert client.get(ACCOUNT).status_code == 200

    def test_a_person_goes_out_by_post_only(self, client, clerk):
        sign_in(client, clerk)
        assert client.get("/logout/").status_code == 405
        assert client.post("/logout/")["Location"] == reverse("login")
        assert verbs() == ["sign_in", "sign_out"]
        assert client.get(ACCOUNT).status_code == 302

    def test_a_stranger_is_turned_to_the_door_and_back_again(self, client, clerk):
        turned = client.get("/regions/")
        assert turned["Location"] == "/login/?next=/regions/"
        assert 'name="next" value="/regions/"' in client.get(turned["Location"]).content.decode()
        assert sign_in(client, clerk, next="/regions/")["Location"] == "/regions/"

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)"])
    def test_nobody_is_sent_outside(self, client, clerk, elsewhere):
        assert sign_in(client, clerk, next=elsewhere)["Location"] == reverse("home")

    def test_whoever_is_in_already_is_sent_on(self, client, clerk):
        client.force_login(clerk)
        assert client.get(LOGIN, {"next": "/regions/"})["Location"] == "/regions/"

    def test_a_wrong_password_an_unknown_and_a_closed_account_are_told_alike(self, client, clerk):
        closed = UserFactory(is_active=False)
        closed.set_password(SECRET)
        closed.save()
        words = "아이디나 비밀번호가 맞지 않습니다. 4번 더 틀리면 잠깁니다."
        assert words in sign_in(client, clerk, "wrong").content.decode()
        assert words in sign_in(client, closed).content.decode()
        assert words in client.post(LOGIN, {"login_id": "no-such", "password": "x"}).content.decode()
        assert verbs() == ["sign_in_failed", "sign_in_failed"]

    def test_the_typed_password_never_comes_back(self, client, clerk):
        assert "my-wrong-one" not in sign_in(client, clerk, "my-wrong-one").content.decode()
        assert "my-wrong-one" not in str(list(Event.objects.values_list("facts", "reason", "subject_label")))


class TestLock:
    def test_after_five_failures_even_the_right_password_is_refused(self, client, clerk, settings):
        for _ in range(settings.LOGIN_FAILURE_LIMIT):
            sign_in(client, clerk, "wrong")
        assert verbs() == ["sign_in_failed"] * 4 + ["sign_in_locked"]
        answer = sign_in(client, clerk)
        assert "10분 동안 로그인할 수 없습니다" in answer.content.decode()
        assert client.get(ACCOUNT).status_code == 302
        assert len(verbs()) == 5  # no more rows for whoever goes on

    def test_the_lock_opens_by_itself(self, client, clerk, settings):
        settings.LOGIN_LOCK_SECONDS = 1
        for _ in range(settings.LOGIN_FAILURE_LIMIT):
            sign_in(client, clerk, "wrong")
        cache.clear()  # what the time does
        assert sign_in(client, clerk).status_code == 302

    def test_coming_in_forgets_the_failures_before(self, client, clerk, settings):
        for _ in range(settings.LOGIN_FAILURE_LIMIT - 1):
            sign_in(client, clerk, "wrong")
        sign_in(client, clerk)
        client.post("/logout/")
        sign_in(client, clerk, "wrong")
        assert sign_in(client, clerk).status_code == 302

    def test_the_lock_is_of_one_account_whatever_its_spelling(self, client, clerk, people, settings):
        people.other.set_password(SECRET)
        people.other.save()
        for _ in range(settings.LOGIN_FAILURE_LIMIT):
            client.post(LOGIN, {"login_id": clerk.login_id.upper() + " ", "password": "wrong"})
        assert sign_in(client, clerk).status_code == 200
        assert sign_in(client, people.other).status_code == 302

    def test_an_address_that_tries_account_after_account_is_shut_out(self, client, clerk, settings):
        settings.LOGIN_FAILURE_LIMIT = 2
        for number in range(20):
            client.post(LOGIN, {"login_id": f"nobody-{number}", "password": "x"})
        assert "로그인할 수 없습니다" in sign_in(client, clerk).content.decode()
        elsewhere = client.post(LOGIN, {"login_id": clerk.login_id, "password": SECRET}, REMOTE_ADDR="10.0.0.9")
        assert elsewhere.status_code == 302

    def test_an_invented_forwarding_header_gives_no_new_address(self, client, clerk, settings):
        settings.PORTAL_PROXY_HOPS = 1
        sign_in_from = {"HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.7"}
        client.post(LOGIN, {"login_id": clerk.login_id, "password": SECRET}, **sign_in_from)
        assert Event.objects.get().facts == {"address": "203.0.113.7"}


class TestTemporaryPassword:
    def test_it_leads_only_to_a_password_of_ones_own(self, client, clerk, people):
        temporary = reset_password(user=clerk, actor=people.administrator, reason="분실")
        page = sign_in(client, clerk, temporary)
        assert "새 비밀번호 정하기" in page.content.decode()
        assert client.get(ACCOUNT).status_code == 302
        chosen = {"new_password": "들꽃-Meadow-77", "again": "들꽃-Meadow-77"}
        assert sign_in(client, clerk, temporary, new_password="1234", again="1234").status_code == 200
        assert sign_in(client, clerk, "wrong", **chosen).status_code == 200
        assert sign_in(client, clerk, temporary, new_password=temporary, again=temporary).status_code == 200
        clerk.refresh_from_db()
        assert clerk.must_change_password
        assert sign_in(client, clerk, temporary, **chosen).status_code == 302
        clerk.refresh_from_db()
        assert (clerk.must_change_password, clerk.check_password("들꽃-Meadow-77")) == (False, True)

    def test_a_forced_choice_is_no_way_around_the_lock(self, client, clerk, settings):
        for _ in range(settings.LOGIN_FAILURE_LIMIT):
            sign_in(client, clerk, "wrong", new_password="들꽃-Meadow-77", again="들꽃-Meadow-77")
        assert sign_in(client, clerk).status_code == 200
        assert verbs()[-1] == "sign_in_locked"


class TestDemo:
    def test_the_demo_lists_its_people_and_one_press_lets_them_in(self, client, settings, places):
        demo = person(role=Role.OFFICE_HEAD, organization=places.office)
        machine = person(role=Role.API_CLIENT, organization=places.office)
        for user in (demo, machine):
            user.is_demo = True
            user.set_password(settings.PORTAL_DEMO_PASSWORD)
            user.save()
        page = client.get(LOGIN).content.decode()
        assert settings.PORTAL_DEMO_PASSWORD in page
        assert f'value="{demo.login_id}"' in page
        assert f'value="{machine.login_id}"' not in page
        assert sign_in(client, demo, settings.PORTAL_DEMO_PASSWORD).status_code == 302

    def test_elsewhere_it_lists_nobody(self, client, settings, places):
        settings.PORTAL_DEMO = False
        user = person(organization=places.office)
        user.is_demo = True
        user.save()
        page = client.get(LOGIN).content.decode()
        assert user.login_id not in page
        assert settings.PORTAL_DEMO_PASSWORD not in page

    @pytest.mark.parametrize("rows", [1, 5])
    def test_the_door_costs_the_same_for_any_number_of_people(self, client, rows, places, django_assert_num_queries):
        for _ in range(rows):
            user = person(organization=places.office)
            user.is_demo = True
            user.save()
        with django_assert_num_queries(2):  # people, their memberships with bodies
            assert client.get(LOGIN).status_code == 200


class TestAccount:
    def test_it_says_where_one_works_and_what_one_may_do_where(self, text, people, places):
        page = text(people.clerk, ACCOUNT)
        assert places.office.name_ko in page
        assert "지방청 담당자" in page
        assert "가남도" in page
        assert "나북도" not in page
        assert "협의회 결정 확정" not in page
        assert "전국" in text(people.ministry, ACCOUNT)
        assert "소속이 없습니다" in text(people.nobody, ACCOUNT)
        text(None, ACCOUNT, status=302)

    def test_a_password_is_changed_with_the_one_in_use(self, client, clerk):
        client.force_login(clerk)
        chosen = {"new_password": "들꽃-Meadow-77", "again": "들꽃-Meadow-77"}
        assert "지금 비밀번호가 맞지 않습니다" in client.post(ACCOUNT, {"password": "x", **chosen}).content.decode()
        differ = client.post(ACCOUNT, {"password": SECRET, **chosen, "again": "다른-Meadow-77"}).content.decode()
        assert "서로 다릅니다" in differ
        assert client.post(ACCOUNT, {"password": SECRET, **chosen}).status_code == 302
        assert client.get(ACCOUNT).status_code == 200  # this session stays
        clerk.refresh_from_db()
        assert clerk.check_password("들꽃-Meadow-77")
        assert verbs() == ["change_password"]

    @pytest.mark.parametrize("rows", [1, 5])
    def test_it_costs_the_same_for_any_number_of_memberships(self, client, people, rows, django_assert_num_queries):
        for _ in range(rows):
            MembershipFactory(user=people.clerk)
        client.force_login(people.clerk)
        client.get(ACCOUNT)  # the waiting-work count is kept for half a minute
        with django_assert_num_queries(5):  # session, user, scope, memberships, regions
            client.get(ACCOUNT)
