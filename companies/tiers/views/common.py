"""Doing a deed from a form: what the deed says no to comes back at the form."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import Form

from portal.kernel.errors import Refusal

T = TypeVar("T")


def tried(form: Form, act: Callable[[], T]) -> T | None:
    """What the deed returns; None when it refused, with the words at the fields they concern or above the form."""
    try:
        return act()
    except Refusal as refusal:
        for field, message in refusal.fields.items():
            form.add_error(field if field in form.fields else None, message)
        if not refusal.fields:
            form.add_error(None, refusal.message)
    except ValidationError as error:  # a constraint of the table
        found: dict[str, Any] = getattr(error, "message_dict", None) or {"": error.messages}
        for field, messages in found.items():
            form.add_error(field if field in form.fields else None, messages)
    return None
