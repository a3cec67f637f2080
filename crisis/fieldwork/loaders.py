"""The questionnaires that ship with the portal, marked provisional: no official form could be verified."""

import json
from pathlib import Path

from django.db import transaction

from crisis.fieldwork.models import FieldForm
from portal.directory.audit import deed
from portal.kernel.loading import Loaded, sync

FORMS = Path(__file__).parent / "data/forms"
_BODY = ("topics", "multiple", "texts", "smallest", "feeds")
_FACTS = ("title", "basis", "provisional", "note")


@transaction.atomic
def load_fieldwork() -> list[Loaded]:
    """Bring the forms up to the shipped files. Twice is harmless; a version in use whose file changed is an error."""
    rows = []
    for path in sorted(FORMS.glob("*.json")):
        raw = json.loads(path.read_text(encoding="utf-8"))
        body = {name: raw[name] for name in _BODY}
        standing = FieldForm.objects.filter(code=raw["code"], version=raw["version"], frozen_at__isnull=False).first()
        if standing is not None and standing.body != body:
            raise ValueError(f"form {standing} is in use and its shipped file has changed: give it a new version")
        rows.append(
            {"code": raw["code"], "version": raw["version"], "body": body} | {name: raw[name] for name in _FACTS}
        )
    with deed("load_reference", actor=None, reason="crisis/fieldwork/data"):
        return [sync(FieldForm, ["code", "version"], rows)]
