"""Filters of a list under a name: one's own, or shared with the body one works for."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from portal.directory.history import tracked
from portal.directory.models import Organization, User
from portal.directory.scope import Scope
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """One's own and those shared with one's bodies."""
        return self.filter(Q(owner=scope.user_id) | Q(shared_with__in=scope.organization_ids))

    def of_list(self, name: str) -> Self:
        return self.filter(list_name=name)


@tracked()
class SavedFilter(Timestamped):
    """The query of a list, as it stands in the address. Whoever opens it sees the rows of their own scope."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name="만든 사람")
    shared_with = models.ForeignKey(
        Organization, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="함께 쓰는 기관"
    )
    list_name = models.CharField("목록", max_length=40)
    name = models.CharField("이름", max_length=60)
    query = models.CharField("조건", max_length=2000, blank=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = "저장한 조건"
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["shared_with", "list_name"], name="saved_filter_of_body")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "list_name", "name"],
                name="saved_filter_name_once",
                violation_error_message="같은 이름으로 저장한 조건이 이미 있습니다.",
            ),
            not_blank("name", name="saved_filter_has_a_name", message="저장할 이름을 적어 주세요."),
        ]

    def __str__(self) -> str:
        return self.name
