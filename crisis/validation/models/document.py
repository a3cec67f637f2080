"""The paper a rule set was approved by."""

import uuid

from django.db import models

from crisis.models import RuleSet
from crisis.validation.models.base import ForAllQuerySet
from portal.directory.history import append_only
from portal.directory.models import User
from portal.kernel.constraints import not_blank
from portal.kernel.models import Timestamped


def stored_name(document: "RuleSetDocument", filename: str) -> str:
    """Files lie under a number of their own; the user's name of the file is a column, never a path."""
    return f"rule-sets/{document.public_id}"


class RuleSetDocument(Timestamped):
    """Number, title and file of the approval of one rule set. Kept as it was filed."""

    public_id = models.UUIDField("번호", default=uuid.uuid4, unique=True, editable=False)
    rule_set = models.OneToOneField(RuleSet, models.PROTECT, related_name="+", verbose_name="판정 기준")
    number = models.CharField("문서 번호", max_length=60)
    title = models.CharField("제목", max_length=120)
    file = models.FileField("파일", upload_to=stored_name)
    filename = models.CharField("파일 이름", max_length=255)
    size = models.PositiveBigIntegerField("크기(바이트)")
    sha256 = models.CharField("SHA-256", max_length=64)
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")

    objects = ForAllQuerySet.as_manager()

    class Meta:
        verbose_name = "판정 기준 승인 문서"
        constraints = [
            not_blank("number", name="rule_set_document_has_a_number", message="문서 번호를 적어야 합니다."),
            not_blank("title", name="rule_set_document_has_a_title", message="문서 제목을 적어야 합니다."),
        ]
        triggers = append_only("rule_set_document")

    def __str__(self) -> str:
        return f"{self.number} {self.title}"
