"""Where somebody may keep companies."""

from companies.models import Company
from portal.directory.enums import Capability
from portal.directory.models import Region, User
from portal.directory.scope import EVERYTHING, Scope, scope_of
from portal.kernel.errors import Refusal


def keeping_scope(actor: User | None) -> Scope:
    """The part of the actor's scope in which they keep companies; everything for the system itself (None)."""
    return scope_of(actor).within(Capability.MANAGE_COMPANIES) if actor else EVERYTHING


def refuse_elsewhere(actor: User | None, region: Region) -> None:
    """Say no if the actor keeps no companies in the region."""
    if not keeping_scope(actor).holds(region.pk):
        raise Refusal(
            "region_elsewhere",
            f"{region.full_name}은(는) 관할 지역이 아니어서 이 지역의 기업을 적을 수 없습니다.",
            {"region": "관할 지역의 시·군·구를 골라 주세요."},
        )


def refuse_stranger(actor: User | None, company: Company) -> None:
    """Say no if the actor does not keep this company, or if it was merged into another."""
    if company.merged_into_id:
        raise Refusal("company_merged", "다른 기업에 합쳐진 기업입니다. 합쳐진 기업의 화면에서 고쳐 주세요.")
    scope = keeping_scope(actor)
    if not scope.nationwide and not Company.objects.visible_to(scope).filter(pk=company.pk).exists():
        raise Refusal("company_elsewhere", "관할 지역에 사업장이 없는 기업이어서 고칠 수 없습니다.")
