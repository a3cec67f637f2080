"""What the columns of the workbench say, as plain values for files and as marks for the page."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crisis.enums import FloorKind
from crisis.waiting import Wait
from crisis.workbench.selectors.rows import NO_STAGE, stage_of
from portal.directory.scope import Scope
from portal.kernel import display
from portal.kernel.templatetags import ui

NBSP = "\N{NO-BREAK SPACE}"
BADGES = {"ROBUST": _("견고"), "MODERATE": _("보통"), "SENSITIVE": _("민감")}


def name(row: Any) -> str:
    """`경남 거제시`: the area's name with the short name of its 시·도, where that is another."""
    parent = row.area.region.parent
    above = parent.short_name_ko if parent is not None and row.area.level in {"SIGUNGU", "CLUSTER"} else ""
    return f"{above} {row.area.name}" if above and not row.area.name.startswith(above) else str(row.area.name)


def name_shown(row: Any) -> str:
    """The name on one line."""
    return name(row).replace(" ", NBSP)


def stage(row: Any) -> str:
    return display.stage_word(row.shown)


def stage_shown(row: Any) -> SafeString:
    """The model's stage, where it came from, and why it stands above its index."""
    moved = row.shown and row.previous_stage and row.previous_stage != row.shown
    mark = ui.stage_change(row.previous_stage, row.shown) if moved else ui.stage(row.shown)
    notes = []
    if row.held:
        notes.append(_("하향 유보"))
    if row.carried and row.model_stage:
        notes.append(_("지난 단계 %(stage)s") % {"stage": display.stage_word(row.model_stage)})
    return format_html("{}{}", mark, _small(notes))


def _small(notes: list[str]) -> SafeString:
    return format_html_join("", ' <span class="p-note">{}</span>', ((note,) for note in notes))


def before(row: Any) -> str:
    return display.stage_word(row.previous_stage) if row.previous_stage else ""


def floors(row: Any) -> str:
    """`재난·재해(주의)`."""
    return ", ".join(f"{FloorKind(one['kind']).label}({display.stage_word(one['stage'])})" for one in row.floors)


def proposal(row: Any) -> str:
    return display.stage_word(stage_of(row.proposal_rank))


def proposal_shown(row: Any) -> SafeString:
    """The proposal, and the floor that holds it up where one does."""
    raised = row.floor_rank > row.stage_rank
    return format_html("{}{}", ui.stage(stage_of(row.proposal_rank)), _small([floors(row)] if raised else []))


def badge(row: Any) -> str:
    return str(BADGES.get(row.badge, ""))


def badge_shown(row: Any) -> Any:
    if not row.badge:
        return display.MISSING
    margin = _("여유 %(margin)s점") % {"margin": display.number(row.margin, 1)} if row.margin else ""
    return format_html("{}{}", ui.robustness(row.badge), _small([margin.replace(" ", NBSP)] if margin else []))


def waiting(waits: Sequence[Wait]) -> str:
    """What must be done before the council meets, in words."""
    return ", ".join(wait.text for wait in waits)


def waiting_shown(waits: Sequence[Wait]) -> Any:
    """The same, each with the way to where it is done."""
    if not waits:
        return display.MISSING
    return format_html_join(SafeString("<br>"), "{}", ((_way(wait),) for wait in waits))


def _way(wait: Wait) -> Any:
    return format_html('<a class="p-link" href="{}">{}</a>', wait.url, wait.text) if wait.url else wait.text


def comments_shown(row: Any) -> Any:
    if not row.comments:
        return display.MISSING
    told = _small([_("협의회에 알림 %(count)s") % {"count": row.told}] if row.told else [])
    return format_html("{}{}", display.number(row.comments), told)


def in_force(row: Any) -> str:
    return display.stage_word(row.in_force) if row.in_force else ""


def in_force_shown(row: Any) -> Any:
    return ui.stage(row.in_force) if row.in_force else display.MISSING


def agenda(row: Any) -> str:
    """How far the area has come in this round: decided, on an agenda, neither."""
    one = row.of_round
    if one is None:
        return ""
    if one["state"] == "CONFIRMED":
        return _("의결: %(stage)s") % {"stage": display.stage_word(one["stage"])}
    return _("제%(number)s차 회의 상정") % {"number": one["number"]}


def agenda_shown(row: Any, may: Scope | None) -> Any:
    """A box to choose the area by where it can still be tabled, otherwise what has become of it."""
    if row.of_round is not None:
        url = reverse("crisis:meeting", args=[row.of_round["meeting"]])
        return format_html('<a class="p-link" href="{}">{}</a>', url, agenda(row))
    if may is None or not tableable(row, may):
        return display.MISSING
    label = _("%(area)s 안건으로 고르기") % {"area": row.area.name}
    return format_html(
        '<span class="krds-form-check medium"><input type="checkbox" name="area" value="{0}" id="pick-{0}" '
        'form="agenda"><label for="pick-{0}"><span class="sr-only">{1}</span></label></span>',
        row.area.code,
        label,
    )


def tableable(row: Any, may: Scope) -> bool:
    """Whether the reader may put this area on an agenda: of their own regions, with a proposal, not tabled yet.

    A floor alone is a proposal: the method may hold its stage back for want of figures (method §8).
    """
    return row.of_round is None and row.proposal_rank > NO_STAGE and may.holds(row.area.region_id)
