"""The OpenAPI document of this version, made once in each process."""

import json
from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import patched_settings

from portal.api import extensions  # noqa: F401  (registers itself)

# Fields of one name with different values get a name each; a missing one is a warning, and the suite fails on it.
ENUM_NAMES = {
    "StageEnum": "crisis.enums.Stage",
    "AreaLevelEnum": "crisis.enums.AreaLevel",
    "RegionLevelEnum": "portal.directory.enums.RegionLevel",
    "ObservationStatusEnum": "crisis.enums.ObservationStatus",
    "IndicatorKindEnum": "crisis.enums.IndicatorKind",
    "OrganizationKindEnum": "portal.directory.enums.OrganizationKind",
    "SuccessionKindEnum": "portal.directory.enums.SuccessionKind",
    "ClusterKindEnum": "companies.enums.ClusterKind",
    "RoundStateEnum": "crisis.enums.RoundState",
    "RuleSetStateEnum": "crisis.enums.RuleSetState",
    "DeterminationStateEnum": "crisis.enums.DeterminationState",
}


def make() -> dict[str, Any]:
    """The OpenAPI 3 document of v1, described in Korean. Takes about half a second: use `document()`."""
    with translation.override("ko"), patched_settings({"ENUM_NAME_OVERRIDES": ENUM_NAMES}):
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
