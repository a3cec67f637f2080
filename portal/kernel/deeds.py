"""Steps of a procedure: each a page with what it asks and a button. An app keeps its own steps, forms and templates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise

from portal.kernel.errors import ChangedMeanwhile
from portal.kernel.forms import done


def refuse_stale(row: Any, seen: int) -> None:
    """Say no when a row with a `version` is not the version the writer had before their eyes."""
    if row.version != seen:
        raise ChangedMeanwhile(current=row)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a procedure: its button, what it does, who may and when, what it asks and how it is told.

    `act` takes the row under the name the procedure gives it, `actor`, and what the form asks. `may` takes the
    reader's scope and the row.
    """

    key: str
    label: str | Promise
    text: str | Promise
    form: type[Form]
    act: Callable[..., Any]
    may: Callable[[Any, Any], bool]
    done: str | Promise
    kind: str = "primary"


def offered(steps: Sequence[Step], scope: Any, row: models.Model) -> list[Step]:
    """The steps this reader may take now."""
    return [step for step in steps if step.may(scope, row)]


def take_step(
    request: Any,
    steps: Sequence[Step],
    key: str,
    *,
    called: str,
    row: Any,
    back: str,
    page: Callable[[Step, Form], HttpResponse],
    initial: Mapping[str, Any] | None = None,
    after: str = "",
) -> HttpResponse:
    """The page of a step: asks, does it, and goes back to the row (or `after`) with the words of what was done.

    `called`: the name under which the deed takes the row. A step that is not open now leads back; a POST of it is
    forbidden. When the row has changed meanwhile the reader is led back to look at it first. Http404: no such step.
    """
    step = next((one for one in steps if one.key == key), None)
    if step is None:
        raise Http404
    if not step.may(request.scope, row):
        if request.method == "POST":
            raise PermissionDenied
        return redirect(back)
    posted = request.method == "POST"
    form = step.form(request.POST if posted else None, initial={"seen": row.version} | dict(initial or {}))
    if posted and form.is_valid():
        facts = {called: row, "actor": request.user, **form.cleaned_data}
        try:
            if done(form, lambda: step.act(**facts)):
                messages.success(request, str(step.done))
                return redirect(after or back)
        except ChangedMeanwhile as refusal:
            messages.error(request, refusal.message)
            return redirect(back)
    return page(step, form)
