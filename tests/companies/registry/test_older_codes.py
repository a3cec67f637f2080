"""Industry codes of older revisions, and what sales say about a company's size."""

from datetime import date

import pytest

from companies.enums import CeilingKind
from companies.loaders import load_companies
from companies.models import Company, Industry, OlderIndustry, SizeCeiling
from companies.page_forms import IndustryField
from companies.selectors import YearlyFigures
from companies.size_hint import size_hint
from portal.directory.loaders import load_directory
from portal.kernel.dates import period
from tests.companies.registry.desk import HEAD, csv_bytes, messages_of, rules_of
from tests.factories.companies import CompanyFactory, business_number


class TestShippedLinks:
    @pytest.fixture
    def links(self, country):
        return OlderIndustry.objects

    def test_every_code_of_both_older_revisions_is_there(self, links):
        assert links.filter(revision=10).values("code").distinct().count() == 1196
        assert links.filter(revision=9).values("code").distinct().count() == 1145

    def test_a_moved_class_leads_to_its_code_of_today(self, links):
        assert links.get(revision=10, code="10401").industry.code == "10411"

    def test_a_class_nobody_found_again_leads_nowhere(self, links):
        assert links.get(revision=10, code="22111").industry is None

    def test_loading_again_changes_nothing(self, links):
        assert [one for one in load_companies() if one.created or one.changed] == []


@pytest.fixture
def codes(desk):
    """A class that moved, one that was split, one whose code means another now, one that is gone."""
    now = {
        code: Industry.objects.create(revision=11, code=code, depth=len(code), name_ko=name)
        for code, name in {"104": "기름", "10411": "동물성 유지", "28202": "운송장비용 이차전지", "28209": "기타 이차전지",
                           "22": "고무"}.items()
    }  # fmt: skip
    for code, name, target in [
        ("10401", "동물성 유지", "10411"), ("28203", "이차전지", "28202"), ("28203", "이차전지", "28209"),
        ("28202", "축전지", "28209"), ("22111", "타이어", ""),
    ]:  # fmt: skip
        OlderIndustry.objects.create(
            revision=10, code=code, name_ko=name, industry=now.get(target), basis="NAME" if target else ""
        )
    return now


@pytest.mark.parametrize(
    ("written", "kept", "rule", "words"),
    [
        ("10401", "10411", "industry_moved", "동물성 유지"),
        ("28202", "28202", "industry_reused", "28209"),
        ("22111", "22", "industry_older", "상위 코드 22"),
        ("10411", "10411", None, ""),
    ],
)
def test_an_older_code_is_told_and_led_to_today(desk, codes, written, kept, rule, words):
    upload = desk.read(csv_bytes([*HEAD, "업종코드"], [business_number(1), "한빛", "거제시", written]))
    assert rules_of(upload) == ([rule] if rule else [])
    assert words in messages_of(upload)
    desk.commit(upload)
    assert Company.objects.get().industry.code == kept


def test_a_class_that_was_split_names_its_parts(desk, codes):
    Industry.objects.create(revision=11, code="28", depth=2, name_ko="전기장비")
    upload = desk.read(csv_bytes([*HEAD, "업종코드"], [business_number(1), "한빛", "거제시", "28203"]))
    assert "28202 운송장비용 이차전지" in messages_of(upload)
    assert "28209" in messages_of(upload)


def test_the_entry_form_names_the_code_of_today(codes):
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError, match="10411 동물성 유지"):
        IndustryField().clean("10401")


_E = 100_000_000
TODAY = date(2025, 6, 1)


class TestSizeHint:
    @pytest.fixture
    def firm(self, db):
        section = Industry.objects.create(revision=11, code="C", depth=1, name_ko="제조업")
        division = Industry.objects.create(revision=11, code="26", depth=2, name_ko="전자", parent=section)
        SizeCeiling.objects.bulk_create(
            [
                SizeCeiling(
                    kind=kind, industry_code=code, sales=limit * _E, effective=span, provisional=True, source="시험"
                )
                for kind, code, limit, span in [
                    (CeilingKind.SMALL, "26", 120, period(None, date(2025, 9, 1))),
                    (CeilingKind.SME, "26", 1000, period(None, date(2025, 9, 1))),
                    (CeilingKind.SME, "C", 10, period(None)),
                    (CeilingKind.SME, "26", 1200, period(date(2025, 9, 1))),
                ]
            ]
        )
        return CompanyFactory(industry=division)

    @pytest.mark.parametrize(
        ("sales", "kind", "words"),
        [
            ([100, 110, 150], "SMALL", "평균매출액 120.0억원"),
            ([100, 110, 151], "SME", "중소기업 상한 1,000.0억원 이하"),
            ([2000, 2000], "", "상한 1,000.0억원 초과"),
            ([5000, 90, 100, 110], "SMALL", "2022~2024년"),
        ],
    )
    def test_the_average_of_three_years_at_most_is_laid_beside_the_ceiling(self, firm, sales, kind, words):
        years = [YearlyFigures(2025 - len(sales) + at, sales=value * _E) for at, value in enumerate(sales)]
        hint = size_hint(firm, years, TODAY)
        assert (hint.kind, hint.provisional) == (kind, True)
        assert words in hint.text

    def test_a_later_ceiling_counts_from_its_day_and_a_missing_one_is_said(self, firm):
        years = [YearlyFigures(2024, sales=1100 * _E)]
        assert size_hint(firm, years, TODAY).kind == ""
        assert size_hint(firm, years, date(2025, 9, 1)).kind == "SME"
        small = size_hint(firm, [YearlyFigures(2024, sales=_E)], date(2026, 1, 1))
        assert small.kind == "SMALL"
        assert "개정 뒤의 상한을 아직 넣지 못해" in small.text

    def test_assets_of_half_a_trillion_are_above_every_ceiling(self, firm):
        assert size_hint(firm, [YearlyFigures(2024, sales=_E, assets=5_000 * _E)], TODAY).kind == ""

    def test_nothing_is_said_without_sales_or_industry(self, firm):
        assert size_hint(firm, [YearlyFigures(2024)], TODAY) is None
        assert size_hint(CompanyFactory(industry=None), [YearlyFigures(2024, sales=_E)], TODAY) is None

    def test_shipped_ceilings_are_all_provisional_until_checked_against_the_decree(self, db):
        load_directory()
        load_companies()
        assert SizeCeiling.objects.count() > 60
        assert not SizeCeiling.objects.filter(provisional=False).exists()
