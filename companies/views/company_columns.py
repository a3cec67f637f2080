"""The columns of the company list, and what of them the row's own query brings along."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.enums import CertificationKind
from companies.models import Certification, Company, Workplace, WorkplaceCluster
from companies.rules import written_business_number, written_corporate_number
from companies.workspace.models import Bookmark
from portal.directory.scope import Scope
from portal.kernel import display
from portal.kernel.lists import ListColumn

PAPERS = dict(CertificationKind.choices)
FIGURE_COLUMNS = frozenset({"year", "sales", "exports", "rnd", "employees"})


def _person(name: str) -> Any:
    return lambda row: row.people[name]


def _figure(name: str) -> Any:
    return lambda row: getattr(row.latest, name) if row.latest else None


def _money(name: str, label: Any) -> ListColumn:
    """A figure in won: whole won in files, millions with their unit on the page."""
    figure = _figure(name)
    return ListColumn(
        name,
        label,
        value=figure,
        show=lambda row: display.money(figure(row), "백만원"),
        css="num",
        shown=False,
        width=18,
    )


COLUMNS = (
    ListColumn(
        "name",
        _("기업명"),
        value=lambda row: row.name,
        sort=("name_key",),
        fixed=True,
        link=lambda row: reverse("companies:company", args=[row.public_id]),
        width=28,
    ),
    ListColumn(
        "number",
        _("사업자등록번호"),
        value=lambda row: written_business_number(row.number or ""),
        text=True,
        css="p-nowrap",
    ),
    ListColumn("place", _("본사 지역"), value=lambda row: row.place or "", width=22),
    ListColumn("clusters", _("밀집지역"), value=lambda row: ", ".join(row.clusters), width=24),
    ListColumn("industry", _("업종"), value=lambda row: str(row.industry or ""), sort=("industry__code",), width=30),
    ListColumn("product", _("주생산품"), value=lambda row: row.main_product, width=24),
    ListColumn("size", _("규모"), value=lambda row: str(row.get_size_display()), sort=("size",), width=10),
    ListColumn("state", _("영업 상태"), value=lambda row: str(row.get_state_display()), sort=("state",), width=10),
    ListColumn("papers", _("인증"), value=lambda row: ", ".join(str(PAPERS[kind]) for kind in row.papers), width=24),
    ListColumn("kind", _("유형"), value=lambda row: str(row.get_kind_display()), sort=("kind",), shown=False, width=8),
    ListColumn("founded", _("설립일"), value=lambda row: row.founded_on, sort=("founded_on",), shown=False, width=12),
    ListColumn(
        "corporate_number",
        _("법인등록번호"),
        value=lambda row: written_corporate_number(row.corporate_number),
        text=True,
        css="p-nowrap",
        shown=False,
    ),
    ListColumn("name_en", _("영문 이름"), value=lambda row: row.name_en, text=True, shown=False, width=28),
    ListColumn(
        "year",
        _("최근 실적 연도"),
        value=_figure("year"),
        show=lambda row: str(row.latest.year) if row.latest else display.MISSING,
        css="num",
        shown=False,
        width=8,
    ),
    _money("sales", _("매출액(원)")),
    _money("exports", _("수출액(원)")),
    _money("rnd", _("연구개발비(원)")),
    ListColumn("employees", _("상시근로자(명)"), value=_figure("employees"), css="num", shown=False, width=10),
    ListColumn("representative", _("대표자"), value=_person("representative"), text=True, shown=False),
    ListColumn("contact_name", _("담당자"), value=_person("contact_name"), text=True, shown=False),
    ListColumn("phone", _("전화"), value=_person("phone"), text=True, shown=False),
    ListColumn("email", _("전자우편"), value=_person("email"), text=True, shown=False, width=24),
    ListColumn("homepage", _("누리집"), value=lambda row: row.homepage, text=True, shown=False, width=24),
    ListColumn("updated_at", _("고친 일시"), sort=("updated_at",), shown=False, width=18),
)  # fmt: skip
PERSONAL_COLUMNS = frozenset({"representative", "contact_name", "phone", "email"})


def dressed(rows: QuerySet[Company], keys: Sequence[str], scope: Scope) -> QuerySet[Company]:
    """The rows with what the chosen columns need, in the same query, and `marked`: whether the reader marked them."""
    today, company = timezone.localdate(), OuterRef("pk")
    seat = Workplace.objects.headquarters().filter(company=company)
    here = WorkplaceCluster.objects.in_force_on(today).filter(workplace__company=company)
    papers = Certification.objects.in_force_on(today).filter(company=company)
    place = Concat(F("region__parent__name_ko"), Value(" "), F("region__name_ko"))
    offered = {
        "number": Subquery(seat.values("business_number")[:1]),
        "place": Subquery(seat.annotate(where=place).values("where")[:1]),
        "clusters": ArraySubquery(here.order_by("cluster__code").values("cluster__name_ko").distinct()),
        "papers": ArraySubquery(papers.order_by("kind").values("kind").distinct()),
    }
    rows = rows.annotate(**{key: offered[key] for key in keys if key in offered})
    rows = rows.annotate(marked=Exists(Bookmark.objects.filter(owner=scope.user_id, company=company)))
    return rows.select_related("industry") if "industry" in keys else rows
