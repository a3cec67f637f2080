"""Marking companies to keep them at hand."""

from django.db import transaction

from companies.models import Company
from companies.workspace.models import Bookmark
from portal.directory.audit import deed
from portal.directory.models import User


@transaction.atomic
def mark(*, company: Company, actor: User, note: str = "") -> Bookmark:
    """Mark a company for oneself; a second time changes the note."""
    with deed("mark_company", actor=actor):
        bookmark, _ = Bookmark.objects.update_or_create(owner=actor, company=company, defaults={"note": note.strip()})
    return bookmark


@transaction.atomic
def unmark(*, company: Company, actor: User) -> None:
    """Take one's own mark away, if there is one."""
    with deed("unmark_company", actor=actor):
        Bookmark.objects.filter(owner=actor, company=company).delete()
