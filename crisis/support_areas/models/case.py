"""An application (or a case of the ministry's own motion) and what became of it."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery

from companies.models import Cluster
from crisis.support_areas.enums import DECIDED, CaseState, Ground, Initiative
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, exactly_one, not_blank
from portal.kernel.models import Timestamped


class SupportCaseQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen in its 시·도 and where one of its places lies."""
        if scope.nationwide:
            return self
        mine = scope.regions("region") | scope.regions("cluster__region")
        return self.filter(scope.regions("sido") | Exists(CasePlace.objects.filter(mine, case=OuterRef("pk"))))

    def designated_on(self, day: date) -> Self:
        """Areas whose designation holds on a day, whatever happened since."""
        from crisis.support_areas.models.term import Term

        return self.filter(Exists(Term.objects.filter(case=OuterRef("pk"), effective__contains=day)))

    def with_days(self) -> Self:
        """With `first_day` of the designation and `last_day` as decided, extension included."""
        from crisis.support_areas.models.term import Term

        terms = Term.objects.filter(case=OuterRef("pk"))
        return self.annotate(
            first_day=Subquery(terms.order_by("effective").values("effective__startswith")[:1]),
            last_day=Subquery(terms.order_by("-effective").values("planned_until")[:1]),
        )

    def with_ministry(self) -> Self:
        return self.filter(state__in=[CaseState.SUBMITTED, CaseState.UNDER_REVIEW])


@tracked()
class SupportCase(Timestamped):
    """One special support area from application to release. `version` rises with each change: two writers meet there.

    The contents follow decree §24②: range; production, sales, employment; needed support and revival plan; proof.
    """

    code = models.SlugField("사건 번호", max_length=30, unique=True)
    name = models.CharField("지역 이름", max_length=120)
    sido = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·도")
    initiative = models.CharField("시작", max_length=12, choices=Initiative, default=Initiative.APPLICATION)
    ground = models.CharField("지정 사유", max_length=14, choices=Ground)
    range_text = models.TextField("범위", blank=True)
    production = models.TextField("생산 현황", blank=True)
    sales = models.TextField("판매 현황", blank=True)
    employment = models.TextField("고용 현황", blank=True)
    needed_support = models.TextField("필요한 지원", blank=True)
    revival_plan = models.TextField("회복 계획", blank=True)
    state = models.CharField("상태", max_length=12, choices=CaseState, default=CaseState.DRAFT)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    submitted_at = models.DateTimeField("신청 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="신청한 사람"
    )
    return_comment = models.TextField("보완할 점", blank=True)
    decided_on = models.DateField("결정일", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="결정한 사람"
    )
    decision_reason = models.TextField("결정 사유", blank=True)
    released_on = models.DateField("해제일", null=True, blank=True)
    released_at = models.DateTimeField("해제 기록 일시", null=True, blank=True)
    release_reason = models.TextField("해제 사유", blank=True)
    incentive = models.TextField("해제 인센티브", blank=True)
    incentive_until = models.DateField("인센티브 끝", null=True, blank=True)
    is_demo = models.BooleanField("예시", default=False)

    objects = SupportCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "특별지원지역"
        ordering = ["-created_at", "code"]
        constraints = [
            not_blank("name", name="support_case_has_a_name", message="지역의 이름을 적어 주세요."),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="support_case_submitted_by_someone_at_some_time",
                message="신청 일시와 신청한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "decided_on",
                "decided_by",
                name="support_case_decided_by_someone_on_some_day",
                message="결정일과 결정한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*DECIDED, CaseState.REJECTED])
                | (Q(decided_on__isnull=False) & ~Q(decision_reason="")),
                name="support_case_decided_with_a_reason",
                violation_error_message="지정하거나 지정하지 않기로 하려면 결정일과 사유가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.RELEASED, released_on__isnull=False) & ~Q(release_reason="")
                | ~Q(state=CaseState.RELEASED) & Q(released_on=None),
                name="support_case_released_with_a_reason",
                violation_error_message="해제하려면 해제일과 사유가 있어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.RETURNED) | ~Q(return_comment=""),
                name="support_case_returned_with_a_comment",
                violation_error_message="돌려보내려면 보완할 점을 적어야 합니다.",
            ),
            all_or_none(
                "released_on",
                "released_at",
                name="support_case_release_is_dated",
                message="해제일과 기록 일시는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(incentive_until=None) | Q(released_on__isnull=False, incentive_until__gte=F("released_on")),
                name="support_case_incentive_follows_release",
                violation_error_message="해제 인센티브는 해제일부터 줄 수 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CasePlaceQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Seen with their case."""
        if scope.nationwide:
            return self
        return self.filter(Exists(SupportCase.objects.visible_to(scope).filter(pk=OuterRef("case"))))


@tracked()
class CasePlace(models.Model):
    """A part of the area: a 시·군·구, or one cluster (밀집지역) of decree §14①."""

    case = models.ForeignKey(SupportCase, models.CASCADE, related_name="places")
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="시·군·구")
    cluster = models.ForeignKey(
        Cluster, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="밀집지역"
    )

    objects = CasePlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "대상 지역"
        ordering = ["pk"]
        constraints = [
            exactly_one(
                "region",
                "cluster",
                name="case_place_is_region_or_cluster",
                message="시·군·구와 밀집지역 가운데 하나만 고르세요.",
            ),
            models.UniqueConstraint(
                fields=["case", "region", "cluster"],
                nulls_distinct=False,
                name="case_place_once",
                violation_error_message="이미 넣은 지역입니다.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.cluster or self.region)


@tracked()
class CaseFile(Timestamped):
    """Proof handed in with an application, an opinion or an inquiry. Never changed; kept with its hash."""

    case = models.ForeignKey(SupportCase, models.PROTECT, related_name="files")
    title = models.CharField("제목", max_length=120)
    file = models.FileField("파일", upload_to="support-areas/%Y/")
    filename = models.CharField("파일 이름", max_length=200)
    size = models.PositiveIntegerField("크기")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")

    class Meta:
        verbose_name = "증빙"
        ordering = ["created_at", "pk"]
        constraints = [
            not_blank("title", name="case_file_has_a_title", message="파일의 제목을 적어 주세요."),
            models.UniqueConstraint(
                fields=["case", "sha256"],
                name="case_file_once",
                violation_error_message="같은 파일이 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
