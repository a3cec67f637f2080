"""What somebody finds on coming in: work, files, the newest changes in their regions."""

from typing import Any

from django.db.models import F, Q

from crisis.enums import STAGE_RANK, AreaLevel
from crisis.models import Result, StageChange
from portal.dashboards.selectors.board import IS_ALARMED, results
from portal.directory.models import Job
from portal.directory.scope import Scope
from portal.intake.enums import UploadState
from portal.intake.models import Upload

NEWEST = 8
#: A file that waits for somebody: to be looked at and taken over, or to be mended.
WAITING = (UploadState.READY, UploadState.REJECTED, UploadState.RECEIVED, UploadState.READING)


def decided_changes(scope: Scope) -> list[StageChange]:
    """The newest changes of a decided stage in the reader's regions."""
    rows = StageChange.objects.visible_to(scope).select_related("area", "determination__round")
    return list(rows.order_by("-on", "area__code")[:NEWEST])


def worsened(run: Any, scope: Scope, level: str) -> list[Result]:
    """The areas whose model stage got worse in this round, the highest index first."""
    worse = Q()
    for before in STAGE_RANK:
        for now in STAGE_RANK:
            if STAGE_RANK[now] > STAGE_RANK[before]:
                worse |= Q(previous_stage=before, model_stage=now)
    rows = results(run, scope, level).filter(IS_ALARMED).filter(worse).select_related("area").defer("public")
    return list(rows.order_by(F("rci").desc(nulls_last=True), "area__code")[:NEWEST])


def open_jobs(scope: Scope) -> list[Job]:
    """Long work that is not done yet, and what failed last."""
    return list(Job.objects.visible_to(scope).unfinished().order_by("-created_at")[:NEWEST])


def waiting_uploads(scope: Scope) -> list[Upload]:
    """Files of the reader and their bodies that are not in the books yet."""
    rows = Upload.objects.visible_to(scope).filter(state__in=WAITING).select_related("owner")
    return list(rows.order_by("-created_at")[:NEWEST])


def home_level(run: Any) -> str:
    """What a reader counts in: 시·군·구 where they are judged."""
    levels = run.rule_set.levels
    return AreaLevel.SIGUNGU if AreaLevel.SIGUNGU in levels else levels[-1]
