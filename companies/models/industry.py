"""Korean Standard Industrial Classification, by revision."""

from django.db import models


class Industry(models.Model):
    """One code of one KSIC revision, from the section letter down to five digits."""

    revision = models.PositiveSmallIntegerField("차수")
    code = models.CharField("코드", max_length=6)
    depth = models.PositiveSmallIntegerField("단계")
    name_ko = models.CharField("이름", max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = "표준산업분류"
        ordering = ["revision", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code"],
                name="industry_code_once_per_revision",
                violation_error_message="이 차수에 이미 있는 산업분류 코드입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name_ko}"


class OlderIndustry(models.Model):
    """A code of an older revision and one code of today it may be; without one where nobody found it again.

    Revision 10 to 11 rests on equal names of the classes (`basis` says so), not on a published table.
    """

    revision = models.PositiveSmallIntegerField("차수")
    code = models.CharField("옛 코드", max_length=6)
    name_ko = models.CharField("옛 이름", max_length=120)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="older", verbose_name="지금의 분류"
    )
    basis = models.CharField("근거", max_length=20, blank=True)

    class Meta:
        verbose_name = "옛 표준산업분류"
        ordering = ["-revision", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "code", "industry"],
                nulls_distinct=False,
                name="older_industry_once",
                violation_error_message="이미 있는 옛 분류의 연계입니다.",
            ),
            models.CheckConstraint(
                condition=models.Q(industry=None) | ~models.Q(basis=""),
                name="older_industry_link_has_a_basis",
                violation_error_message="옛 분류를 지금의 분류와 잇는 근거를 적어 주세요.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision}차 {self.code} {self.name_ko}"
