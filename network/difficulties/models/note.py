"""The contact log and the papers of a case: written once, each for all bodies on it or for the writer's own."""

import pgtrigger
from django.db import models
from django.utils import timezone

from network.difficulties.enums import Audience, NoteKind
from network.difficulties.models.base import AudienceQuerySet, only_while_open
from network.difficulties.models.case import Case
from portal.directory.history import append_only
from portal.directory.models import Organization, User
from portal.kernel.constraints import not_blank


class Note(models.Model):
    """One contact or remark (접촉 기록). Never changed: what was wrong is put right by another."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="notes")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="적은 기관")
    audience = models.CharField("볼 사람", max_length=6, choices=Audience, default=Audience.BODIES)
    kind = models.CharField("종류", max_length=7, choices=NoteKind, default=NoteKind.MEMO)
    held_on = models.DateField("날")
    text = models.TextField("내용")
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="적은 사람")
    created_at = models.DateTimeField("적은 일시", default=timezone.now, editable=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = "접촉 기록"
        ordering = ["-held_on", "-pk"]
        constraints = [not_blank("text", name="case_note_says_something", message="내용을 적어 주세요.")]
        triggers = [*append_only("case_note"), only_while_open("case_note", pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"{self.case} {self.held_on}"


class Paper(models.Model):
    """A file kept as evidence, with its hash. Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+", verbose_name="올린 기관")
    audience = models.CharField("볼 사람", max_length=6, choices=Audience, default=Audience.BODIES)
    title = models.CharField("제목", max_length=120)
    file = models.FileField("파일", upload_to="difficulties/%Y/")
    filename = models.CharField("파일 이름", max_length=200)
    size = models.PositiveIntegerField("크기")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="올린 사람")
    created_at = models.DateTimeField("올린 일시", default=timezone.now, editable=False)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        verbose_name = "사례 파일"
        ordering = ["-created_at", "-pk"]
        constraints = [
            not_blank("title", name="case_paper_has_a_title", message="파일의 제목을 적어 주세요."),
            # A body at a time: to refuse a file because another body keeps it for itself would tell of it.
            models.UniqueConstraint(
                fields=["case", "organization", "sha256"],
                name="case_paper_once_a_body",
                violation_error_message="우리 기관이 이미 올린 파일입니다.",
            ),
        ]
        triggers = [*append_only("case_paper"), only_while_open("case_paper", pgtrigger.Insert)]

    def __str__(self) -> str:
        return self.title
