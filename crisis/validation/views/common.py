"""What the pages of validation share."""

from django.shortcuts import get_object_or_404

from crisis.models import RuleSet
from portal.directory.models import Organization
from portal.directory.scope import Scope
from portal.kernel.http import PortalRequest


def rule_set_of(request: PortalRequest, version: str) -> RuleSet:
    """A rule set by its version."""
    return get_object_or_404(RuleSet.objects.visible_to(request.scope), version=version)


def body_for(scope: Scope, region_id: int) -> Organization | None:
    """The organization for which somebody speaks of a place: of theirs that reach it, the first."""
    reaching = [grant.organization_id for grant in scope.grants if grant.nationwide or region_id in grant.region_ids]
    return Organization.objects.filter(pk__in=reaching).order_by("pk").first()
