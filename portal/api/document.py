"""The OpenAPI document of this version, made once in each process."""

import json
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import TextChoices
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from portal.api import extensions  # noqa: F401  (registers itself)

OWN = frozenset({"portal", "companies", "network", "projects", "crisis"})


def enum_names() -> dict[str, str]:
    """A name for every set of choices of ours, so that fields of one name with different values are told apart.

    The name is that of the class; where two apps use the same one, the app's label comes before it. Of classes with
    the same values the first one found names them all.
    """
    found: dict[str, str] = {}
    seen: set[tuple[tuple[str, str], ...]] = set()
    for config in apps.get_app_configs():
        if config.name.split(".")[0] not in OWN or find_spec(f"{config.name}.enums") is None:
            continue
        module = import_module(f"{config.name}.enums")
        for name, choices in vars(module).items():
            own = (
                isinstance(choices, type) and issubclass(choices, TextChoices) and choices.__module__ == module.__name__
            )
            shown = own and tuple((value, str(label)) for value, label in choices.choices)
            if not shown or shown in seen:
                continue
            seen.add(shown)
            key = f"{name}Enum"
            if key in found:
                key = f"{config.label.capitalize()}{name}Enum"
            found[key] = f"{module.__name__}.{name}"
    return found


def make() -> dict[str, Any]:
    """The OpenAPI 3 document of v1, described in Korean. Takes about half a second: use `document()`."""
    with translation.override("ko"), patched_settings({"ENUM_NAME_OVERRIDES": enum_names()}):
        made = SchemaGenerator(api_version="v1").get_schema(request=None, public=True)
    plain: dict[str, Any] = json.loads(json.dumps(made, default=str))
    return plain


@cache
def document() -> dict[str, Any]:
    """The document, kept for the life of the process. Read it, never change it."""
    return make()


@cache
def as_json() -> bytes:
    return json.dumps(document(), ensure_ascii=False, indent=1).encode()
