"""A council's meetings: who was there, what was decided, by how many."""

import uuid
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from network.enums import MeetingState, Outcome
from network.models.council import Council, Seat
from portal.directory.history import tracked
from portal.directory.models import User
from portal.directory.scope import Scope
from portal.kernel.constraints import all_or_none
from portal.kernel.models import Timestamped


def stored_name(meeting: "Meeting", filename: str) -> str:
    """The minutes of a meeting lie under its number; every file under a number of its own, none is ever overwritten."""
    return f"minutes/{meeting.pk}/{uuid.uuid4()}"


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Exists(Council.objects.visible_to(scope).filter(pk=OuterRef("council"))))


@tracked()
class Meeting(Timestamped):
    """One sitting of a council. Enrolment and presence are counted when it opens and kept."""

    council = models.ForeignKey(Council, models.PROTECT, related_name="meetings")
    number = models.PositiveIntegerField("차수")
    held_on = models.DateField("회의일")
    place = models.CharField("장소", max_length=100, blank=True)
    state = models.CharField("상태", max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    enrolled_count = models.PositiveSmallIntegerField("재적 위원 수", null=True, blank=True)
    present_count = models.PositiveSmallIntegerField("출석 위원 수", null=True, blank=True)
    opened_at = models.DateTimeField("개의 일시", null=True, blank=True)
    closed_at = models.DateTimeField("폐회 일시", null=True, blank=True)
    minutes = models.TextField("회의록", blank=True)
    minutes_file = models.FileField("회의록 파일", upload_to=stored_name, blank=True)
    minutes_filename = models.CharField("회의록 파일 이름", max_length=255, blank=True)
    minutes_sha256 = models.CharField("회의록 파일 SHA-256", max_length=64, blank=True)
    minutes_approved_at = models.DateTimeField("회의록 승인 일시", null=True, blank=True)
    minutes_approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="회의록 승인자"
    )
    is_demo = models.BooleanField("예시", default=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "회의"
        ordering = ["-held_on", "council", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "number"],
                name="meeting_number_once_per_council",
                violation_error_message="이 협의회에 이미 있는 회의 차수입니다.",
            ),
            all_or_none(
                "opened_at",
                "enrolled_count",
                "present_count",
                name="meeting_opened_with_its_count",
                message="개의 일시와 재적·출석 위원 수는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.OPEN, MeetingState.CLOSED], opened_at__isnull=False)
                | Q(state__in=[MeetingState.PLANNED, MeetingState.CANCELLED], opened_at=None),
                name="meeting_state_matches_opening",
                violation_error_message="회의 상태와 개의 일시가 맞지 않습니다.",
            ),
            models.CheckConstraint(
                condition=Q(present_count=None) | Q(present_count__lte=F("enrolled_count")),
                name="meeting_present_within_enrolled",
                violation_error_message="출석 위원이 재적 위원보다 많을 수 없습니다.",
            ),
            all_or_none(
                "minutes_approved_at",
                "minutes_approved_by",
                name="meeting_minutes_approved_by_someone",
                message="회의록 승인 일시와 승인자는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_approved_at=None) | (Q(state=MeetingState.CLOSED) & ~Q(minutes="")),
                name="meeting_minutes_approved_after_closing",
                violation_error_message="회의록은 폐회한 뒤, 내용이 있을 때 승인할 수 있습니다.",
            ),
            models.CheckConstraint(
                condition=Q(minutes_file="", minutes_filename="", minutes_sha256="")
                | (~Q(minutes_file="") & ~Q(minutes_filename="") & ~Q(minutes_sha256="")),
                name="meeting_minutes_file_with_name_and_hash",
                violation_error_message="회의록 파일은 이름, 해시와 함께 보관되어야 합니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="meeting_with_approved_minutes_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__minutes_approved_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.council} 제{self.number}차 회의"


@tracked()
class Attendance(models.Model):
    """Whether the holder of a seat came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="+")
    present = models.BooleanField("출석", default=False)

    class Meta:
        verbose_name = "출석"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                name="attendance_once_per_seat",
                violation_error_message="이미 출석이 기록된 위원입니다.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {'출석' if self.present else '결석'}"


class AgendaItemQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> Self:
        return self.filter(Exists(Meeting.objects.visible_to(scope).filter(pk=OuterRef("meeting"))))


@tracked()
class AgendaItem(Timestamped):
    """One matter before the council, its votes and its outcome."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items")
    number = models.PositiveSmallIntegerField("안건 번호")
    title = models.CharField("안건", max_length=200)
    outcome = models.CharField("결과", max_length=10, choices=Outcome, default=Outcome.PENDING)
    votes_for = models.PositiveSmallIntegerField("찬성", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("반대", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("기권", null=True, blank=True)
    recused_count = models.PositiveSmallIntegerField("제척·기피·회피", default=0)
    dissent = models.TextField("소수 의견", blank=True)
    minutes = models.TextField("심의 요지", blank=True)
    decided_at = models.DateTimeField("의결 일시", null=True, blank=True)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        verbose_name = "안건"
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "number"],
                name="agenda_number_once_per_meeting",
                violation_error_message="이 회의에 이미 있는 안건 번호입니다.",
            ),
            all_or_none(
                "votes_for",
                "votes_against",
                "abstentions",
                "decided_at",
                name="agenda_votes_and_time_together",
                message="표결 수와 의결 일시는 함께 기록되어야 합니다.",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.PENDING, Outcome.WITHDRAWN], decided_at=None)
                | Q(outcome__in=[Outcome.PASSED, Outcome.REJECTED], decided_at__isnull=False),
                name="agenda_outcome_matches_decision",
                violation_error_message="안건 결과와 의결 일시가 맞지 않습니다.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="agenda_item_decided_stays",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__outcome__in=[Outcome.PASSED, Outcome.REJECTED]),
            )
        ]

    def __str__(self) -> str:
        return self.title
