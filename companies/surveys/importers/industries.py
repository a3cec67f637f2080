"""Main and future industries by file: the ministry confirms names, validity, regions and KSIC codes without a release."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from companies.models import Industry
from companies.surveys.enums import IndustryKind
from companies.surveys.models import RegionalIndustry
from companies.surveys.services.industries import REVISION, Stated, record_industries, state_of, undo_industries
from portal.directory.enums import Capability, RegionLevel
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row
from portal.kernel import display

_KINDS = {"주축산업": IndustryKind.MAIN, "미래 신산업": IndustryKind.FUTURE, "지역 협력": IndustryKind.COOPERATIVE}
_WORDS = {str(kind): word for word, kind in _KINDS.items()}
_READ_KIND = cells.one_of({**{word: str(kind) for word, kind in _KINDS.items()}, **{str(k): str(k) for k in _WORDS}})
_DAY_TO = timedelta(days=1)
YES = "○"


def _code(cell: Any) -> str:
    found = cells.code(cell).upper()
    if not re.fullmatch(r"[A-Z0-9-]{1,12}", found):
        raise ValueError("코드는 영문 대문자, 숫자, 줄표로 12자까지 적어 주세요. 예: M-GN-1")
    return found


def _short(longest: int) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        found = cells.text(cell)
        if len(found) > longest:
            raise ValueError(f"{longest}자까지 적을 수 있습니다. {len(found)}자입니다.")
        return found

    return read


def _listed(cell: Any) -> list[str]:
    """Words apart by commas, each once, in the order of their letters."""
    return sorted({word for part in re.split(r"[,;/\n]", str(cell)) if (word := cells.text(part))})


def _iso(cell: Any) -> str:
    return cells.day(cell).isoformat()


def _joined(kept: list[str]) -> str:
    return ", ".join(kept)


def _day(kept: str) -> str:
    return display.day(date.fromisoformat(kept))


_COLUMNS = (
    Column("code", "산업 코드", _code, text=True, width=12, help="바꾸지 않는 열쇠입니다.", example="M-GN-1"),
    Column("kind", "구분", _READ_KIND, text=True, width=14, help="주축산업, 미래 신산업, 지역 협력.", example="주축산업",
           choices=lambda scope: list(_KINDS), show=lambda kept: _WORDS.get(kept, kept)),
    Column("name", "이름", _short(80), text=True, width=28, help="고시나 보도자료에 적힌 이름.", example="첨단항공"),
    Column("regions", "시·도", _listed, text=True, width=24, help="여럿이면 쉼표로. 지역 협력은 함께하는 시·도 모두.",
           example="경남", show=_joined),
    Column("valid_from", "시작하는 날", _iso, required=False, text=True, help="모르면 비웁니다.", example="2023-02-27",
           show=_day),
    Column("valid_to", "끝나는 날", _iso, required=False, text=True, help="이날까지 유효. 끝나지 않았으면 비웁니다.",
           show=_day),
    Column("provisional", "잠정", cells.flag, required=False, width=8, help="확인 전이면 ○.", choices=lambda scope: [YES],
           show=lambda kept: YES if kept else ""),
    Column("ksic", f"표준산업분류({REVISION}차)", _listed, required=False, text=True, width=28,
           help="업종코드를 쉼표로. 모르면 비웁니다.", example="C29, C30", show=_joined),
    Column("ksic_provisional", "분류 잠정", cells.flag, required=False, width=10, help="공식 목록에서 온 것이 아니면 ○.",
           choices=lambda scope: [YES], show=lambda kept: YES if kept else ""),
    Column("source", "출처", _short(120), text=True, width=30, help="어디에서 확인했는지.", example="부처 고시 2026-12"),
    Column("note", "비고", _short(300), required=False, text=True, width=30),
)  # fmt: skip


class IndustryImporter:
    """One row an industry. What a file states stands until another file states it otherwise."""

    kind = "regional-industries"
    title = "주축산업과 미래 신산업"
    version = "1"
    capability = Capability.MANAGE_SURVEYS
    columns = _COLUMNS

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find regions and KSIC codes, compare each industry with how it stands. Six queries."""
        regions = _provinces()
        wanted = {code for row in rows for code in row.values.get("ksic") or ()}
        codes = dict(Industry.objects.filter(revision=REVISION, code__in=wanted).values_list("code", "pk"))
        standing = {
            one.code: state_of(one) for one in _whole().filter(code__in=[row.values.get("code") for row in rows])
        }
        first: dict[str, int] = {}
        for row in rows:
            values = row.values
            _find_places(row, regions)
            if strange := [code for code in values.get("ksic") or () if code not in codes]:
                text = f"제{REVISION}차 표준산업분류에 없는 코드입니다: {', '.join(strange)}"
                row.problems.append(Problem("ksic_unknown", text, "ksic"))
            if values.get("valid_from") and values.get("valid_to") and values["valid_from"] > values["valid_to"]:
                row.problems.append(Problem("dates", "끝나는 날이 시작하는 날보다 빠릅니다.", "valid_to"))
            code = values.get("code")
            if code and (twin := first.setdefault(code, row.number)) != row.number:
                row.problems.append(
                    Problem("doubled", f"{twin}행과 같은 산업 코드입니다. 한 행만 남겨 주세요.", "code")
                )
            if not row.is_wrong and code:
                _compare(row, standing.get(code))

    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """State each industry as the file does. Refuses if one moved since the preview."""
        stated = [(_stated(values["_now"]), _maybe(values["_was"])) for values in rows]
        return {"written": record_industries(stated, upload=upload, actor=actor)}

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Each industry of the file is as it was before, unless a later file stated it."""
        written = upload.rows.filter(values__has_key="_now").exclude(outcome="SAME").values_list("values", flat=True)
        stated = [(_stated(values["_now"]), _maybe(values["_was"])) for values in written]
        return undo_industries(stated, upload=upload, actor=actor)

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every industry on record."""
        names = {one.pk: one.short_name_ko for one in Region.objects.of_level(RegionLevel.SIDO)}
        for one in _whole().order_by("code"):
            now = state_of(one)
            yield {
                "code": now.code,
                "kind": _WORDS[now.kind],
                "name": now.name,
                "regions": _joined(sorted(names[pk] for pk in now.regions)),
                "valid_from": now.valid_from,
                "valid_to": now.valid_to,
                "provisional": YES if now.provisional else "",
                "ksic": _joined(list(now.ksic)),
                "ksic_provisional": YES if now.ksic_provisional else "",
                "source": now.source,
                "note": now.note,
            }


