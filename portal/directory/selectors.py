"""What waits for somebody in the directory."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.directory.models import Notice
from portal.directory.scope import Scope
from portal.kernel.todo import Todo


def unread_notices(scope: Scope) -> Iterator[Todo]:
    """News the reader has not read yet. No due date of its own: what is due stands in its own list."""
    count = Notice.objects.visible_to(scope).unread().count()
    yield Todo(title=_("읽지 않은 알림"), url=reverse("notices") + "?state=unread", count=count)
