"""Lists by file, through the pipeline as people use it: preview, all or none, back again; regions through renamings."""

import csv
import io
from datetime import date

import pytest
from django.core.files.base import ContentFile

from crisis.declining import importers, services
from crisis.declining.models import DeclineStatus, SpecialZone
from crisis.declining.selectors import Lineage, in_decline
from portal.directory.models import Region, RegionSuccession
from portal.directory.scope import EVERYTHING, scope_of
from portal.intake import services as intake
from portal.intake import tasks
from portal.intake.models import Upload
from portal.kernel.dates import period
from portal.kernel.errors import Refusal
from tests.factories.declining import DeclineStatusFactory
from tests.factories.directory import RegionFactory

pytestmark = pytest.mark.django_db
LISTED = ["시·군·구", "구분", "지정일", "마지막 날", "고시", "출처", "잠정"]
ZONES = [
    "특구 번호",
    "특구 이름",
    "분야",
    "특화자원",
    "시·군·구",
    "지정일",
    "마지막 날",
    "끝난 사유",
    "고시",
    "출처",
    "비고",
]


def read(kind, head, rows, actor):
    text = io.StringIO(newline="")
    csv.writer(text).writerows([head, *rows])
    content = ContentFile(text.getvalue().encode("utf-8-sig"))
    upload = intake.receive_upload(kind=kind, content=content, filename="목록.csv", actor=actor)
    tasks.read_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def commit(upload, actor):
    upload = intake.ask_commit(upload=upload, actor=actor)
    tasks.commit_upload(job_id=upload.job_id)
    return Upload.objects.get(pk=upload.pk)


def told(upload):
    return [problem["message"] for row in upload.rows.order_by("number") for problem in row.problems]


def as_written(importer, scope, head):
    """What the importer gives out, as cells under its heads."""
    names = [column.name for column in importer.columns]
    assert [column.header for column in importer.columns] == head
    return [["" if (value := row[name]) is None else str(value) for name in names] for row in importer.export(scope)]


def test_listings_come_by_file_change_and_go_back(land):
    rows = [
        ["가남도 산골군", "인구감소지역", "2021-10-19", "", "고시 2021-66", "행정안전부 고시", ""],
        ["가남도 이웃군", "관심지역", "2021.10.19", "", "", "행정안전부 고시", "○"],
    ]
    first = commit(read("decline-statuses", LISTED, rows, land.ministry), land.ministry)
    assert first.counts["written"] == {"new": 2, "changed": 0, "same": 0}
    assert DeclineStatus.objects.get(region=land.county).upload == first
    again = read("decline-statuses", LISTED, as_written(importers.STATUSES, EVERYTHING, LISTED), land.ministry)
    assert again.count_of("SAME") == 2, "what is taken out comes back unchanged"
    ended = [[*rows[0][:3], "2026-10-18", *rows[0][4:]], [rows[0][0], "관심지역", "2026-10-19", "", "", "새 고시", ""]]
    second = commit(read("decline-statuses", LISTED, ended[::-1], land.ministry), land.ministry)
    assert second.counts["written"] == {"new": 1, "changed": 1, "same": 0}
    intake.undo_upload(upload=second, actor=land.ministry, reason="잘못 올림")
    assert DeclineStatus.objects.get(region=land.county).effective.upper is None
    undone = intake.undo_upload(upload=first, actor=land.ministry, reason="모두")
    assert undone == {"withdrawn": 1, "restored": 0, "kept": 1}, "the listing put back since belongs to no file"


def test_a_wrong_list_tells_every_fault_and_writes_nothing(land):
    DeclineStatusFactory(region=land.beside)
    rows = [
        ["없는군", "인구감소지역", "2021-10-19", "", "", "고시", ""],
        ["가남도 이웃군", "관심지역", "2023-01-01", "", "", "고시", ""],
        ["가남도 산골군", "인구감소지역", "2024-01-01", "2023-01-01", "", "고시", ""],
        ["나북도 먼군", "어떤 지역", "2021-10-19", "", "", "", ""],
    ]
    upload = read("decline-statuses", LISTED, rows, land.ministry)
    words = " ".join(told(upload))
    for part in ("모르는 시·군·구", "지금 자료의", "마지막 날이 첫날보다", "쓸 수 없습니다"):
        assert part in words, part
    with pytest.raises(Refusal, match="고칠 곳 있음"):
        intake.ask_commit(upload=upload, actor=land.ministry)
    assert DeclineStatus.objects.count() == 1


