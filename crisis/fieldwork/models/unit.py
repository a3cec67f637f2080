"""A workplace asked in a campaign: its sheet, every version of it, or why there is none."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from companies.enums import CompanySize
from companies.models import Workplace
from crisis.fieldwork.enums import NO_ANSWER, UNFINISHED, UnitOrigin, UnitState
from crisis.fieldwork.models.campaign import Campaign, CampaignCluster
from portal.directory.enums import Capability
from portal.directory.history import append_only, tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.intake.models import Upload
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped

_PLACE = "place__cluster__region"


class UnitQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """For those who ask firms there and those who keep or review the firms there: nobody else reads a firm's answer."""
        if scope.within(Capability.ENTER_SURVEYS).nationwide or scope.within(Capability.VIEW_PERSONAL).nationwide:
            return self
        asking, keeping = scope.within(Capability.ENTER_SURVEYS), scope.within(Capability.VIEW_PERSONAL)
        return self.filter(Q(**{f"{_PLACE}__in": asking.region_ids | keeping.region_ids}))

    def entered_within(self, scope: Scope) -> Self:
        """Those this scope writes for."""
        return self.filter(scope.within(Capability.ENTER_SURVEYS).regions(_PLACE))

    def asked(self) -> Self:
        """Not replaced by another."""
        return self.filter(replacement=None)

    def unfinished(self) -> Self:
        return self.asked().filter(state__in=UNFINISHED)

    def submitted(self) -> Self:
        return self.filter(state=UnitState.SUBMITTED)


@tracked()
class Unit(Timestamped):
    """One workplace in the sample. `size` is the class it was drawn in; `version` rises with each change of the sheet."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="units", db_index=False)
    place = models.ForeignKey(CampaignCluster, models.PROTECT, related_name="units", verbose_name="밀집지역")
    workplace = models.ForeignKey(Workplace, models.PROTECT, related_name="+", verbose_name="사업장")
    number = models.CharField("조사 번호", max_length=12, db_collation="C", help_text="표본 안의 차례")
    size = models.CharField("기업 규모", max_length=10, choices=CompanySize, default=CompanySize.UNKNOWN)
    origin = models.CharField("표본에 든 경로", max_length=12, choices=UnitOrigin, default=UnitOrigin.DRAWN)
    interviewer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="조사원"
    )
    state = models.CharField("상태", max_length=10, choices=UnitState, default=UnitState.PENDING)
    version = models.PositiveIntegerField("판", default=0, editable=False)
    answers = models.JSONField("답", default=dict, blank=True)
    outcome_note = models.CharField("응답이 없는 사정", max_length=200, blank=True)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replacement", verbose_name="대체한 표본"
    )
    replace_reason = models.CharField("대체 사유", max_length=200, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = "표본 사업장"
        ordering = ["campaign", "number"]
        indexes = [models.Index(fields=["place", "state"], name="field_unit_of_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "workplace"],
                name="field_unit_once_a_campaign",
                violation_error_message="이 조사의 표본에 이미 있는 사업장입니다.",
            ),
            models.UniqueConstraint(
                fields=["campaign", "number"],
                name="field_unit_number_once",
                violation_error_message="이 조사에 이미 있는 조사 번호입니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="field_unit_submitted_by_someone",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=(Q(state=UnitState.SUBMITTED) & Q(submitted_at__isnull=False))
                | (~Q(state=UnitState.SUBMITTED) & Q(submitted_at=None)),
                name="field_unit_state_matches_submission",
                violation_error_message="조사표의 상태와 제출 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(outcome_note="") | Q(state__in=NO_ANSWER),
                name="field_unit_note_only_without_an_answer",
                violation_error_message="응답이 없는 사정은 응답이 없을 때만 적습니다.",
            ),
            models.CheckConstraint(
                condition=(Q(replaces=None) & Q(replace_reason="") & ~Q(origin=UnitOrigin.REPLACEMENT))
                | (Q(replaces__isnull=False) & ~Q(replace_reason="") & Q(origin=UnitOrigin.REPLACEMENT)),
                name="field_unit_replaces_with_a_reason",
                violation_error_message="대체한 표본에는 사유가 있어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.number}"


class UnitRevisionQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen with their sheet."""
        return self.filter(unit__in=Unit.objects.visible_to(scope))


class UnitRevision(models.Model):
    """One version of a sheet: who wrote which answers when, by form or by which file, and why after handing in."""

    unit = models.ForeignKey(Unit, models.DO_NOTHING, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField("판")
    state = models.CharField("상태", max_length=10, choices=UnitState)
    answers = models.JSONField("답")
    outcome_note = models.CharField("응답이 없는 사정", max_length=200, blank=True)
    reason = models.CharField("고친 사유", max_length=200, blank=True)
    at = models.DateTimeField("일시", default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="쓴 사람")
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", verbose_name="올린 파일")

    objects = UnitRevisionQuerySet.as_manager()

    class Meta:
        verbose_name = "조사표의 판"
        ordering = ["unit", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "version"],
                name="field_unit_version_once",
                violation_error_message="이미 있는 판입니다.",
            )
        ]
        triggers = append_only("unit_revision")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.version}판"
