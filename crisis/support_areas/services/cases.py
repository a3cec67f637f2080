"""From the draft to the ministry's desk."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from companies.models import Cluster
from crisis.support_areas.enums import CASE_WORDS, EDITABLE, CaseState, Initiative
from crisis.support_areas.models import CaseFile, CasePlace, SupportCase
from crisis.support_areas.services.common import (
    case_url,
    keep,
    locked,
    needs_ministry,
    needs_sido,
    recorded,
    rule_on,
    step,
)
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.services import notify
from portal.kernel.db import advisory_lock
from portal.kernel.deeds import refuse_stale
from portal.kernel.errors import Refusal

LARGEST_FILE = 20 * 1024 * 1024
CODES_LOCK = "support_areas.codes"


@transaction.atomic
def draft_case(
    *, sido: Region, name: str, ground: str, initiative: str, actor: User, is_demo: bool = False
) -> SupportCase:
    """Begin an application, or, where the rule of the day allows it, a case of the ministry's own motion."""
    today = timezone.localdate()
    if initiative == Initiative.OWN_MOTION:
        needs_ministry(actor)
        if not rule_on(today).own_motion:
            raise Refusal(
                "own_motion_not_allowed",
                "지금 규칙은 본부 직권 지정을 허용하지 않습니다. 시·도의 신청을 받아 주세요.",
                fields={"initiative": "지금 규칙은 본부 직권 지정을 허용하지 않습니다."},
            )
    else:
        needs_sido(actor, sido)
    advisory_lock(CODES_LOCK)
    serial = SupportCase.objects.filter(code__startswith=f"SA-{today.year}-").count() + 1
    case = SupportCase(
        code=f"SA-{today.year}-{serial:03d}",
        sido=sido,
        name=name,
        ground=ground,
        initiative=initiative,
        is_demo=is_demo,
    )
    case.full_clean()
    with recorded("draft_support_case", case, actor=actor):
        case.save()
    return case


def _writer(case: SupportCase, actor: User) -> None:
    if case.initiative == Initiative.OWN_MOTION:
        needs_ministry(actor)
    else:
        needs_sido(actor, case.sido)
    if case.state not in EDITABLE:
        raise Refusal("support_case_not_editable", f"‘{case.get_state_display()}’인 사건의 내용은 고칠 수 없습니다.")


@transaction.atomic
def save_case(*, case: SupportCase, facts: Mapping[str, Any], seen: int, actor: User) -> SupportCase:
    """Write the contents (decree §24②). `facts`: name, ground and the words of `CASE_WORDS`."""
    case = locked(case)
    _writer(case, actor)
    refuse_stale(case, seen)
    for name in ("name", "ground", *CASE_WORDS):
        if name in facts:
            setattr(case, name, facts[name])
    with recorded("save_support_case", case, actor=actor):
        keep(case)
    return case


@transaction.atomic
def set_places(
    *, case: SupportCase, regions: Iterable[Region], clusters: Iterable[Cluster], seen: int, actor: User
) -> SupportCase:
    """Say which 시·군·구 and clusters the area is. All of them lie in its 시·도."""
    case = locked(case)
    _writer(case, actor)
    refuse_stale(case, seen)
    chosen = {("region", one.pk): one for one in regions} | {("cluster", one.pk): one for one in clusters}
    for place in chosen.values():
        region = place.region if isinstance(place, Cluster) else place
        if case.sido_id not in {region.pk, region.parent_id}:
            raise Refusal("place_elsewhere", f"{place}은(는) {case.sido}에 있지 않습니다.")
    with recorded("set_support_case_places", case, actor=actor, places=len(chosen)):
        kept = set()
        for one in case.places.all():
            key = ("region", one.region_id) if one.region_id else ("cluster", one.cluster_id)
            if key in chosen:
                kept.add(key)
            else:
                one.delete()
        for kind, pk in chosen.keys() - kept:
            CasePlace.objects.create(case=case, **{f"{kind}_id": pk})
        keep(case)
    return case


