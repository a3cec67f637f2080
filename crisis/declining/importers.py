"""Files of listings (인구감소지역) and of special zones (지역특구): one row a listing, one row a zone."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from companies.importers.region_names import RegionNames
from crisis.declining.enums import DeclineKind, ZoneKind
from crisis.declining.models import DeclineStatus, SpecialZone
from crisis.declining.selectors.places import Lineage
from crisis.declining.services.common import last_day
from crisis.declining.services.statuses import Listed, listed, record_statuses, undo_statuses
from crisis.declining.services.zone_files import Stated, record_zones, stated, undo_zones
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake import cells
from portal.intake.models import Upload
from portal.intake.registry import Column, Problem, Row
from portal.kernel import display

YES = "○"
_KINDS = {str(label): str(value) for value, label in DeclineKind.choices} | {"관심지역": "WATCH"}
_ZONES = {str(label): str(value) for value, label in ZoneKind.choices}
_KIND_WORDS = {str(value): str(label) for value, label in DeclineKind.choices}
_ZONE_WORDS = {value: word for word, value in _ZONES.items()}


def _short(longest: int) -> Callable[[Any], str]:
    def read(cell: Any) -> str:
        found = cells.text(cell)
        if len(found) > longest:
            raise ValueError(f"{longest}자까지 적을 수 있습니다. {len(found)}자입니다.")
        return found

    return read


def _iso(cell: Any) -> str:
    return cells.day(cell).isoformat()


def _code(cell: Any) -> str:
    found = cells.code(cell)
    if not re.fullmatch(r"[A-Z0-9-]{1,20}", found):
        raise ValueError("번호는 영문 대문자, 숫자, 줄표로 20자까지 적어 주세요. 예: SZ-001")
    return found


def _listed_words(cell: Any) -> list[str]:
    """Words apart by commas, each once."""
    return list(dict.fromkeys(word for part in re.split(r"[,;\n]", str(cell)) if (word := cells.text(part))))


def _day(kept: str) -> str:
    return display.day(date.fromisoformat(kept))


def _places(scope: Scope, capability: str) -> Sequence[str]:
    mine = scope.within(capability)
    return RegionNames().labels(None if mine.nationwide else mine.region_ids)


def _dates_in_order(row: Row) -> None:
    first, last = row.values.get("first"), row.values.get("last")
    if first and last and last < first:
        row.problems.append(Problem("dates", "마지막 날이 첫날보다 앞섭니다.", "last"))


class StatusImporter:
    """Listings of 시·군·구. A listing is known by its place and first day: the same again with another end changes it."""

    kind = "decline-statuses"
    title = "인구감소지역 지정"
    version = "1"
    capability = Capability.AGREE_FUND_PROJECTS
    columns = (
        Column("region", "시·군·구", cells.text, text=True, width=24, example="경상남도 거창군",
               aliases=("시군구", "지역", "지역코드"), help="시·도부터 적거나 지역코드를 적습니다.",
               choices=lambda scope: _places(scope, Capability.AGREE_FUND_PROJECTS)),
        Column("kind", "구분", cells.one_of(_KINDS | {v: v for v in DeclineKind.values}), text=True, width=16,
               choices=lambda scope: list(_KIND_WORDS.values()), show=lambda kept: _KIND_WORDS.get(kept, kept),
               help="인구감소지역, 인구감소 관심지역.", example="인구감소지역"),
        Column("first", "지정일", _iso, text=True, width=14, example="2021-10-19", aliases=("시작일",), show=_day),
        Column("last", "마지막 날", _iso, required=False, text=True, width=14, aliases=("종료일",), show=_day,
               help="이날까지 유효. 끝이 정해지지 않았으면 비웁니다."),
        Column("notice", "고시", _short(120), required=False, text=True, width=26, help="고시 번호."),
        Column("source", "출처", _short(200), text=True, width=30, help="어디에서 확인했는지.", example="행정안전부 고시"),
        Column("provisional", "잠정", cells.flag, required=False, width=8, choices=lambda scope: [YES],
               help="확인 전이면 ○.", show=lambda kept: YES if kept else ""),
    )  # fmt: skip

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find the places, lay each listing beside the one that began on that day, refuse two at once. Six queries."""
        names, lineage = RegionNames(), Lineage()
        say(message="지금 자료와 맞대는 중")
        books = {
            (lineage.now(one.region_id), one.effective.lower.isoformat()): one for one in DeclineStatus.objects.all()
        }
        # How each place will stand, by (place, first day): what the file says goes before what is on record.
        stand = {key: (f"지금 자료의 {one}", listed(one)) for key, one in books.items()}
        placed: list[tuple[Row, tuple[int, str], Listed]] = []
        for row in rows:
            _dates_in_order(row)
            place = _find(names, row)
            if place is None or row.is_wrong:
                continue
            key = (lineage.now(place), row.values["first"])
            was = books.get(key)
            now = Listed(
                was.region_id if was else place, row.values["kind"], row.values["first"], row.values.get("last"),
                row.values.get("notice") or "", row.values["source"], bool(row.values.get("provisional")),
            )  # fmt: skip
            if twin := next((other for other, taken, _ in placed if taken == key), None):
                text = f"{twin.number}행과 같은 시·군·구와 지정일입니다. 한 행만 남겨 주세요."
                row.problems.append(Problem("doubled", text, "region"))
                continue
            stand[key] = (f"{row.number}행", now)
            placed.append((row, key, now))
            _compare(row, now.as_json(), listed(was).as_json() if was else None)
        by_place: dict[int, list[tuple[tuple[int, str], str, Listed]]] = defaultdict(list)
        for key, (told, one) in stand.items():
            by_place[key[0]].append((key, told, one))
        for row, key, now in placed:
            for other_key, told, other in by_place[key[0]]:
                if other_key != key and _overlap(now, other):
                    text = f"{told}과(와) 기간이 겹칩니다. 마지막 날을 적어 먼저 것을 끝내 주세요."
                    row.problems.append(Problem("listed_twice", text, "first"))

    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Write the listings, all or none."""
        return dict(record_statuses(_pairs(rows, Listed), upload=upload, actor=actor))

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the file's listings back, those changed since left alone."""
        return dict(undo_statuses(_pairs(_written(upload), Listed), upload=upload, actor=actor, reason=reason))

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every listing on record that the reader may see."""
        names = RegionNames()
        for one in DeclineStatus.objects.visible_to(scope).order_by("region__code", "effective"):
            yield {
                "region": names.label(names.regions[names.today(one.region_id)]), "kind": _KIND_WORDS[one.kind],
                "first": one.effective.lower, "last": last_day(one.effective), "notice": one.notice,
                "source": one.source, "provisional": YES if one.provisional else "",
            }  # fmt: skip


class ZoneImporter:
    """Special zones of the 시·군·구 the uploader answers for."""

    kind = "special-zones"
    title = "지역특구"
    version = "1"
    capability = Capability.RECORD_DECLINING
    columns = (
        Column("code", "특구 번호", _code, text=True, width=14, help="바꾸지 않는 열쇠입니다.", example="SZ-001"),
        Column("name", "특구 이름", _short(120), text=True, width=30, aliases=("특구명",), example="○○ 한방약초산업특구"),
        Column("kind", "분야", cells.one_of(_ZONES | {v: v for v in ZoneKind.values}), text=True, width=14,
               choices=lambda scope: list(_ZONES), show=lambda kept: _ZONE_WORDS.get(kept, kept), example="향토 자원"),
        Column("resource", "특화자원", _short(120), required=False, text=True, width=20, example="약초"),
        Column("regions", "시·군·구", _listed_words, text=True, width=28, example="경상남도 산청군", aliases=("시군구",),
               help="여럿이면 쉼표로. 시·도부터 적거나 지역코드를 적습니다.", show=", ".join),
        Column("first", "지정일", _iso, text=True, width=14, example="2005-06-10", show=_day),
        Column("last", "마지막 날", _iso, required=False, text=True, width=14, show=_day,
               help="해제되었으면 지정의 마지막 날. 이어지고 있으면 비웁니다."),
        Column("end_reason", "끝난 사유", _short(200), required=False, text=True, width=24,
               help="마지막 날을 적으면 사유도 적습니다."),
        Column("notice", "고시", _short(120), required=False, text=True, width=24),
        Column("source", "출처", _short(200), text=True, width=30, help="어디에서 확인했는지."),
        Column("note", "비고", _short(300), required=False, text=True, width=30),
    )  # fmt: skip

    def check(self, rows: list[Row], *, scope: Scope, say: Callable[..., None]) -> None:
        """Find the places within the uploader's regions and lay each zone beside how it stands. Six queries."""
        names, mine = RegionNames(), scope.within(self.capability)
        say(message="지금 자료와 맞대는 중")
        codes = [row.values["code"] for row in rows if row.values.get("code")]
        books = {one.code: one for one in SpecialZone.objects.filter(code__in=codes).prefetch_related("places")}
        first: dict[str, int] = {}
        for row in rows:
            values = row.values
            _dates_in_order(row)
            if bool(values.get("last")) != bool(values.get("end_reason")):
                text = "마지막 날과 끝난 사유는 함께 적어 주세요."
                row.problems.append(Problem("end_reason", text, "end_reason"))
            places = _find_all(names, row, mine)
            code = values.get("code")
            if code and (twin := first.setdefault(code, row.number)) != row.number:
                row.problems.append(
                    Problem("doubled", f"{twin}행과 같은 특구 번호입니다. 한 행만 남겨 주세요.", "code")
                )
            was = books.get(code) if code else None
            if was is not None and not all(mine.holds(place.region_id) for place in was.places.all()):
                row.problems.append(Problem("out_of_scope", "관할 밖의 특구 번호입니다.", "code"))
            if row.is_wrong:
                continue
            now = Stated(
                code=values["code"], name=values["name"], kind=values["kind"], resource=values.get("resource") or "",
                regions=tuple(sorted(places)), first=values["first"], last=values.get("last"),
                end_reason=values.get("end_reason") or "", notice=values.get("notice") or "", source=values["source"],
                note=values.get("note") or "",
            )  # fmt: skip
            _compare(row, now.as_json(), stated(was).as_json() if was else None)
            if "regions" in row.before:
                row.before["regions"] = [names.label(names.regions[pk]) for pk in row.before["regions"]]

    def commit(self, upload: Upload, rows: Iterable[Mapping[str, Any]], *, actor: User) -> dict[str, Any]:
        """Write the zones, all or none."""
        return dict(record_zones(_pairs(rows, Stated), upload=upload, actor=actor))

    def undo(self, upload: Upload, *, actor: User, reason: str) -> dict[str, Any]:
        """Take the file's zones back, those changed since left alone."""
        return dict(undo_zones(_pairs(_written(upload), Stated), upload=upload, actor=actor, reason=reason))

    def export(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Every zone on record that the reader may see."""
        names = RegionNames()
        for one in SpecialZone.objects.visible_to(scope).prefetch_related("places").order_by("code"):
            places = [names.label(names.regions[names.today(place.region_id)]) for place in one.places.all()]
            yield {
                "code": one.code, "name": one.name, "kind": _ZONE_WORDS[one.kind], "resource": one.resource,
                "regions": ", ".join(places), "first": one.designated_on, "last": one.last_day,
                "end_reason": one.end_reason, "notice": one.notice, "source": one.source, "note": one.note,
            }  # fmt: skip


def _find(names: RegionNames, row: Row) -> int | None:
    written = row.values.get("region")
    if not written:
        return None
    try:
        return names.find(written).pk
    except ValueError as fault:
        row.problems.append(Problem("region_unknown", str(fault), "region"))
        return None


def _find_all(names: RegionNames, row: Row, mine: Scope) -> set[int]:
    found: set[int] = set()
    for written in row.values.get("regions") or ():
        try:
            region = names.find(written)
        except ValueError as fault:
            row.problems.append(Problem("region_unknown", str(fault), "regions"))
            continue
        if not mine.holds(region.pk):
            row.problems.append(Problem("out_of_scope", f"관할 밖의 시·군·구입니다: {written}", "regions"))
        found.add(region.pk)
    return found


def _overlap(one: Listed, other: Listed) -> bool:
    """Whether two listings hold on a same day (ISO days compare as text)."""
    return one.first <= (other.last or "9999") and other.first <= (one.last or "9999")


def _compare(row: Row, now: dict[str, Any], was: dict[str, Any] | None) -> None:
    row.values["_now"], row.values["_was"] = now, was
    row.same = now == was
    if was is not None and not row.same:
        row.before = {name: was[name] for name in now if was[name] != now[name]}


def _made(cls: type[Any], kept: Mapping[str, Any] | None) -> Any:
    if kept is None:
        return None
    facts = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}
    return cls(**facts)


def _pairs(rows: Iterable[Mapping[str, Any]], cls: type[Any]) -> list[tuple[Any, Any]]:
    return [(_made(cls, values["_now"]), _made(cls, values["_was"])) for values in rows]


def _written(upload: Upload) -> Iterable[Mapping[str, Any]]:
    return upload.rows.filter(values__has_key="_now").exclude(outcome="SAME").values_list("values", flat=True)


STATUSES = StatusImporter()
ZONES = ZoneImporter()
