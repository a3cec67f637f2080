"""The shipped kinds of difficulties as rows, marked provisional."""

from django.db import transaction

from network.difficulties.enums import SHIPPED_KINDS
from network.difficulties.models import DifficultyKind
from portal.directory.audit import deed
from portal.kernel.loading import Loaded, sync


@transaction.atomic
def load_difficulty_kinds() -> list[Loaded]:
    """Add the kinds that are not there. One somebody changed or retired is left alone."""
    have = set(DifficultyKind.objects.values_list("code", flat=True))
    rows = [
        {"code": code, "name_ko": name, "name_en": english, "position": at * 10}
        for at, (code, name, english) in enumerate(SHIPPED_KINDS, 1)
        if code not in have
    ]
    with deed("load_reference", actor=None, reason="network/difficulties"):
        return [sync(DifficultyKind, ["code"], rows)]
