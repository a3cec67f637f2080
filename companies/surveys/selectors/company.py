"""What the surveys know of a company, for its page."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Company
from companies.panels import Entry, Panel
from companies.surveys.models import Target
from portal.directory.scope import Scope

_SHOWN = 10


def company_panel(company: Company, scope: Scope) -> Panel | None:
    """The company's survey rounds and how far each is."""
    targets = Target.objects.visible_to(scope).filter(company=company)
    rows = list(targets.select_related("round", "submission").order_by("-round__opens_on")[:_SHOWN])
    if not rows:
        return None
    return Panel("surveys", _("실태조사"), "surveys/company_panel.html", {"targets": rows})


def company_timeline(company: Company, scope: Scope) -> Iterator[Entry]:
    """One line for each survey handed in."""
    targets = Target.objects.visible_to(scope).filter(company=company, submission__submitted_at__isnull=False)
    for target in targets.select_related("round", "submission"):
        yield Entry(
            on=timezone.localtime(target.submission.submitted_at).date(),
            kind=_("조사"),
            title=target.round.title,
            text=target.submission.get_state_display(),
            url=reverse("surveys:target", args=[target.pk]),
        )
