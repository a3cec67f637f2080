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
