"""Projects of the 지방소멸대응기금 that are tied to support for SMEs: planned together, paid by several ministries."""

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from companies.models import Company
from crisis.declining.enums import (
    DECIDED,
    GOING,
    IndicatorKind,
    Ministry,
    ProjectField,
    ProjectState,
    Stance,
    SupportKind,
)
from portal.directory.history import tracked
from portal.directory.models import Region, User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none, not_blank
from portal.kernel.models import Timestamped


class FundProjectQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(scope.regions("region"))

    def live(self) -> Self:
        return self.exclude(state=ProjectState.WITHDRAWN)

    def decided(self) -> Self:
        return self.filter(state__in=DECIDED)

    def going(self) -> Self:
        return self.filter(state__in=GOING)


@tracked()
class FundProject(Timestamped):
    """A project of a 시·군·구. The municipality drafts, the ministries look together, then it is agreed and carried out.

    `submission` counts how often it was handed in: reviews are of one submission. `version` rises with each change.
    `bonus_points` is what 행정안전부 gave it in the evaluation of the fund plans.
    """

    code = models.SlugField("번호", max_length=20, unique=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="시·군·구")
    year = models.PositiveSmallIntegerField("연도")
    name = models.CharField("사업 이름", max_length=120)
    field = models.CharField("분야", max_length=10, choices=ProjectField)
    purpose = models.TextField("목적", blank=True)
    plan = models.TextField("중소기업 지원 연계 계획", blank=True)
    starts_on = models.DateField("시작일")
    ends_on = models.DateField("종료일")
    state = models.CharField("상태", max_length=10, choices=ProjectState, default=ProjectState.DRAFT)
    submission = models.PositiveSmallIntegerField("제출 차수", default=0, editable=False)
    version = models.PositiveIntegerField("판", default=1, editable=False)
    submitted_at = models.DateTimeField("제출 일시", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="제출한 사람"
    )
    return_comment = models.TextField("보완할 점", blank=True)
    agreed_at = models.DateTimeField("합의 일시", null=True, blank=True)
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="합의를 기록한 사람"
    )
    bonus_points = models.DecimalField("기금 평가 가점", max_digits=5, decimal_places=2, null=True, blank=True)
    bonus_note = models.CharField("가점 근거", max_length=200, blank=True)
    result = models.TextField("종료 결과", blank=True)
    closed_at = models.DateTimeField("종료 일시", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="종료한 사람"
    )
    is_demo = models.BooleanField("예시", default=False)

    objects = FundProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "기금 연계 사업"
        ordering = ["-year", "code"]
        indexes = [models.Index(fields=["year", "state"], name="fund_project_of_year")]
        constraints = [
            not_blank("name", name="fund_project_has_a_name", message="사업의 이름을 적어 주세요."),
            models.UniqueConstraint(
                fields=["region", "year", "name"],
                name="fund_project_once_a_year",
                violation_error_message="이 시·군·구의 같은 해에 같은 이름의 사업이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="fund_project_ends_after_it_starts",
                violation_error_message="사업의 종료일이 시작일보다 앞섭니다.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__year=F("year")),
                name="fund_project_starts_in_its_year",
                violation_error_message="시작일은 사업 연도 안의 날이어야 합니다.",
            ),
            all_or_none(
                "submitted_at",
                "submitted_by",
                name="fund_project_submitted_by_someone",
                message="제출 일시와 제출한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "agreed_at",
                "agreed_by",
                name="fund_project_agreed_by_someone",
                message="합의 일시와 합의를 기록한 사람은 함께 기록되어야 합니다.",
            ),
            all_or_none(
                "closed_at",
                "closed_by",
                name="fund_project_closed_by_someone",
                message="종료 일시와 종료한 사람은 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=DECIDED, agreed_at__isnull=False) | (~Q(state__in=DECIDED) & Q(agreed_at=None)),
                name="fund_project_state_matches_agreement",
                violation_error_message="합의한 사업에만 합의 일시가 있습니다.",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProjectState.RETURNED) | ~Q(return_comment=""),
                name="fund_project_returned_with_a_comment",
                violation_error_message="돌려보내려면 보완할 점을 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state=ProjectState.CLOSED, closed_at__isnull=False) & ~Q(result="")
                | ~Q(state=ProjectState.CLOSED) & Q(closed_at=None),
                name="fund_project_closed_with_a_result",
                violation_error_message="종료하려면 결과를 적어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(bonus_points=None, bonus_note="")
                | (Q(bonus_points__isnull=False, bonus_points__gte=0) & ~Q(bonus_note="")),
                name="fund_project_bonus_has_grounds",
                violation_error_message="가점은 0점 이상이고 근거와 함께 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OfProjectQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        return self.filter(Exists(FundProject.objects.visible_to(scope).filter(pk=OuterRef("project"))))


@tracked()
class ProjectMoney(models.Model):
    """Money of one purse in one year, in won: asked for, agreed, carried out. `executed` follows from the reports."""

    project = models.ForeignKey(FundProject, models.CASCADE, related_name="money", db_index=False)
    ministry = models.CharField("재원", max_length=8, choices=Ministry)
    year = models.PositiveSmallIntegerField("연도")
    planned = models.BigIntegerField("계획", default=0)
    agreed = models.BigIntegerField("합의", default=0)
    executed = models.BigIntegerField("집행", default=0, editable=False)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "부처별 예산"
        ordering = ["project", "year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "ministry", "year"],
                name="project_money_once",
                violation_error_message="같은 재원과 연도의 예산이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(planned__gte=0, agreed__gte=0, executed__gte=0),
                name="project_money_not_negative",
                violation_error_message="예산은 0원 이상이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(executed__lte=F("agreed")),
                name="project_money_not_overspent",
                violation_error_message="집행액이 합의한 예산보다 많습니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_ministry_display()}"


@tracked()
class ProjectSupport(models.Model):
    """Support for SMEs that goes with the project: what kind, by which ministry's programme."""

    project = models.ForeignKey(FundProject, models.CASCADE, related_name="supports", db_index=False)
    kind = models.CharField("지원", max_length=14, choices=SupportKind)
    ministry = models.CharField("부처", max_length=8, choices=Ministry)
    programme = models.CharField("지원사업", max_length=120)
    content = models.CharField("내용", max_length=300, blank=True)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "연계 지원사업"
        ordering = ["project", "pk"]
        constraints = [
            not_blank(
                "programme", name="project_support_names_its_programme", message="지원사업의 이름을 적어 주세요."
            ),
            models.UniqueConstraint(
                fields=["project", "kind", "programme"],
                name="project_support_once",
                violation_error_message="같은 지원사업이 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.programme


@tracked()
class ProjectIndicator(models.Model):
    """What the project is measured by: where it stands and where it is to be."""

    project = models.ForeignKey(FundProject, models.CASCADE, related_name="indicators", db_index=False)
    kind = models.CharField("구분", max_length=8, choices=IndicatorKind)
    name = models.CharField("지표", max_length=80)
    unit = models.CharField("단위", max_length=20, blank=True)
    base = models.DecimalField("현재값", max_digits=18, decimal_places=2, null=True, blank=True)
    target = models.DecimalField("목표값", max_digits=18, decimal_places=2)

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "사업 성과지표"
        ordering = ["project", "pk"]
        constraints = [
            not_blank("name", name="project_indicator_has_a_name", message="성과지표의 이름을 적어 주세요."),
            models.UniqueConstraint(
                fields=["project", "name"],
                name="project_indicator_once",
                violation_error_message="같은 이름의 성과지표가 이미 있습니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class ProjectReview(models.Model):
    """What a ministry said of one submission. The ministry's own document is named; who wrote it down is kept."""

    project = models.ForeignKey(FundProject, models.PROTECT, related_name="reviews", db_index=False)
    submission = models.PositiveSmallIntegerField("제출 차수")
    ministry = models.CharField("부처", max_length=8, choices=Ministry)
    stance = models.CharField("의견", max_length=12, choices=Stance)
    comment = models.TextField("검토 의견", blank=True)
    document = models.CharField("문서 번호", max_length=80, blank=True)
    given_on = models.DateField("의견 낸 날")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = OfProjectQuerySet.as_manager()

    class Meta:
        verbose_name = "공동 검토 의견"
        ordering = ["project", "submission", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "submission", "ministry"],
                name="project_review_once_a_submission",
                violation_error_message="이 차수에 이 부처의 의견이 이미 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(stance=Stance.AGREE) | ~Q(comment=""),
                name="project_review_says_why",
                violation_error_message="조건부 동의나 보완 필요는 검토 의견을 적어야 합니다.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ministry_display()} {self.submission}차"


class ProjectFirmQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        if scope.nationwide:
            return self
        mine = FundProject.objects.visible_to(scope).filter(pk=OuterRef("project"))
        firm = Company.objects.visible_to(scope).filter(pk=OuterRef("company"))
        return self.filter(Exists(mine), Exists(firm))


@tracked()
class ProjectFirm(Timestamped):
    """A firm takes part in a project through one kind of support."""

    project = models.ForeignKey(FundProject, models.PROTECT, related_name="firms", db_index=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", verbose_name="기업")
    kind = models.CharField("지원", max_length=14, choices=SupportKind)
    note = models.CharField("근거·내용", max_length=200)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="기록한 사람")

    objects = ProjectFirmQuerySet.as_manager()

    class Meta:
        verbose_name = "사업 참여 기업"
        ordering = ["project", "company", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "company", "kind"],
                name="project_firm_once",
                violation_error_message="이 기업은 이 지원으로 이미 연결되어 있습니다.",
            ),
            not_blank("note", name="project_firm_has_grounds", message="무엇을 보고 연결했는지 적어 주세요."),
        ]

    def __str__(self) -> str:
        return f"{self.project} – {self.company}"
