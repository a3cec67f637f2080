"""Pieces of pages about rule sets: `{% load validation %}`."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from crisis.models import RuleSet
from crisis.validation.models import RuleSetDocument
from crisis.validation.rules import overrides
from crisis.validation.words import entry

register = template.Library()
register.filter("entry_word", entry)


@register.simple_tag
def approval_document(rule_set: RuleSet) -> RuleSetDocument | None:
    """The paper of an approval, where one was filed."""
    return RuleSetDocument.objects.filter(rule_set=rule_set).first()


@register.simple_tag
def rule_set_tabs(rule_set: RuleSet, here: str) -> list[dict[str, Any]]:
    """The pages of one rule set, for `{% tabs %}`."""
    pages = (
        ("detail", "crisis:rule_set", _("내용")),
        ("measures", "validation:measures", _("검증과 되먹임")),
        ("calibrations", "validation:calibrations", _("기준점 산정")),
        ("shadow", "validation:shadow", _("병행 산출")),
    )
    return [
        {"label": label, "url": reverse(view, args=[rule_set.version]), "current": key == here}
        for key, view, label in pages
    ]


@register.filter
def turned_out(verdict: str) -> Any:
    """How an override turned out, in words."""
    words = {overrides.BORNE_OUT: _("맞음"), overrides.NOT_BORNE_OUT: _("맞지 않음"), overrides.OPEN: _("아직 모름")}
    return words[verdict]
