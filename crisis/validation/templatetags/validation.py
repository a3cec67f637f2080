"""Pieces of pages about rule sets: `{% load validation %}`."""

from typing import Any

from django import template

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


@register.filter
def turned_out(verdict: str) -> Any:
    """How an override turned out, in words."""
    from django.utils.translation import gettext as _

    words = {overrides.BORNE_OUT: _("맞음"), overrides.NOT_BORNE_OUT: _("맞지 않음"), overrides.OPEN: _("아직 모름")}
    return words[verdict]
