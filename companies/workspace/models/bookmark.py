"""Companies somebody keeps at hand."""

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef

from companies.models import Company
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.models import Timestamped


class BookmarkQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """One's own, of companies one may still see."""
        seen = Company.objects.visible_to(scope).filter(pk=OuterRef("company"))
        return self.filter(Exists(seen), owner=scope.user_id)


@tracked()
class Bookmark(Timestamped):
    """One person's mark on one company, with a word to themselves."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="표시한 사람")
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", verbose_name="기업")
    note = models.CharField("메모", max_length=200, blank=True)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = "관심 기업"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "company"],
                name="bookmark_once_a_person",
                violation_error_message="이미 관심 기업으로 표시했습니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.owner} – {self.company}"
