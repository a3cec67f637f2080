"""Searching the registry: best first, inside the scope, current to the transaction; people only for those who may."""

import threading

import pytest
from django.db import connection, transaction

from companies import search, search_index, services
from companies.enums import NameKind
from companies.models import Company
from companies.workspace.models import SearchDebt, SearchKey
from companies.workspace.tasks import pay_search_debts
from portal.directory.enums import Role
from portal.directory.scope import EVERYTHING, NOTHING, scope_of
from tests.companies.pages.facts import registered
from tests.factories.directory import MembershipFactory, OrganizationFactory, RegionFactory, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return RegionFactory(sigungu=True)


@pytest.fixture
def there():
    return RegionFactory(sigungu=True)


@pytest.fixture
def clerk(here):
    return person(role=Role.TECHNOPARK, region=here.parent)


def names(written, scope=EVERYTHING):
    found = Company.objects.in_bulk(search.find(written, scope).ids)
    return [found[pk].name_ko for pk in search.find(written, scope).ids]


def test_the_very_name_comes_first_then_beginnings_then_the_middle_then_products(here):
    registered("삼성정밀", here)
    registered("한국삼성", here)
    registered("삼성", here)
    registered("다른이름", here, main_product="삼성 부품")
    assert names("삼성") == ["삼성", "삼성정밀", "한국삼성", "다른이름"]


@pytest.mark.parametrize(
    "written", ["ㅅㅅㅈㄱ", "삼성 전기", "(주)삼성전기", "성전", "124-81-00998", "12481", "130111"]
)
def test_a_company_is_found_by_all_it_is_known_by(here, written):
    registered("주식회사 삼성전기", here, number="1248100998", corporate_number="1301110006246")
    assert names(written) == ["주식회사 삼성전기"]


def test_a_scope_finds_its_own_regions_only(here, there, clerk):
    registered("삼성전기", here)
    registered("삼성물산", there)
    assert names("삼성", scope_of(clerk)) == ["삼성전기"]
    assert sorted(names("삼성")) == ["삼성물산", "삼성전기"]
    assert names("삼성", NOTHING) == []


def test_a_body_of_one_town_finds_its_town_only(here):
    neighbour = RegionFactory(sigungu=True, parent=here.parent)
    registered("삼성전기", here)
    registered("삼성물산", neighbour)
    assert names("삼성", scope_of(person(role=Role.SIDO, region=here))) == ["삼성전기"]


def test_a_company_of_two_provinces_is_found_from_both_once(here, there, clerk):
    company = registered("삼성전기", here)
    services.add_workplace(company=company, region=there)
    other = person(role=Role.TECHNOPARK, region=there.parent)
    assert names("삼성", scope_of(clerk)) == names("삼성", scope_of(other)) == names("삼성") == ["삼성전기"]


def test_a_company_led_by_a_region_is_found_there(here, there):
    company = registered("삼성전기", here)
    services.change_company(company=company, version=None, changes={"lead_region": there.parent})
    assert names("삼성", scope_of(person(role=Role.SIDO, region=there.parent))) == ["삼성전기"]


def test_representatives_are_found_by_those_who_may_see_them(here, clerk):
    registered("삼성전기", here, representative="홍길동, 김철수")
    assert names("홍길동", scope_of(clerk)) == ["삼성전기"]
    assert names("김철", scope_of(clerk)) == ["삼성전기"]
    assert names("홍길동", scope_of(person(role=Role.SIDO, region=here.parent))) == []
    assert names("길동", scope_of(clerk)) == []


def test_representatives_elsewhere_are_not_found_by_a_reader_of_two_roles(here, there):
    """The capability counts where it holds: nationwide reading does not open the people of the country."""
    registered("삼성전기", there, representative="홍길동")
    auditor = person(role=Role.AUDITOR)
    MembershipFactory(user=auditor, organization=OrganizationFactory(of_region=here.parent), role=Role.TECHNOPARK)
    assert names("홍길동", scope_of(auditor)) == []
    assert names("삼성전기", scope_of(auditor)) == ["삼성전기"]


def test_the_index_follows_every_deed_in_its_transaction(here):
    company = registered("삼성전기", here)
    services.change_company(company=company, version=None, changes={"name_ko": "한빛정밀"}, renamed=True)
    assert names("한빛") == names("삼성") == ["한빛정밀"]
    services.add_name(company=company, name="HANBIT", kind=NameKind.BRAND)
    assert names("hanbit") == ["한빛정밀"]
    services.remove_name(name=company.other_names.get(name="HANBIT"))
    assert names("hanbit") == []


