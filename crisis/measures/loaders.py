"""The shipped catalogue of preferential measures: what the plan of 2023 names, marked provisional where terms are not verified."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction

from crisis.measures.enums import MeasureKind, StatusCode
from crisis.measures.models import PreferentialMeasure
from portal.directory.audit import deed
from portal.directory.models import Organization
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, sync

SINCE = date(2023, 4, 6)
STAGES = [str(StatusCode.CAUTION), str(StatusCode.SEVERE)]
AREA = [str(StatusCode.SPECIAL_SUPPORT_AREA)]
PLAN = "지역중소기업 혁신성장 촉진방안(2023. 4. 6.) 7번 과제"
TERMS = "대상 단계, 시작·종료 유예, 비수도권 제한은 공식 조건을 확인하지 못한 잠정 기준입니다."

# code, kind, Korean name, English name, provider's code, provider's name, what is better, basis, statuses, non-capital
_ROWS: tuple[tuple[Any, ...], ...] = (
    ("BOK-LOCAL", MeasureKind.CENTRAL_BANK, "한국은행 지방중소기업지원 프로그램", "Bank of Korea local SME programme",
     "BOK", "한국은행", "금융중개지원대출의 지원 대상에 위기징후 지역 중소기업을 더함", PLAN, STAGES, True),
    ("KOSME-LEAP", MeasureKind.LOAN, "지방시대도약자금 융자 우대", "Local-era leap loans",
     "KOSME", "중소벤처기업진흥공단", "정책자금 융자 우대", PLAN, STAGES, True),
    ("KIBO-GUARANTEE", MeasureKind.GUARANTEE, "기술보증 조건 우대", "Better terms of technology guarantees",
     "KIBO", "기술보증기금", "보증 조건 우대", PLAN, STAGES, False),
    ("SMART-FACTORY", MeasureKind.SMART_FACTORY, "스마트공장 보급·확산 우대", "Smart factory preference",
     "MSS", "중소벤처기업부", "스마트공장 보급·확산 사업 연계 우대", PLAN, STAGES, False),
    ("ROOT-PROCESS", MeasureKind.ROOT_INDUSTRY, "뿌리기업 공정 개선 우대", "Root industry process improvement preference",
     "MSS", "중소벤처기업부", "뿌리기업 공정 개선 사업 연계 우대", PLAN, STAGES, False),
    ("INNO-VOUCHER", MeasureKind.VOUCHER, "중소기업 혁신바우처 우대", "Innovation voucher preference",
     "MSS", "중소벤처기업부", "중소기업 혁신바우처 사업 연계 우대", PLAN, STAGES, False),
    ("SSA-TAX", MeasureKind.TAX, "특별지원지역 소득세·법인세 감면", "Tax relief in special support areas",
     "", "국세청", "소득세·법인세 50% 감면(5년)", "조세특례제한법 제64조", AREA, False),
    ("SSA-BID", MeasureKind.PROCUREMENT, "특별지원지역 제한경쟁·수의계약", "Restricted tenders for special support areas",
     "", "국가·지방자치단체", "직접 생산한 물품의 제한경쟁입찰과 수의계약",
     "국가계약법 시행령 제21조·지방계약법 시행령 제25조", AREA, False),
    ("SSA-PROGRAMMES", MeasureKind.OTHER, "특별지원지역 중기부 지원사업 우대", "Ministry programmes for special support areas",
     "MSS", "중소벤처기업부", "중소벤처기업부 44개 지원사업 우대", PLAN, AREA, False),
)  # fmt: skip


def _rows() -> Iterator[dict[str, Any]]:
    bodies = dict(Organization.objects.values_list("code", "pk"))
    have = set(PreferentialMeasure.objects.values_list("code", flat=True))
    for code, kind, name, english, body, provider, benefit, basis, statuses, outside in _ROWS:
        if code in have:  # an official may have changed its terms since
            continue
        yield {
            "code": code, "kind": str(kind), "name_ko": name, "name_en": english, "provider_id": bodies.get(body),
            "provider_name": provider, "benefit": benefit, "basis": basis, "statuses": statuses,
            "outside_capital": outside, "effective": period(SINCE), "provisional": True, "note": TERMS,
        }  # fmt: skip


@transaction.atomic
def load_measures() -> list[Loaded]:
    """Add the measures that are missing; those that are there are left as they are."""
    with deed("load_reference", actor=None, reason="crisis/measures"):
        return [sync(PreferentialMeasure, ["code"], _rows())]
