"""Lists: order, filters, columns, pages, files; whatever the address asks that is not known is refused in words."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import django_filters
import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails
from hypothesis import given
from hypothesis import strategies as st

from portal.directory.enums import OrganizationKind, Role
from portal.directory.models import Organization
from portal.directory.scope import scope_of
from portal.kernel import exports, lists
from portal.kernel.forms import MonthField
from portal.kernel.lists import ListColumn, ListFilters, ListPage
from tests.factories.directory import OrganizationFactory, person

pytestmark = pytest.mark.django_db


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class Filters(ListFilters):
    q = django_filters.CharFilter(field_name="name_ko", lookup_expr="icontains", label="이름")
    kind = django_filters.ChoiceFilter(choices=OrganizationKind.choices, label="종류")
    since = MonthFilter(field_name="created", lookup_expr="gte", label="부터")


class Bodies(ListPage):
    name = "bodies"
    title = "기관 [시험]"
    template = "lists/page.html"
    columns = (
        ListColumn("code", "코드", sort=("code",), text=True, fixed=True, link=lambda row: f"/x/{row.code}/"),
        ListColumn("name_ko", "이름", sort=("name_ko",)),
        ListColumn("kind", "종류", value=lambda row: row.kind, sort=("kind",), show=lambda row: row.get_kind_display()),
        ListColumn("size", "크기", value=lambda row: Decimal(len(row.code)), shown=False, css="num"),
    )
    default_sort = "code"
    filters = Filters

    def queryset(self):
        return Organization.objects.filter(code__startswith="X")


@pytest.fixture
def reader():
    return person(role=Role.HQ)


@pytest.fixture
def ask(reader):
    def asked(query="", method="get", session=None, user=reader, htmx=None, **data):
        headers = {"HX-Request": "true", "HX-Target": htmx} if htmx else {}
        request = getattr(RequestFactory(headers=headers), method)(f"/bodies/?{query}", data or None)
        if method == "get":
            request = RequestFactory(headers=headers).get(f"/bodies/?{query}")
        request.user, request.scope = user, scope_of(user)
        request.session = {} if session is None else session
        request.htmx = HtmxDetails(request)
        return Bodies.of(request).respond(request)

    return asked


@pytest.fixture
def bodies():
    return [
        OrganizationFactory(code=f"X{n:02d}", name_ko=f"기관{n % 3}", kind=[OrganizationKind.FUND, "AGENCY"][n % 2])
        for n in range(30)
    ]


def shown(response):
    text = response.content.decode()
    return [part.split("/")[0] for part in text.split('href="/x/')[1:]]


def test_rows_come_in_the_default_order_fifty_a_page(ask, bodies):
    assert shown(ask()) == [f"X{n:02d}" for n in range(30)]
    assert len(shown(ask("size=20"))) == 20
    assert len(shown(ask("size=20&page=2"))) == 10


def test_ties_are_settled_so_that_pages_do_not_overlap(ask, bodies):
    pages = shown(ask("sort=-name_ko&size=20")) + shown(ask("sort=-name_ko&size=20&page=2"))
    assert sorted(pages) == [f"X{n:02d}" for n in range(30)]
    assert pages[0] == "X02"


def test_the_sorted_column_says_so(ask, bodies):
    assert 'aria-sort="descending"' in ask("sort=-name_ko").content.decode()


def test_filters_narrow_and_faulty_values_show_no_rows(ask, bodies):
    assert len(shown(ask("q=기관1"))) == 10
    response = ask("kind=NOTHING")
    assert not shown(response)
    assert "올바르게 선택해 주세요" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["colour=red", "q2=1", "sort=password", "sort=-", "cols=code,secret", "size=7", "export=pdf", "since=2025"]
)
def test_what_the_list_does_not_know_is_refused_in_words(ask, bodies, query, settings):
    response = ask(query)
    assert response.status_code == 400
    assert "열" in response.content.decode() or "조건" in response.content.decode()


def test_a_filter_of_several_parts_is_known_by_its_parts(ask):
    assert ask("since_year=&since_month=").status_code == 200


def test_columns_and_page_size_are_remembered(ask, bodies):
    session = {}
    assert "크기" not in ask(session=session).content.decode().split("<thead")[1]
    ask("cols=code&cols=size&cols=&size=20", session=session)
    head = ask(session=session).content.decode().split("<thead")[1].split("</thead>")[0]
    assert "크기" in head
    assert "이름" not in head
    ask("cols=", session=session)
    assert "이름" in ask(session=session).content.decode().split("<thead")[1]
    assert len(shown(ask(session=session))) == 20


def test_htmx_gets_the_part_and_hears_the_count(ask, bodies):
    part = ask("q=기관1", htmx="list-bodies").content.decode()
    assert part.lstrip().startswith('<section id="list-bodies"')
    assert "10건을 찾았습니다" in part
    assert "찾았습니다" not in ask("q=기관1").content.decode()


def test_a_browser_going_back_is_not_shown_the_part_for_the_page(ask, bodies):
    for answer in (ask("q=기관1", htmx="list-bodies"), ask("q=기관1")):
        assert {"HX-Request", "HX-Target"} <= {name.strip() for name in answer.headers["Vary"].split(",")}


def test_the_export_has_the_rows_order_and_columns_of_the_page(ask, bodies):
    response = ask("export=csv&sort=-code&q=기관1&cols=code&cols=size")
    rows = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))
    assert rows[0] == ["코드", "크기"]
    assert [row[0] for row in rows[1:]] == [f"X{n:02d}" for n in range(28, 0, -3)]
    book = openpyxl.load_workbook(io.BytesIO(ask("export=xlsx").getvalue()))
    assert [cell.value for cell in next(book.active.iter_rows(min_row=2))] == ["X00", "기관0", "FUND"]


def test_a_long_export_is_offered_and_then_made_a_job(ask, bodies, monkeypatch):
    monkeypatch.setattr(lists, "LONGEST_INLINE", 5)
    made = []
    monkeypatch.setattr(lists, "_long_export", [lambda page, user, format: made.append((page, format)) or "/jobs/1/"])
    offer = ask("export=xlsx&q=기관")
    assert "모두 30행" in offer.content.decode()
    assert not made
    answer = ask("export=xlsx&q=기관", method="post", export="xlsx")
    assert (answer.status_code, answer.url) == (302, "/jobs/1/")
    assert made[0][1] == "xlsx"
    assert made[0][0].rows.count() == 30


def test_who_may_not_export_is_refused_and_sees_no_button(ask, bodies):
    member = person(role=Role.COUNCIL_MEMBER)
    assert "내려받기" not in ask(user=member).content.decode()
    with pytest.raises(PermissionDenied):
        ask("export=csv", user=member)


@pytest.mark.parametrize("rows", [1, 40])
def test_a_list_costs_the_same_for_any_number_of_rows(reader, rows, django_assert_num_queries):
    for n in range(rows):
        OrganizationFactory(code=f"X{n}")
    request = RequestFactory().get("/bodies/")
    request.user, request.scope, request.session = reader, scope_of(reader), {}
    request.htmx = HtmxDetails(request)
    with django_assert_num_queries(2):  # count, rows
        Bodies.of(request).respond(request)


TYPED = [
    exports.Field("글", text=True), exports.Field("수"), exports.Field("날"), exports.Field("때"), exports.Field("예"),
]  # fmt: skip


def read_back(format, row):
    target = io.BytesIO()
    exports.write(target, format, TYPED, [row], "시험")
    target.seek(0)
    if format == "csv":
        return list(csv.reader(io.StringIO(target.getvalue().decode("utf-8-sig"))))[1]
    return [cell.value for cell in list(openpyxl.load_workbook(target).active.iter_rows())[1]]


def test_files_keep_what_values_are():
    row = ["00123", Decimal("1234.50"), date(2025, 9, 1), datetime(2025, 9, 1, 3, tzinfo=UTC), True]
    assert read_back("csv", row) == ["00123", "1234.5", "2025-09-01", "2025-09-01 12:00:00", "예"]
    assert read_back("xlsx", row) == ["00123", 1234.5, datetime(2025, 9, 1), datetime(2025, 9, 1, 12), "예"]


def test_a_number_excel_would_alter_is_written_as_text():
    row = ["a", Decimal("123456789012345678"), None, None, None]
    assert read_back("xlsx", row)[1] == "123456789012345678"


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20), st.sampled_from("=+-@\t\r"))
def test_no_text_becomes_a_formula(text, sign):
    dangerous = sign + text
    assert not exports.harmless(dangerous).startswith(tuple("=+-@\t\r"))
    target = io.BytesIO()
    exports.write_xlsx(target, [exports.Field("글")], [[dangerous]])
    target.seek(0)
    assert list(openpyxl.load_workbook(target).active.iter_rows())[1][0].data_type == "s"
