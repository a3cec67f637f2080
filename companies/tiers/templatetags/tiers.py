"""Pieces of the pages of tiers: `{% load tiers %}`."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from companies.enums import FigureSource
from companies.tiers import rules
from companies.tiers.views.lists import outcome_mark, span
from portal.kernel import display

register = template.Library()
register.filter("term", span)

DEED_WORDS = {
    "open_tier_case": _("심사를 엶"),
    "open_tier_appeal": _("이의신청을 접수함"),
    "begin_tier_review": _("검토를 시작함"),
    "renew_tier_evidence": _("증거표를 다시 만듦"),
    "submit_tier_review": _("검토 의견을 냄"),
    "return_tier_case": _("검토로 되돌림"),
    "withdraw_tier_case": _("심사를 철회함"),
    "notify_tier_hearing": _("의견청취를 통지함"),
    "record_tier_hearing": _("의견청취 결과를 기록함"),
    "approve_tier_case": _("결정함"),
    "reject_tier_case": _("불승인함"),
}
_MONEY = {"sales", "exports_direct", "exports_indirect", "rnd"}


@register.simple_tag
def outcome(value: str) -> SafeString | str:
    """충족, 미충족 or 확인 필요; nothing where there is no verdict."""
    return outcome_mark(value) if value else ""


@register.simple_tag
def evidence_value(row: Mapping[str, Any]) -> str:
    """One input of an evidence sheet as the house writes it."""
    value = row.get("value")
    if value is None or value == []:
        return display.MISSING
    if isinstance(value, bool):
        return str(_("예") if value else _("아니오"))
    metric = str(row.get("item", "")).upper()
    if isinstance(value, list):
        return ", ".join(rules.word(str(one), metric) for one in value)
    if isinstance(value, int):
        return display.won(value) if row.get("item") in _MONEY else display.number(value)
    return rules.word(str(value), metric)


@register.filter
def flattened(node: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a tree (`members`) in reading order, each with `pad`: the blanks that set it in by its depth."""
    return list(_flat(node, 0))


def _flat(node: Mapping[str, Any], depth: int) -> Iterator[dict[str, Any]]:
    yield {**node, "pad": "\u3000" * depth, "is_group": bool(node.get("members"))}
    for member in node.get("members", ()):
        yield from _flat(member, depth + 1)


@register.filter
def source_word(code: str) -> str:
    """Where a figure comes from, in words; a document's own name as it is."""
    return str(FigureSource(code).label) if code in FigureSource.values else code


@register.filter
def deed_word(verb: str) -> str:
    return str(DEED_WORDS.get(verb, verb))