def _whole() -> Any:
    return RegionalIndustry.objects.prefetch_related("places__region", "codes__ksic")


def _provinces() -> dict[str, Region]:
    """시·도 by name and short name; of several that bore it the one that bears it last."""
    found: dict[str, Region] = {}
    rows = Region.objects.of_level(RegionLevel.SIDO)
    for region in sorted(rows, key=lambda region: region.effective.upper or date.max):
        found |= {region.name_ko: region, region.short_name_ko: region}
    return found


def _find_places(row: Row, regions: Mapping[str, Region]) -> None:
    words = row.values.get("regions") or []
    if strange := [word for word in words if word not in regions]:
        text = f"없는 시·도입니다: {', '.join(strange)}. 경남, 전북처럼 적어 주세요."
        row.problems.append(Problem("region_unknown", text, "regions"))
        return
    row.values["_regions"] = sorted({regions[word].pk for word in words})


def _compare(row: Row, was: Stated | None) -> None:
    values = row.values
    now = Stated(
        code=values["code"], kind=values["kind"], name=values["name"], regions=tuple(values["_regions"]),
        valid_from=values.get("valid_from"), valid_to=values.get("valid_to"),
        provisional=bool(values.get("provisional")), ksic=tuple(values.get("ksic") or ()),
        ksic_provisional=bool(values.get("ksic_provisional")) and bool(values.get("ksic")),
        source=values["source"], note=values.get("note") or "",
    )  # fmt: skip
    values["_now"], values["_was"] = now.as_json(), was.as_json() if was else None
    row.same = now.says_the_same_as(was)
    if was is not None and not row.same:
        held = was.as_json()
        row.before = {name: held[name] for name, value in now.as_json().items() if name in held and held[name] != value}
        row.before.pop("upload", None)
        if "regions" in row.before:
            names = dict(Region.objects.filter(pk__in=was.regions).values_list("pk", "short_name_ko"))
            row.before["regions"] = sorted(names.values())


def _stated(kept: Mapping[str, Any]) -> Stated:
    return Stated(**{**kept, "regions": tuple(kept["regions"]), "ksic": tuple(kept["ksic"])})


def _maybe(kept: Mapping[str, Any] | None) -> Stated | None:
    return None if kept is None else _stated(kept)


INDUSTRIES = IndustryImporter()