@transaction.atomic
def attach_file(*, case: SupportCase, title: str, file: UploadedFile, actor: User) -> CaseFile:
    """Keep a piece of proof with its hash. The 시·도 attaches to its own, the ministry to any."""
    case = locked(case)
    if case.initiative == Initiative.APPLICATION and case.state in EDITABLE:
        needs_sido(actor, case.sido)
    else:
        needs_ministry(actor)
    if not file.size or file.size > LARGEST_FILE:
        text = "빈 파일이거나 20MB를 넘습니다. 나누거나 줄여서 올려 주세요."
        raise Refusal("file_size", text, fields={"file": text})
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    kept = CaseFile(
        case=case,
        title=title,
        filename=str(file.name)[-200:],
        size=file.size,
        sha256=digest.hexdigest(),
        uploaded_by=actor,
    )
    if CaseFile.objects.filter(case=case, sha256=kept.sha256).exists():
        raise Refusal("file_twice", "같은 파일이 이미 있습니다.", fields={"file": "같은 파일이 이미 있습니다."})
    kept.file.save(f"{case.code}-{kept.sha256[:16]}", file, save=False)
    try:
        with transaction.atomic(), recorded("attach_support_file", case, actor=actor, file=title):
            kept.save()
    except IntegrityError:
        kept.file.delete(save=False)
        raise
    return kept


def missing_for_submission(case: SupportCase) -> dict[str, str]:
    """What an application still lacks, by field (decree §24②)."""
    missing = {name: "적어야 신청할 수 있습니다." for name in CASE_WORDS if not getattr(case, name).strip()}
    if not case.places.exists():
        missing["places"] = "대상 지역(시·군·구 또는 밀집지역)을 하나 이상 정해 주세요."
    if not case.files.exists():
        missing["files"] = "증빙 자료를 하나 이상 붙여 주세요."
    return missing


@transaction.atomic
def submit_case(*, case: SupportCase, seen: int, actor: User) -> SupportCase:
    """The governor applies. Everything that lacks is told at once."""
    case = locked(case)
    needs_sido(actor, case.sido)
    refuse_stale(case, seen)
    if missing := missing_for_submission(case):
        labels = {
            **{f.name: str(f.verbose_name) for f in SupportCase._meta.concrete_fields},
            "places": "대상 지역",
            "files": "증빙",
        }
        words = ", ".join(labels[name] for name in missing)
        raise Refusal("application_incomplete", f"아직 비어 있습니다: {words}.", fields=missing)
    step(case, CaseState.SUBMITTED)
    case.submitted_at, case.submitted_by, case.return_comment = timezone.now(), actor, ""
    with recorded("submit_support_case", case, actor=actor):
        keep(case)
    notify(
        kind="support_case_submitted",
        key=f"support-case:{case.code}:{case.version}:submitted",
        title=f"{case.sido}에서 특별지원지역을 신청했습니다: {case.name}",
        url=case_url(case),
        capability=Capability.DECIDE_SUPPORT_AREAS,
    )
    return case


@transaction.atomic
def return_case(*, case: SupportCase, comment: str, seen: int, actor: User) -> SupportCase:
    """Back to the 시·도, saying what is to be mended."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    step(case, CaseState.RETURNED)
    case.return_comment = comment
    with recorded("return_support_case", case, actor=actor, reason=comment):
        keep(case)
    notify(
        kind="support_case_returned",
        key=f"support-case:{case.code}:{case.version}:returned",
        title=f"특별지원지역 신청을 보완해 주세요: {case.name}",
        url=case_url(case),
        regions=[case.sido_id],
        capability=Capability.APPLY_SUPPORT_AREAS,
    )
    return case


@transaction.atomic
def take_up_case(*, case: SupportCase, seen: int, actor: User) -> SupportCase:
    """The ministry begins its review: an application that came in, or its own motion."""
    case = locked(case)
    needs_ministry(actor)
    refuse_stale(case, seen)
    if case.state == CaseState.DRAFT:
        if case.initiative != Initiative.OWN_MOTION:
            raise Refusal("not_submitted", "시·도가 아직 신청하지 않았습니다.")
        if missing := missing_for_submission(case):
            raise Refusal(
                "application_incomplete", "직권 지정 사건에도 범위, 현황, 증빙이 모두 있어야 합니다.", fields=missing
            )
    step(case, CaseState.UNDER_REVIEW)
    with recorded("take_up_support_case", case, actor=actor):
        keep(case)
    return case


@transaction.atomic
def withdraw_case(*, case: SupportCase, reason: str, seen: int, actor: User) -> SupportCase:
    """Taken back before it is decided, by whoever began it."""
    case = locked(case)
    if case.initiative == Initiative.OWN_MOTION:
        needs_ministry(actor)
    else:
        needs_sido(actor, case.sido)
    refuse_stale(case, seen)
    step(case, CaseState.WITHDRAWN)
    with recorded("withdraw_support_case", case, actor=actor, reason=reason):
        keep(case)
    return case
