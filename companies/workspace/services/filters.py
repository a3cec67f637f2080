"""Filters kept under a name, for oneself or for one's body."""

from django.db import transaction
from django.http import QueryDict

from companies.workspace.models import SavedFilter
from portal.directory.audit import deed
from portal.directory.models import Organization, User
from portal.directory.scope import scope_of
from portal.kernel.errors import Refusal

MOST_SAVED = 100
_NOT_KEPT = ("page", "export", "size")


@transaction.atomic
def save_filter(
    *, list_name: str, name: str, query: str, shared_with: Organization | None = None, actor: User
) -> SavedFilter:
    """Keep the query of a list under a name; one of one's own of the same name is replaced.

    Page and page size are left out. Refuses a body one does not work for and more than MOST_SAVED filters.
    """
    kept = QueryDict(query, mutable=True)
    for part in _NOT_KEPT:
        kept.pop(part, None)
    if shared_with is not None and shared_with.pk not in scope_of(actor).organization_ids:
        raise Refusal("not_your_body", "소속 기관하고만 함께 쓸 수 있습니다.", {"shared": "소속 기관을 골라 주세요."})
    own = SavedFilter.objects.filter(owner=actor).of_list(list_name)
    if own.exclude(name=name).count() >= MOST_SAVED:
        raise Refusal("too_many_filters", f"조건은 {MOST_SAVED}개까지 저장합니다. 쓰지 않는 것을 지워 주세요.")
    with deed("save_filter", actor=actor) as done:
        row = own.filter(name=name).first() or SavedFilter(owner=actor, list_name=list_name, name=name)
        row.query, row.shared_with = kept.urlencode(), shared_with
        row.full_clean()
        row.save()
        if shared_with is not None:
            done.about(row, shared_with=shared_with.code)
    return row


@transaction.atomic
def forget_filter(*, saved: SavedFilter, actor: User) -> None:
    """Take a filter of one's own away, from those it was shared with too."""
    if saved.owner_id != actor.pk:
        raise Refusal("not_your_filter", "만든 사람만 지울 수 있습니다.")
    with deed("forget_filter", actor=actor):
        saved.delete()
