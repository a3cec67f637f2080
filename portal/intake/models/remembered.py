"""How a body names the columns of its own files."""

from typing import Self

from django.db import models

from portal.directory.history import tracked
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class RememberedColumnQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self if scope.nationwide else self.filter(organization__in=scope.organization_ids)


@tracked()
class RememberedColumn(Timestamped):
    """In this body's files of a kind, this header means that column; an empty column: pass it over."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+", verbose_name="기관")
    kind = models.CharField("자료 종류", max_length=30)
    header = models.CharField("머리글", max_length=120)
    column = models.CharField("열", max_length=60, blank=True)

    objects = RememberedColumnQuerySet.as_manager()

    class Meta:
        verbose_name = "기억한 머리글"
        ordering = ["organization", "kind", "header"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "header"],
                name="remembered_column_once",
                violation_error_message="이미 기억한 머리글입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.header} → {self.column or '-'}"
