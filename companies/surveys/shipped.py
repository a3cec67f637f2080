"""The forms that ship with the portal, read from their files: importers know them before there is a database."""

import json
from pathlib import Path
from typing import Any

FORMS = Path(__file__).parent / "data/forms"


def shipped_forms() -> list[dict[str, Any]]:
    """Each form's file as it stands: code, version, title, legal_basis, provisional, note, fields, rules."""
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FORMS.glob("*.json"))]
