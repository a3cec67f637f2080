"""What happened in a case, on one line of time, as far as the reader may know it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from network.difficulties.enums import HandoverState
from network.difficulties.models import Case, Handover, Note, Paper, Referent
from portal.directory.scope import Scope
from portal.kernel.dates import KST


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: `kind` in front, what, the words, who, and whether only the reader's body sees it."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    own: bool = False
    url: str = ""

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


def story_of(
    case: Case, scope: Scope, *, referents: list[Referent], notes: list[Note], papers: list[Paper]
) -> list[Line]:
    """Everything, the latest first. `notes` and `papers` are those the reader may see (`visible_to`)."""
    lines = [
        *_head(case),
        *_people(case, referents),
        *_work(case),
        *(_of_note(note) for note in notes),
        *(_of_paper(case, paper) for paper in papers),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _at(day: date, written: datetime) -> datetime:
    """When something happened of which only the day is known: the hour it was written on that day, else its noon."""
    return written if timezone.localdate(written) == day else datetime.combine(day, time(12), tzinfo=KST)


def _head(case: Case) -> Iterator[Line]:
    yield Line(case.created_at, _("사례"), _("사례 시작"), case.get_source_display(), case.opened_by.name)
    if case.closed_on and case.closed_by:
        title = _("종결: %(outcome)s") % {"outcome": case.get_outcome_display()}
        yield Line(_at(case.closed_on, case.updated_at), _("사례"), title, case.closing_note, case.closed_by.name)
    for look in case.follow_ups.all():
        if look.done_on and look.done_by:
            title = _("종결 %(months)s개월 뒤 확인") % {"months": look.months}
            yield Line(_at(look.done_on, case.updated_at), _("사후 확인"), title, look.finding, look.done_by.name)


def _people(case: Case, referents: list[Referent]) -> Iterator[Line]:
    for row in referents:
        role = _("주담당") if row.is_lead else _("담당")
        who = f"{row.organization.name} {row.user.name}"
        yield Line(row.effective.lower, _("담당"), _("%(role)s: %(who)s") % {"role": role, "who": who})
    for one in Handover.objects.filter(case=case).select_related(
        "to_organization", "to_user", "offered_by", "answered_by"
    ):
        to = f"{one.to_organization.name} {one.to_user.name if one.to_user else ''}".strip()
        yield Line(one.offered_at, _("인계"), _("%(to)s에 제안") % {"to": to}, one.note, one.offered_by.name)
        if one.answered_at and one.answered_by:
            state = HandoverState(one.state).label
            yield Line(one.answered_at, _("인계"), str(state), one.answer_note, one.answered_by.name)


def _work(case: Case) -> Iterator[Line]:
    for row in case.difficulties.all():
        yield Line(
            _at(row.opened_on, row.created_at),
            _("애로"),
            _("%(kind)s 애로") % {"kind": row.kind},
            row.text,
            row.entered_by.name,
        )
        if row.resolved_on and row.resolved_by:
            title = _("%(kind)s 애로가 풀림") % {"kind": row.kind}
            yield Line(_at(row.resolved_on, row.updated_at), _("애로"), title, row.resolution, row.resolved_by.name)
    for act in case.actions.all():
        title = _("조치 계획: %(title)s") % {"title": act.title}
        yield Line(act.created_at, _("조치"), title, who=f"{act.organization.name} {act.entered_by.name}")
        if act.finished_on:
            title = _("조치 %(state)s: %(title)s") % {"state": act.get_state_display(), "title": act.title}
            yield Line(_at(act.finished_on, act.updated_at), _("조치"), title, act.result, act.organization.name)


def _of_note(note: Note) -> Line:
    return Line(
        _at(note.held_on, note.created_at), _("접촉"), note.get_kind_display(), note.text,
        f"{note.organization.name} {note.written_by.name}", own=note.audience == "OWN",
    )  # fmt: skip


def _of_paper(case: Case, paper: Paper) -> Line:
    return Line(
        paper.created_at, _("파일"), paper.title, paper.filename,
        f"{paper.organization.name} {paper.uploaded_by.name}", own=paper.audience == "OWN",
        url=reverse("difficulties:paper", args=[case.code, paper.pk]),
    )  # fmt: skip
