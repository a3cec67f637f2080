"""Who may do what in the surveys, and where."""

from companies.surveys.models import Target
from portal.directory.enums import Capability
from portal.directory.models import User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal


def refuse_non_manager(actor: User) -> None:
    """Rounds are run by the ministry."""
    if not scope_of(actor).within(Capability.MANAGE_SURVEYS).nationwide:
        raise Refusal("not_allowed", "조사 회차는 본부 담당자만 운영할 수 있습니다.")


def refuse_stranger(actor: User, target: Target, capability: str) -> None:
    """Say no to whoever does not hold the capability where the company is asked."""
    if not scope_of(actor).within(capability).holds(target.region_id):
        raise Refusal("out_of_scope", "관할 지역의 조사표가 아니거나 이 일을 할 권한이 없습니다.")
