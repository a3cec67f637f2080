"""What is taken out unedited and brought back changes nothing; files of rubbish neither crash nor half-write."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import rules, services
from companies.enums import CompanyKind, CompanySize, FigureSource, FigureStatus
from companies.models import Company, CompanyYear, Industry, Workplace
from portal.directory.models import Region
from portal.intake.enums import RowOutcome, UploadState
from portal.intake.models import Upload
from tests.companies.registry.desk import HEAD, csv_bytes, rules_of
from tests.factories.companies import business_number

pytestmark = pytest.mark.django_db
RELAXED = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
# What people type: any sign but control characters, halves of pairs and blanks at the ends, which no cell keeps.
words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=30
).map(rules.compact)
names = words.filter(lambda name: rules.name_key(name) and name not in {"지움", "-", "없음"})
won = st.none() | st.integers(0, 10**15)


@st.composite
def companies(draw):
    return {
        "name_ko": "가" + draw(names),
        "name_en": draw(words.filter(str.isascii)),
        "corporate_number": draw(st.sampled_from(["", "1301110006246", "0000000000001"])),
        "kind": draw(st.sampled_from(CompanyKind.values)),
        "size": draw(st.sampled_from(CompanySize.values)),
        "founded_on": draw(st.none() | st.dates(date(1900, 1, 1), date(2026, 1, 1))),
        "representative": draw(words),
        "main_product": draw(words),
        "phone": draw(st.sampled_from(["", "055-1", "=1+1", "+82-2-1", "-"])),
        "homepage": draw(st.sampled_from(["", "www.example.kr"])),
        "email": draw(st.sampled_from(["", "a@example.kr"])),
    }


@RELAXED
@given(st.lists(companies(), min_size=1, max_size=4), st.data())
def test_an_unedited_export_of_companies_changes_nothing(desk, facts, data):
    Upload.objects.all().delete()
    Workplace.objects.all().delete()
    Company.objects.all().delete()
    regions = list(Region.objects.filter(level="SIGUNGU", parent__code__in=["11", "48"]))
    industries = [None, *Industry.objects.all()]
    for at, one in enumerate(facts):
        services.register_company(
            facts=one | {"industry": data.draw(st.sampled_from(industries))},
            business_number=business_number(at),
            region=data.draw(st.sampled_from(regions)),
            address=data.draw(words),
            accept_duplicates=True,
        )
    upload = desk.read(desk.exported(), "기업.xlsx")
    said = [(row.values, row.before, row.problems) for row in upload.rows.exclude(outcome=RowOutcome.SAME)]
    assert said == []
    assert upload.counts[RowOutcome.SAME] == len(facts)


@RELAXED
@given(
    st.dictionaries(
        st.tuples(st.integers(2018, 2026), st.sampled_from(FigureSource.values)),
        st.fixed_dictionaries(
            {
                "sales": st.none() | st.integers(-(10**15), 10**15),
                "exports_direct": won,
                "rnd": won,
                "assets": won,
                "employees": st.none() | st.integers(0, 10**6),
            }
        ),
        min_size=1,
        max_size=6,
    ),
    st.sampled_from(["company_figures", "company_figures_wide"]),
    st.data(),
)
def test_an_unedited_export_of_figures_changes_nothing(desk, years, kind, data):
    desk.kind = kind
    Upload.objects.all().delete()
    CompanyYear.objects.all().delete()
    company = Company.objects.filter(name_key="한빛").first() or services.register_company(
        facts={"name_ko": "한빛"}, business_number=business_number(1), region=Region.objects.get(code="48310")
    )
    for (year, source), figures in years.items():
        status = data.draw(st.sampled_from(FigureStatus.values))
        as_of = data.draw(st.none() | st.dates(date(2018, 1, 1), date(2026, 1, 1)))
        CompanyYear.objects.create(company=company, year=year, source=source, status=status, as_of=as_of, **figures)
    upload = desk.read(desk.exported(), "실적.xlsx")
    shown = {
        key
        for key, figures in years.items()
        if any(value is not None for value in figures.values()) and (key[0] > 2020 or kind == "company_figures")
    }
    if not shown:
        assert [problem["rule"] for problem in upload.problems] == ["no_rows"]
        return
    assert upload.counts["rows"] == upload.counts[RowOutcome.SAME] > 0, rules_of(upload)


cells = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [business_number(1), "1018168693", "거제시", "48310", "한빛", "2012-01-01", "-", "지움", "=1", "'", "&nbsp;"]
    ),
    st.integers(-(10**18), 10**18).map(str),
    st.floats().map(str),
)


@RELAXED
@given(
    st.lists(st.lists(cells, min_size=0, max_size=9), max_size=5),
    st.sampled_from(["companies", "company_figures", "company_figures_wide"]),
)
def test_rubbish_is_told_and_never_half_written(desk, rows, kind):
    desk.kind = kind
    Upload.objects.all().delete()
    head = {
        "companies": [*HEAD, "법인등록번호", "설립일", "업종코드", "주소", "전자우편", "기업 규모"],
        "company_figures": [
            "사업자등록번호",
            "기업명",
            "연도",
            "출처",
            "구분",
            "기준일",
            "단위",
            "매출액",
            "상시근로자 수",
        ],
        "company_figures_wide": ["사업자등록번호", "기업명", "출처", "매출액 2024", "매출액 2025", "자산 2024", "단위"],
    }[kind]
    before = (Company.objects.count(), CompanyYear.objects.count())
    upload = desk.read(csv_bytes(head, *rows, encoding="utf-8"))
    assert upload.state in {UploadState.READY, UploadState.REJECTED}
    assert (Company.objects.count(), CompanyYear.objects.count()) == before
    if upload.state == UploadState.READY and upload.count_of("NEW", "CHANGED", "WARNING"):
        done = desk.commit(upload, reason="확인함")
        assert done.state == UploadState.COMMITTED, done.job.error
        desk.undo(done)
    assert (Company.objects.count(), CompanyYear.objects.count()) == before
