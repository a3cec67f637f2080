"""What outside registers say otherwise waits for somebody; nothing is overwritten."""

from datetime import date

import pytest

from companies import services
from companies.models import Company, RegistryDifference
from companies.rules.registers import tax_answers
from portal.directory.enums import Role
from portal.kernel.errors import Refusal
from tests.factories.companies import WorkplaceFactory
from tests.factories.directory import RegionFactory, person

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 1)


def answer(number, code, end=""):
    words = {"01": "계속사업자", "02": "휴업자", "03": "폐업자", "": ""}
    unknown = "국세청에 등록되지 않은 사업자등록번호입니다."
    return {
        "b_no": number, "b_stt": words[code], "b_stt_cd": code, "end_dt": end,
        "tax_type": "부가가치세 일반과세자" if code else unknown,
    }  # fmt: skip


def told(*answers):
    return list(tax_answers({"status_code": "OK", "data": list(answers)}))


@pytest.fixture
def place():
    return WorkplaceFactory()


@pytest.fixture
def officer(place):
    return person(role=Role.TECHNOPARK, region=place.region.parent)


def compare(officer, *answers, day=DAY):
    return services.compare_tax_status(answers=told(*answers), as_of=day, actor=officer)


class TestReadingAnswers:
    def test_states_and_days_are_read(self):
        one, two, three = told(answer("124-81-00998", "03", "20250831"), answer("1", "01"), answer("2", ""))
        assert (one.number, one.state, one.ended_on) == ("1248100998", "CLOSED", date(2025, 8, 31))
        assert (two.state, two.message) == ("OPERATING", "")
        assert (three.state, "등록되지 않은" in three.message) == ("", True)

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            {"data": {}},
            {"data": [{}]},
            {"data": [{"b_no": 5}]},
            {"data": [answer("1", "01") | {"b_stt_cd": "09"}]},
            "x",
            None,
        ],
    )
    def test_what_is_no_answer_is_refused_in_words(self, body):
        if body == []:
            assert list(tax_answers(body)) == []
            return
        with pytest.raises(ValueError, match="답"):
            list(tax_answers(body))


class TestComparing:
    def test_a_closed_company_is_a_difference_and_nothing_more(self, place, officer):
        done = compare(officer, answer(place.business_number, "03", "20250831"), answer("9999999999", "01"))
        assert (done.answers, done.strangers, done.found, done.known) == (2, 1, 1, 0)
        row = RegistryDifference.objects.get()
        assert (row.field, row.ours, row.theirs, row.effective_on) == ("state", "계속", "폐업", date(2025, 8, 31))
        assert Company.objects.get().state == "OPERATING"

    def test_agreement_leaves_nothing(self, place, officer):
        assert compare(officer, answer(place.business_number, "01")).found == 0

    def test_the_same_answer_twice_is_known_and_a_new_one_replaces_it(self, place, officer):
        compare(officer, answer(place.business_number, "03", "20250831"))
        assert compare(officer, answer(place.business_number, "03", "20250831")).known == 1
        assert compare(officer, answer(place.business_number, "02")).found == 1
        states = dict(RegistryDifference.objects.values_list("theirs", "state"))
        assert states == {"폐업": "OUTDATED", "휴업": "PENDING"}
        compare(officer, answer(place.business_number, "01"))
        assert not RegistryDifference.objects.pending().exists()

    def test_an_unknown_number_is_told_of_its_place(self, place, officer):
        compare(officer, answer(place.business_number, ""))
        row = RegistryDifference.objects.get()
        assert (row.field, row.workplace) == ("business_number", place)
        with pytest.raises(Refusal, match="번호를 직접"):
            services.accept_difference(difference=row, actor=officer)

    def test_profiles_are_compared_fact_by_fact(self, place, officer):
        profile = {
            "business_number": place.business_number,
            "name_ko": place.company.name_ko,
            "representative": "새예시",
            "founded_on": date(2001, 2, 3),
            "phone": "",
        }
        done = services.compare_profiles(profiles=[profile], source="DART", as_of=DAY, actor=officer)
        assert done.found == 2
        assert set(RegistryDifference.objects.values_list("field", "theirs")) == {
            ("representative", "새예시"),
            ("founded_on", "2001-02-03"),
        }


class TestDeciding:
    def test_taking_over_a_state_dates_it(self, place, officer):
        compare(officer, answer(place.business_number, "03", "20250831"))
        services.accept_difference(difference=RegistryDifference.objects.get(), actor=officer)
        company = Company.objects.get()
        assert company.state == "CLOSED"
        assert company.states.get(state="CLOSED").effective.lower == date(2025, 8, 31)
        row = RegistryDifference.objects.get()
        assert (row.state, row.decided_by) == ("ACCEPTED", officer)
        with pytest.raises(Refusal, match="받아들임"):
            services.reject_difference(difference=row, actor=officer, reason="아님")

    def test_taking_over_a_fact_changes_it_and_a_name_keeps_the_old_one(self, place, officer):
        profile = {"business_number": place.business_number, "name_ko": "새이름", "founded_on": date(2001, 2, 3)}
        services.compare_profiles(profiles=[profile], source="DART", as_of=DAY, actor=officer)
        for row in RegistryDifference.objects.pending():
            services.accept_difference(difference=row, actor=officer)
        company = Company.objects.get()
        assert (company.name_ko, company.name_key, company.founded_on) == ("새이름", "새이름", date(2001, 2, 3))
        assert company.other_names.get().kind == "FORMER"

    def test_a_declined_difference_is_not_asked_again_until_it_changes(self, place, officer):
        compare(officer, answer(place.business_number, "03", "20250831"))
        row = RegistryDifference.objects.get()
        with pytest.raises(Refusal, match="사유"):
            services.reject_difference(difference=row, actor=officer, reason="")
        services.reject_difference(difference=row, actor=officer, reason="착오로 폐업 처리됨")
        assert compare(officer, answer(place.business_number, "03", "20250831")).found == 0
        assert compare(officer, answer(place.business_number, "02")).found == 1
        assert Company.objects.get().state == "OPERATING"

    def test_our_value_having_moved_on_stops_the_take_over(self, place, officer):
        compare(officer, answer(place.business_number, "03", "20250831"))
        services.change_state(company=place.company, state="SUSPENDED", since=date(2025, 1, 1), actor=officer)
        with pytest.raises(Refusal) as refused:
            services.accept_difference(difference=RegistryDifference.objects.get(), actor=officer)
        assert refused.value.code == "difference_outdated"
        assert RegistryDifference.objects.get().state == "PENDING"

    def test_a_closed_site_closes_and_the_company_goes_on(self, place, officer):
        site = WorkplaceFactory(company=place.company, region=place.region, site=True)
        compare(officer, answer(site.business_number, "03", "20250831"))
        services.accept_difference(difference=RegistryDifference.objects.get(), actor=officer)
        site.refresh_from_db()
        assert (site.effective.upper, Company.objects.get().state) == (date(2025, 8, 31), "OPERATING")

    def test_an_officer_of_another_region_decides_nothing_here(self, place, officer):
        compare(officer, answer(place.business_number, "03", "20250831"))
        stranger = person(role=Role.TECHNOPARK, region=RegionFactory())
        row = RegistryDifference.objects.get()
        for decide in (services.accept_difference, services.reject_difference):
            with pytest.raises(Refusal) as refused:
                decide(difference=row, actor=stranger, reason="아님")
            assert refused.value.code == "company_elsewhere"
        assert not RegistryDifference.objects.exclude(state="PENDING").exists()
