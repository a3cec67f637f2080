"""What the pages of validation share."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.shortcuts import get_object_or_404

from crisis.models import RuleSet
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.errors import Refusal
from portal.kernel.http import PortalRequest

T = TypeVar("T")


def tried(form: Form, act: Callable[[], T]) -> T | None:
    """What the deed returns; None when it refused, with the words at the fields they concern or above the form.

    The deed runs in a savepoint, so that the page after a refusal still has a database to read.
    """
    try:
        with transaction.atomic():
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


def rule_set_of(request: PortalRequest, version: str) -> RuleSet:
    """A rule set by its version."""
    return get_object_or_404(RuleSet.objects.visible_to(request.scope), version=version)


def body_for(scope: Scope, region_id: int) -> Organization | None:
    """The organization for which somebody speaks of a place: of theirs that reach it, the first."""
    reaching = [grant.organization_id for grant in scope.grants if grant.nationwide or region_id in grant.region_ids]
    return Organization.objects.filter(pk__in=reaching).order_by("pk").first()
