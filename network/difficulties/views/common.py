"""Finding a case, and what its badges look like."""

from django.shortcuts import get_object_or_404

from network.difficulties.enums import ActionState, Severity
from network.difficulties.models import Case
from portal.kernel.http import PortalRequest

SEVERITY_KINDS = {Severity.NORMAL: "", Severity.HIGH: "warn", Severity.URGENT: "danger"}
ACTION_KINDS = {
    ActionState.PLANNED: "", ActionState.DOING: "info", ActionState.DONE: "ok", ActionState.DROPPED: "mark",
}  # fmt: skip


def case_of(request: PortalRequest, code: str) -> Case:
    """The case, or 404: outside the scope and confidential alike."""
    rows = Case.objects.visible_to(request.scope).select_related(
        "company", "workplace", "region__parent", "opened_by", "closed_by", "predecessor"
    )
    return get_object_or_404(rows, code=code)
