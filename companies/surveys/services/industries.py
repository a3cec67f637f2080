"""Industries regions are built on, as the ministry states them by file, and back."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from companies.models import Industry
from companies.surveys.models import RegionalIndustry, RegionalIndustryCode, RegionalIndustryRegion
from companies.surveys.services.permission import refuse_non_manager
from portal.directory.audit import deed
from portal.directory.models import User
from portal.intake.models import Upload
from portal.kernel.dates import period
from portal.kernel.errors import Refusal

REVISION = 11
"""Of the KSIC, in which codes are stated."""


@dataclass(frozen=True, slots=True)
class Stated:
    """An industry with all that belongs to it. Days are ISO, `valid_to` the last one; `regions` are primary keys.

    `upload` is the file that stated it; 0 where it stands as shipped.
    """

    code: str
    kind: str
    name: str
    regions: tuple[int, ...]
    valid_from: str | None
    valid_to: str | None
    provisional: bool
    ksic: tuple[str, ...]
    ksic_provisional: bool
    source: str
    note: str
    upload: int = 0

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"regions": list(self.regions), "ksic": list(self.ksic)}

    def says_the_same_as(self, other: "Stated | None") -> bool:
        """Equal but for the file it came by."""
        return other is not None and replace(self, upload=0) == replace(other, upload=0)


def state_of(one: RegionalIndustry) -> Stated:
    """How an industry stands. Reads `places` and `codes.ksic` (prefetch them)."""
    codes, last = list(one.codes.all()), one.effective.upper
    return Stated(
        code=one.code,
        kind=one.kind,
        name=one.name_ko,
        regions=tuple(sorted(place.region_id for place in one.places.all())),
        valid_from=one.effective.lower.isoformat() if one.effective.lower else None,
        valid_to=(last - timedelta(days=1)).isoformat() if last else None,
        provisional=one.provisional,
        ksic=tuple(sorted(code.ksic.code for code in codes)),
        ksic_provisional=any(code.provisional for code in codes),
        source=one.source,
        note=one.note,
        upload=one.upload_id or 0,
    )


@transaction.atomic
def record_industries(stated: Iterable[tuple[Stated, Stated | None]], *, upload: Upload | None, actor: User) -> int:
    """Write industries as stated; each with how it stood when that was looked at. Returns how many.

    Refuses if one of them has changed since (`changed_meanwhile`).
    """
    refuse_non_manager(actor)
    done = 0
    with deed("record_industries", actor=actor) as noted:
        for now, was in stated:
            one = _locked(now.code)
            if (state_of(one) if one else None) != was:
                raise Refusal(
                    "changed_meanwhile",
                    f"{now.code} {now.name}이(가) 확인하신 뒤에 바뀌었습니다. 파일을 다시 확인해 주세요.",
                )
            _write(one, now, upload)
            done += 1
        if upload is not None:
            noted.about(upload, count=done)
    return done


@transaction.atomic
def undo_industries(stated: Iterable[tuple[Stated, Stated | None]], *, upload: Upload, actor: User) -> dict[str, int]:
    """Put back what stood before a file. What a later file stated is left alone and counted as `kept`."""
    refuse_non_manager(actor)
    counts = {"restored": 0, "withdrawn": 0, "kept": 0}
    with deed("undo_industries", actor=actor) as noted:
        for now, was in stated:
            one = _locked(now.code)
            if one is None or one.upload_id != upload.pk:
                counts["kept"] += 1
            elif was is None:
                one.delete()
                counts["withdrawn"] += 1
            else:
                _write(one, was, Upload.objects.filter(pk=was.upload).first())
                counts["restored"] += 1
        if not counts["restored"] and not counts["withdrawn"]:
            raise Refusal("nothing_to_undo", "되돌릴 산업이 없습니다. 이 파일의 산업은 모두 그 뒤에 다시 바뀌었습니다.")
        noted.about(upload, restored=counts["restored"], withdrawn=counts["withdrawn"], kept=counts["kept"])
    return counts


def _locked(code: str) -> RegionalIndustry | None:
    return RegionalIndustry.objects.select_for_update().filter(code=code).first()


def _write(one: RegionalIndustry | None, now: Stated, upload: Upload | None) -> None:
    one = one or RegionalIndustry(code=now.code)
    first, last = (date.fromisoformat(day) if day else None for day in (now.valid_from, now.valid_to))
    one.kind, one.name_ko, one.provisional, one.upload = now.kind, now.name, now.provisional, upload
    one.effective = period(first, last + timedelta(days=1) if last else None)
    one.source, one.note = now.source, now.note
    one.full_clean()
    one.save()
    one.places.exclude(region__in=now.regions).delete()
    there = set(one.places.values_list("region", flat=True))
    for pk in now.regions:
        if pk not in there:
            RegionalIndustryRegion.objects.create(industry=one, region_id=pk)
    one.codes.exclude(ksic__revision=REVISION, ksic__code__in=now.ksic).delete()
    wanted = dict(Industry.objects.filter(revision=REVISION, code__in=now.ksic).values_list("code", "pk"))
    for code in now.ksic:
        facts = {"provisional": now.ksic_provisional, "source": now.source}
        RegionalIndustryCode.objects.update_or_create(industry=one, ksic_id=wanted[code], defaults=facts)