def test_a_merged_company_leads_to_the_one_that_stayed_and_comes_back_when_undone(here):
    one, other = registered("한빛정밀", here), registered("새롬정밀", here)
    clerk = person(role=Role.TECHNOPARK, region=here.parent)
    merge = services.merge_companies(survivor=one, absorbed=other, actor=clerk, reason="같은 기업")
    assert names("새롬") == ["한빛정밀"]
    services.undo_merge(merge=merge, actor=clerk, reason="다른 기업")
    assert names("새롬") == ["새롬정밀"]
    assert names("한빛") == ["한빛정밀"]


def test_indexing_twice_changes_nothing_and_forgets_what_is_gone(here):
    company = registered("삼성전기", here)
    before = list(SearchKey.objects.values_list())
    assert search_index.index_companies([company.pk, company.pk]) == 1
    assert list(SearchKey.objects.values_list()) == before
    SearchKey.objects.create(company_id=company.pk + 1_000_000, keys=[1], text="\n사라진\n")
    assert search_index.index_everything() == 1
    assert list(SearchKey.objects.values_list("company_id", flat=True)) == [company.pk]


def test_too_many_hits_are_capped_and_the_best_are_among_them(here):
    for n in range(6):
        registered(f"한국{n}전자", here)
    registered("전자", here)
    hits = search.find("전자", EVERYTHING, most=3)
    assert hits.more
    assert len(hits.ids) == 3
    assert Company.objects.get(pk=hits.ids[0]).name_ko == "전자"


def test_signs_of_the_query_language_find_nothing(here):
    registered("삼성전기", here)
    assert names("%") == names("_") == names("\\") == names("'; DROP") == []


class TestDebts:
    """More companies at once than one transaction indexes itself are owed, and paid by a worker."""

    @pytest.fixture(autouse=True)
    def _two_at_once(self, monkeypatch):
        monkeypatch.setattr(search_index, "DIRECT", 1)
        monkeypatch.setattr(search_index, "_BATCH", 2)

    def test_a_large_batch_is_owed_and_asked_for_then_paid(self, here, sent_tasks, django_capture_on_commit_callbacks):
        ids = [registered(f"한빛{n}", here).pk for n in range(5)]
        SearchKey.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            search_index.follow(ids)
        assert names("한빛") == []
        assert len(sent_tasks.named("companies.workspace.tasks.pay_search_debts")) == 1
        assert sorted(pk for debt in SearchDebt.objects.all() for pk in debt.company_ids) == sorted(ids)
        pay_search_debts()
        assert len(names("한빛")) == 5
        assert not SearchDebt.objects.exists()
        assert search_index.pay_debts() == 0

    def test_a_debt_outlives_a_worker_that_dies_in_the_middle(self, here, monkeypatch):
        ids = [registered(f"한빛{n}", here).pk for n in range(4)]
        SearchKey.objects.all().delete()
        search_index.follow(ids)
        write, calls = search_index._write, []

        def dies(batch):
            calls.append(batch)
            if len(calls) == 2:
                raise RuntimeError("killed")
            return write(batch)

        monkeypatch.setattr(search_index, "_write", dies)
        with pytest.raises(RuntimeError):
            search_index.pay_debts()
        assert (SearchKey.objects.count(), SearchDebt.objects.count()) == (2, 1)
        monkeypatch.setattr(search_index, "_write", write)
        search_index.pay_debts()
        assert len(names("한빛")) == 4

    def test_a_debt_is_rolled_back_with_what_caused_it(self, here):
        ids = [registered(f"한빛{n}", here).pk for n in range(2)]

        @transaction.atomic
        def broken():
            search_index.follow(ids)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            broken()
        assert not SearchDebt.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_who_pays_a_debt_waits_for_an_edit_under_way_and_reads_it(django_db_serialized_rollback):
    """Else the payer, having read the old name, would write it over the new one."""
    company = registered("옛이름", RegionFactory(sigungu=True))
    SearchDebt.objects.create(company_ids=[company.pk])
    payer = threading.Thread(target=lambda: (search_index.pay_debts(), connection.close()))
    with transaction.atomic():
        services.change_company(company=company, version=1, changes={"name_ko": "새이름"})
        payer.start()
        payer.join(timeout=1)
        assert payer.is_alive()
    payer.join(timeout=60)
    assert (names("새이름"), names("옛이름")) == (["새이름"], [])
