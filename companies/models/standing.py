"""A company's standing over time: open or closed, certified, with which rights."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from companies.enums import CertificationKind, OperatingState, PatentKind
from companies.models.company import Company, OfCompanyQuerySet
from portal.directory.history import tracked
from portal.kernel.constraints import not_blank, one_at_a_time
from portal.kernel.fields import DatedQuerySet


# (override: the plugin gives `as_manager` another return type in each queryset, whatever it inherits)
class DatedOfCompanyQuerySet(OfCompanyQuerySet, DatedQuerySet):  # type: ignore[override]
    pass


@tracked()
class CompanyState(models.Model):
    """The operating state during a period. `Company.state` is the last of these rows."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="states", db_index=False)
    state = models.CharField("영업 상태", max_length=10, choices=OperatingState)
    effective = DateRangeField("기간")
    source = models.CharField("출처", max_length=80, blank=True)
    note = models.CharField("비고", max_length=200, blank=True)

    objects = DatedOfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "영업 상태"
        ordering = ["company", "effective"]
        constraints = [one_at_a_time("company", name="company_in_one_state", message="영업 상태의 기간이 겹칩니다.")]

    def __str__(self) -> str:
        return f"{self.company} {self.get_state_display()}"


@tracked()
class Certification(models.Model):
    """A paper that says what kind of company this is, and how long it holds."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="certifications", db_index=False)
    kind = models.CharField("종류", max_length=12, choices=CertificationKind)
    number = models.CharField("인증 번호", max_length=60, blank=True)
    issuer = models.CharField("발급 기관", max_length=80, blank=True)
    effective = DateRangeField("유효 기간")
    source = models.CharField("출처", max_length=80, blank=True)

    objects = DatedOfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "인증"
        ordering = ["company", "kind", "effective"]
        constraints = [
            one_at_a_time(
                "company",
                "kind",
                "number",
                name="certification_once_at_a_time",
                message="같은 인증(종류·번호)의 유효 기간이 겹칩니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()


@tracked()
class Patent(models.Model):
    """A right applied for or registered."""

    company = models.ForeignKey(Company, models.CASCADE, related_name="patents")
    kind = models.CharField("종류", max_length=10, choices=PatentKind, default=PatentKind.PATENT)
    title = models.CharField("명칭", max_length=200)
    application_number = models.CharField("출원번호", max_length=40, blank=True)
    registration_number = models.CharField("등록번호", max_length=40, blank=True)
    filed_on = models.DateField("출원일", null=True, blank=True)
    registered_on = models.DateField("등록일", null=True, blank=True)
    country = models.CharField("국가", max_length=2, default="KR")

    objects = OfCompanyQuerySet.as_manager()

    class Meta:
        verbose_name = "지식재산권"
        ordering = ["company", "-filed_on", "pk"]
        constraints = [
            not_blank("title", name="patent_has_a_title", message="지식재산권의 명칭을 적어 주세요."),
            models.CheckConstraint(
                condition=~Q(application_number="") | ~Q(registration_number=""),
                name="patent_has_a_number",
                violation_error_message="출원번호나 등록번호를 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(filed_on=None) | Q(registered_on=None) | Q(registered_on__gte=models.F("filed_on")),
                name="patent_registered_after_filing",
                violation_error_message="등록일은 출원일보다 빠를 수 없습니다.",
            ),
            models.UniqueConstraint(
                fields=["company", "country", "kind", "application_number"],
                condition=~Q(application_number=""),
                name="patent_application_once",
                violation_error_message="이미 있는 출원번호입니다.",
            ),
            models.UniqueConstraint(
                fields=["company", "country", "kind", "registration_number"],
                condition=~Q(registration_number=""),
                name="patent_registration_once",
                violation_error_message="이미 있는 등록번호입니다.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