def test_a_place_that_was_renamed_keeps_its_listing_and_none_is_listed_twice(land):
    old = RegionFactory(sigungu=True, parent=land.there, name_ko="군위군", effective=period(None, date(2023, 7, 1)))
    new = RegionFactory(sigungu=True, parent=land.here, name_ko="군위군", effective=period(date(2023, 7, 1)))
    RegionSuccession.objects.create(predecessor=old, successor=new, on=date(2023, 7, 1), kind="MOVED")
    gone = RegionFactory(sigungu=True, parent=land.here, name_ko="없어진군", effective=period(None, date(2023, 7, 1)))
    RegionSuccession.objects.create(predecessor=gone, successor=land.county, on=date(2023, 7, 1), kind="MERGED")
    DeclineStatusFactory(region=old)
    DeclineStatusFactory(region=gone)
    places = {place.region.pk: place for place in in_decline(EVERYTHING, date(2024, 2, 1))}
    assert new.pk in places
    assert old.pk not in places
    assert land.county.pk not in places, "a merger makes another place: its listing does not pass over"
    assert old.pk in {place.region.pk for place in in_decline(EVERYTHING, date(2023, 6, 30))}
    assert sorted(Lineage(date(2024, 2, 1)).all_of(old.pk)) == sorted([old.pk, new.pk])
    with pytest.raises(Refusal, match="이미 지정"):
        services.put_status(
            region=new, kind="WATCH", first=date(2024, 1, 1), last=None, source="고시", actor=land.ministry
        )
    upload = read(
        "decline-statuses", LISTED, [["가남도 군위군", "관심지역", "2024-01-01", "", "", "고시", ""]], land.ministry
    )
    assert "기간이 겹칩니다" in " ".join(told(upload))


def test_an_old_address_leads_to_what_the_place_is_today(client, land):
    new = RegionFactory(sigungu=True, parent=land.here, effective=period(date(2023, 7, 1)))
    Region.objects.filter(pk=land.county.pk).update(effective=period(None, date(2023, 7, 1)))
    RegionSuccession.objects.create(predecessor=land.county, successor=new, on=date(2023, 7, 1), kind="RECODED")
    client.force_login(land.ministry)
    answer = client.get(f"/declining/regions/{land.county.scheme}/{land.county.code}/")
    assert answer.headers["Location"] == f"/declining/regions/{new.scheme}/{new.code}/"


ZONE = [
    "SZ-1",
    "약초 특구",
    "향토 자원",
    "약초",
    "가남도 산골군, 가남도 이웃군",
    "2010-05-01",
    "",
    "",
    "고시",
    "출처",
    "",
]


def test_zones_of_a_province_come_by_file_and_go_back(land):
    first = commit(read("special-zones", ZONES, [ZONE], land.sido), land.sido)
    zone = SpecialZone.objects.get()
    assert {place.region for place in zone.places.all()} == {land.county, land.beside}
    given = as_written(importers.ZONES, scope_of(land.sido), ZONES)
    given[0][1] += " "  # the very same bytes would be refused as committed already
    assert read("special-zones", ZONES, given, land.sido).count_of("SAME") == 1
    changed = [*ZONE[:4], "가남도 산골군", ZONE[5], "2023-12-31", "목적 달성", *ZONE[8:]]
    preview = read("special-zones", ZONES, [changed], land.sido)
    assert {"regions", "last", "end_reason"} <= set(preview.rows.get().before)
    second = commit(preview, land.sido)
    assert SpecialZone.objects.get().places.count() == 1
    intake.undo_upload(upload=second, actor=land.sido, reason="잘못")
    zone.refresh_from_db()
    assert (zone.end_reason, zone.places.count()) == ("", 2)
    with pytest.raises(Refusal, match="되돌릴 것이 없습니다"):
        intake.undo_upload(upload=first, actor=land.sido, reason="모두")


def test_a_clerk_brings_in_no_zone_of_elsewhere(land):
    faults = [
        [*ZONE[:4], "나북도 먼군", *ZONE[5:]],
        ["SZ-1", *ZONE[1:6], "2020-01-01", "", *ZONE[8:]],
    ]
    words = " ".join(told(read("special-zones", ZONES, faults, land.hall)))
    for part in ("관할 밖의 시·군·구", "사유는 함께", "같은 특구 번호"):
        assert part in words, part
    with pytest.raises(Refusal):
        read("decline-statuses", LISTED, [["가남도 산골군", "관심지역", "2021-10-19", "", "", "고시", ""]], land.hall)
