"""Dossiers: what a decision rested on, as one text that never changes, chained to the one before it."""

import json
from functools import cached_property
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crisis.dossiers.enums import DossierKind
from crisis.models import Area, Determination, Round
from network.models import Meeting
from portal.directory.history import append_only
from portal.directory.scope import Scope
from portal.kernel.constraints import exactly_one

_SHA256 = r"^[0-9a-f]{64}$"


class DossierQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        """Those of the reader's areas, and of meetings of the councils that answer for them."""
        if scope.nationwide:
            return self
        areas = Area.objects.visible_to(scope).filter(pk=OuterRef("area"))
        meetings = Meeting.objects.visible_to(scope).filter(pk=OuterRef("meeting"))
        return self.filter(Exists(areas) | Exists(meetings))

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)


class Dossier(models.Model):
    """One link of the chain. `content` is canonical JSON; its SHA-256 is the dossier's name and stands in the next one.

    The sequence is that of confirmation over the whole country. What the columns say beside `content` only serves to
    find the row; the content alone is what is verified and printed.
    """

    sequence = models.PositiveBigIntegerField("번호", unique=True)
    kind = models.CharField("종류", max_length=16, choices=DossierKind)
    determination = models.OneToOneField(
        Determination, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="결정"
    )
    meeting = models.OneToOneField(
        Meeting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="회의"
    )
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="지역")
    round = models.ForeignKey(Round, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="회차")
    content = models.TextField("내용")
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    previous_sha256 = models.CharField("앞 보관본의 SHA-256", max_length=64, blank=True)
    made_at = models.DateTimeField("보관 일시", default=timezone.now)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "결정 보관본"
        ordering = ["-sequence"]
        constraints = [
            exactly_one(
                "determination",
                "meeting",
                name="dossier_of_a_decision_or_a_meeting",
                message="보관본은 결정 하나 또는 회의 하나의 것이어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(kind=DossierKind.DETERMINATION, determination__isnull=False, area__isnull=False)
                | Q(kind=DossierKind.MINUTES, meeting__isnull=False, area=None),
                name="dossier_kind_matches_its_subject",
                violation_error_message="보관본의 종류와 대상이 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(sha256__regex=_SHA256)
                & (Q(sequence=1, previous_sha256="") | Q(sequence__gt=1, previous_sha256__regex=_SHA256)),
                name="dossier_is_chained",
                violation_error_message="첫 보관본이 아니면 앞 보관본의 SHA-256이 있어야 합니다.",
            ),
            models.UniqueConstraint(
                fields=["previous_sha256"],
                name="dossier_chain_never_forks",
                violation_error_message="앞 보관본에 이미 다음 보관본이 이어져 있습니다.",
            ),
        ]
        triggers = append_only("dossier")

    def __str__(self) -> str:
        return f"제{self.sequence}호 {self.get_kind_display()}"

    @cached_property
    def record(self) -> dict[str, Any]:
        """The content, read. Raises `json.JSONDecodeError` for a content somebody broke."""
        found: dict[str, Any] = json.loads(self.content)
        return found

    @property
    def short(self) -> str:
        """The first twelve characters of the name, to be compared by eye."""
        return self.sha256[:12]
