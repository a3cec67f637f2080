"""What ships: the ten centres of the plan of 2023, the old and the new rule, provisional items of diagnoses."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from crisis.conversion.enums import INDUSTRY_KINDS, SAME_INDUSTRY_KINDS
from crisis.conversion.models import Centre, CentreRegion, ConversionRule, ScoreItem
from portal.directory.audit import deed
from portal.directory.models import Organization, Region
from portal.kernel.dates import period
from portal.kernel.loading import Loaded, read_rows, sync

DATA = Path(__file__).parent / "data"
SOURCE = "지역중소기업 정책 계획(2023. 4. 6.) 과제 8: ’22년 10개 설치. 관할은 소재지만 확인됨"
OPENED = date(2022, 1, 1)
"""The plan names the year only; the day is a stand-in, and the rows are marked provisional."""
NEW_LAW = date(2023, 11, 1)
OLD_BASIS = (
    "사업전환법(2023년 개정 전): 산업분류 기준의 업종 변경·추가만. 업력·기간·자릿수는 공식 문구를 확인하지 못한 잠정값"
)
NEW_BASIS = (
    "사업전환법 개정과 시행령(2023. 10. 30. 국무회의 의결, 11월 시행 보도): 신사업 분야의 같은 업종 전환과 공동 사업전환, 비중 "
    "30% 이상. 시행일과 업력·기간·자릿수는 공식 문구를 확인하지 못한 잠정값"
)
ITEM_BASIS = "공식 진단표를 확인하지 못한 잠정 항목"


def _rules() -> None:
    if ConversionRule.objects.exists():
        return  # whoever changed the rules knows better than the file
    common = {"smallest_share": Decimal(30), "provisional": True}
    old, new = [str(kind) for kind in INDUSTRY_KINDS], [str(kind) for kind in SAME_INDUSTRY_KINDS]
    ConversionRule.objects.create(effective=period(None, NEW_LAW), kinds=old, joint=False, basis=OLD_BASIS, **common)
    ConversionRule.objects.create(effective=period(NEW_LAW), kinds=old + new, joint=True, basis=NEW_BASIS, **common)


def _centres() -> Loaded:
    """Centres whose body or seat is not in the directory are left out; one somebody has changed is left alone."""
    bodies = {one.code: one for one in Organization.objects.filter(code__startswith="RC-")}
    seats = {(one.scheme, one.code): one for one in Region.objects.all()}
    have = set(Centre.objects.values_list("code", flat=True))
    created = 0
    for row in read_rows(DATA / "centres.csv"):
        body, seat = bodies.get(row["organization"]), seats.get((row["seat_scheme"], row["seat"]))
        if row["code"] in have or body is None or seat is None:
            continue
        centre = Centre.objects.create(
            code=row["code"], organization=body, name=body.name_ko, seat=seat, effective=period(OPENED), source=SOURCE,
            provisional=True,
        )  # fmt: skip
        CentreRegion.objects.create(centre=centre, region=seat)
        created += 1
    return Loaded(str(Centre._meta.verbose_name), created, 0, len(have))


@transaction.atomic
def load_conversion() -> list[Loaded]:
    """Bring centres, rules and items up to the shipped files. Twice is harmless."""
    with deed("load_reference", actor=None, reason="crisis/conversion/data"):
        _rules()
        have = set(ScoreItem.objects.values_list("code", flat=True))
        items = [
            {
                "code": row["code"],
                "subject": row["subject"],
                "name": row["name"],
                "most": int(row["most"]),
                "position": int(row["position"]),
                "effective": period(OPENED),
                "basis": ITEM_BASIS,
            }
            for row in read_rows(DATA / "score_items.csv")
            if row["code"] not in have
        ]
        return [_centres(), sync(ScoreItem, ["code"], items)]
