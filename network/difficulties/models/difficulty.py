"""What the firm suffers from, since when and until when."""

from django.db import models
from django.db.models import F, Q

from network.difficulties.enums import Severity
from network.difficulties.models.base import OfCaseQuerySet, only_while_open
from network.difficulties.models.case import Case
from network.difficulties.models.kind import DifficultyKind
from portal.directory.history import tracked
from portal.directory.models import User
from portal.kernel.constraints import all_or_none, text_with
from portal.kernel.models import Timestamped


@tracked()
class Difficulty(Timestamped):
    """One difficulty (애로) of a case."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="difficulties")
    kind = models.ForeignKey(DifficultyKind, models.PROTECT, related_name="+", verbose_name="종류")
    severity = models.CharField("심각성", max_length=6, choices=Severity, default=Severity.NORMAL)
    text = models.TextField("내용", blank=True)
    opened_on = models.DateField("생긴 날")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="적은 사람")
    resolved_on = models.DateField("풀린 날", null=True, blank=True)
    resolved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="풀렸다고 적은 사람"
    )
    resolution = models.TextField("풀린 내용", blank=True)

    objects = OfCaseQuerySet.as_manager()

    class Meta:
        verbose_name = "애로"
        ordering = ["opened_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(resolved_on=None),
                name="difficulty_one_open_a_kind",
                violation_error_message="같은 종류의 애로가 아직 풀리지 않은 채 있습니다.",
            ),
            all_or_none(
                "resolved_on", "resolved_by", name="difficulty_resolved_by_someone",
                message="풀린 날과 적은 사람은 함께 기록되어야 합니다.",
            ),
            text_with(
                "resolution", "resolved_on", name="difficulty_resolved_with_words",
                message="애로가 풀렸으면 어떻게 풀렸는지 적어 주세요.",
            ),
            models.CheckConstraint(
                condition=Q(resolved_on=None) | Q(resolved_on__gte=F("opened_on")),
                name="difficulty_resolved_after_it_arose",
                violation_error_message="풀린 날은 생긴 날보다 빠를 수 없습니다.",
            ),
        ]  # fmt: skip
        triggers = [only_while_open("difficulty")]

    def __str__(self) -> str:
        return str(self.kind)
