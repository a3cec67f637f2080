"""What the columns of the board say, as plain values for files and as marks for the page."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.kernel import display
from portal.kernel.templatetags import ui


def name(row: Any) -> str:
    """`울산 동구`: the area's name with the short name of its 시·도, where it has one."""
    sido = getattr(row, "sido_name", "")
    return f"{sido} {row.area.name}" if sido else str(row.area.name)


def name_shown(row: Any) -> str:
    """The name on one line."""
    return name(row).replace(" ", "\N{NO-BREAK SPACE}")


def figure(key: str) -> Callable[[Any], str]:
    """One decimal, as the index is written everywhere."""
    return lambda row: display.number(getattr(row, key), 1)


def stage(row: Any) -> str:
    return display.stage_word(row.shown)


def stage_before(row: Any) -> str:
    return display.stage_word(row.previous_stage) if row.previous_stage else ""


def stage_shown(row: Any) -> SafeString:
    """The stage, from which it came where it changed, and why it stays above its index."""
    notes = []
    if row.held:
        notes.append(_("하향 유보"))
    if row.carried and row.model_stage:
        notes.append(_("지난 단계 %(stage)s") % {"stage": display.stage_word(row.model_stage)})
    changed = row.shown and row.previous_stage and row.previous_stage != row.shown
    mark = ui.stage_change(row.previous_stage, row.shown) if changed else ui.stage(row.shown)
    watch = format_html(" {}", ui.badge(_("관찰"), "info")) if row.watch else ""
    return format_html("{}{}{}", mark, _notes(notes), watch)


def _notes(notes: list[str]) -> SafeString:
    return format_html_join("", ' <span class="p-note">{}</span>', ((note,) for note in notes))


def decision(row: Any) -> str:
    """The council's stage; without one whether a council deliberates, else that only the model has spoken."""
    if row.decision:
        return display.stage_word(row.decision["stage"])
    return _("협의회 대기") if row.in_council else _("모형 산출")


def decision_shown(round_code: str) -> Callable[[Any], SafeString]:
    def shown(row: Any) -> SafeString:
        if not row.decision:
            return ui.badge(_("협의회 대기"), "warn") if row.in_council else ui.badge(_("모형 산출"), "mark")
        notes = []
        if row.decision["round"] != round_code:
            notes.append(_("%(round)s 결정") % {"round": display.period(row.decision["round"])})
        elif row.decision["stage"] != row.decision["proposed"]:
            notes.append(_("제안과 다름"))
        if row.in_council:
            notes.append(_("협의회 대기"))
        return format_html("{}{}", ui.stage(row.decision["stage"]), _notes(notes))

    return shown


def robustness(row: Any) -> str:
    return {"ROBUST": _("견고"), "MODERATE": _("보통"), "SENSITIVE": _("민감")}.get(row.badge, "")


def robustness_shown(row: Any) -> Any:
    return ui.robustness(row.badge) if row.badge else display.MISSING


def designation(entry: dict[str, Any]) -> str:
    """`2018. 4. 5. 고용위기지역(진해구)`."""
    day = display.day(date.fromisoformat(entry["start"])).replace(" ", "\N{NO-BREAK SPACE}")
    site = f"({entry['site']})" if entry["site"] else ""
    return f"{day} {entry['scheme']}{site}"


def later(row: Any) -> str:
    return "; ".join(designation(entry) for entry in row.later)


def later_shown(row: Any) -> Any:
    if not row.later:
        return display.MISSING
    lines = ((designation(entry),) for entry in row.later)
    return format_html_join(SafeString("<br>"), '<span class="p-note">{}</span>', lines)
