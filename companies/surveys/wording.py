"""How kept answers are read by people."""

from decimal import Decimal
from typing import Any

from companies.surveys.rules.answers import written
from companies.surveys.rules.definition import Field
from portal.kernel import display


def shown(field: Field, kept: Any) -> str:
    """A kept value with thousands apart (`1,234`, `△5`), a choice by its label. Empty if unanswered."""
    text = written(field, kept)
    return display.number(Decimal(text)) if field.is_numeric and text else text
