"""Rules about the code itself: what is written down here is kept by a machine."""

import inspect
from importlib import import_module
from importlib.util import find_spec

import pytest
from celery import current_app
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.db.models import CheckConstraint, UniqueConstraint
from django.urls import URLPattern, URLResolver, get_resolver

from portal.directory.middleware import OPEN_VIEWS

PACKAGES = {"portal", "companies", "network", "projects", "crisis"}
OURS = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in PACKAGES}


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def entered_models():
    """Our models without the history tables that the triggers fill."""
    return [model for model in own_models() if not hasattr(model, "pgh_tracked_model")]


def routes(patterns=None, prefix="", namespace=""):
    """Every (path, qualified name, callback) of the portal."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = ":".join(part for part in [namespace, pattern.namespace] if part)
            yield from routes(pattern.url_patterns, path, inner)
        elif isinstance(pattern, URLPattern):
            yield path, ":".join(part for part in [namespace, pattern.name or ""] if part), pattern.callback


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_foreign_keys_across_apps_hide_their_reverse_side():
    """Imports show who depends on whom; `cluster.assessments` would not. So the name does not exist."""
    visible = {
        f"{model._meta.label}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if (field.many_to_one or (field.one_to_one and not field.auto_created))
        and field.related_model._meta.app_label in OURS
        and field.related_model._meta.app_label != model._meta.app_label
        and not field.remote_field.hidden
    }
    assert visible == set()


def test_every_constraint_speaks():
    silent = {
        f"{model._meta.label}.{constraint.name}"
        for model in own_models()
        for constraint in model._meta.constraints
        if constraint.violation_error_message == constraint.default_violation_error_message
    }
    assert silent == set()


def test_every_constraint_is_named_in_words():
    names = [constraint.name for model in own_models() for constraint in model._meta.constraints]
    assert len(names) == len(set(names))
    assert all(
        isinstance(c, CheckConstraint | UniqueConstraint) or c.name for m in own_models() for c in m._meta.constraints
    )


def reaches_a_region(model):
    return any(
        field.many_to_one and field.related_model._meta.label in {"directory.Region", "crisis.Area"}
        for field in model._meta.get_fields()
    )


def test_every_model_with_a_place_knows_who_may_see_it():
    blind = {
        model._meta.label
        for model in entered_models()
        if reaches_a_region(model) and not hasattr(model._default_manager.all(), "visible_to")
    }
    # Parts of a region, of a body or of a run: they are only ever read through it.
    assert blind <= {
        "directory.RegionSuccession",
        "directory.RegionCode",
        "directory.RegionName",
        "directory.Jurisdiction",
        "crisis.AreaMembership",
        "crisis.RunShard",
    }


# Rows that are neither decided nor typed by anybody: parts of reference files, of runs, of reading a file.
DERIVED = {
    "directory.RegionCode",
    "directory.RegionName",
    "directory.Job",
    "directory.Notice",
    "intake.UploadRow",
    "companies.Industry",
    "companies.OlderIndustry",
    "crisis.IndicatorUnit",
    "workspace.SearchDebt",
    "workspace.SearchKey",
    "crisis.RunShard",
    "crisis.Run",
    "crisis.Result",
    "crisis.StageChange",
    "crisis.Designation",
    "workbench.WhatIfResult",
    "sources.FeedReceipt",
    "sources.CollectedBatch",
    "sources.ExaminedRun",
    "fieldwork.ResultCell",
}


def test_every_model_keeps_its_history_or_never_changes():
    """A trigger copies each version, or a trigger refuses every change: bulk writes and SQL included."""
    forgetful = set()
    for model in entered_models():
        if model._meta.label in DERIVED or model._meta.auto_created:
            continue
        triggers = {trigger.name for trigger in getattr(model._meta, "triggers", [])}
        tracked = {"insert_insert", "update_update", "delete_delete"} <= triggers
        append_only = any(name.endswith("_append_only") for name in triggers)
        if not tracked and not append_only:
            forgetful.add(model._meta.label)
    assert forgetful == set()


def test_every_list_endpoint_is_scoped():
    from rest_framework.viewsets import GenericViewSet

    from portal.kernel.viewsets import ScopedViewSet

    unscoped = {
        callback.cls.__name__
        for _, _, callback in routes()
        if getattr(callback, "cls", None) is not None
        and issubclass(callback.cls, GenericViewSet)
        and not issubclass(callback.cls, ScopedViewSet)
    }
    assert unscoped == set()


def test_open_pages_exist():
    names = {name for _, name, _ in routes()}
    assert names >= OPEN_VIEWS


def task_modules():
    for config in apps.get_app_configs():
        if config.label in OURS and find_spec(f"{config.name}.tasks") is not None:
            import_module(f"{config.name}.tasks")


def own_tasks():
    task_modules()
    return {
        name: task
        for name, task in current_app.tasks.items()
        if name.split(".")[0] in {"portal", "crisis", "companies", "network", "projects"}
    }


def test_every_beat_entry_is_a_task():
    known = own_tasks()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(known)


def deferred_names():
    """Every task name our code sends, with the file that sends it."""
    import re
    from pathlib import Path

    for path in Path(settings.BASE_DIR).glob("*/**/*.py"):
        if path.parts[len(Path(settings.BASE_DIR).parts)] in {"portal", "crisis", "companies", "network", "projects"}:
            text = path.read_text(encoding="utf-8")
            for match in re.finditer(r'(?:defer\(\s*|task=)"([a-z_.]+\.tasks\.[a-z_]+)"', text):
                yield match[1], path.name


def test_every_deferred_task_exists_and_takes_its_arguments():
    known = own_tasks()
    sent = set(deferred_names())
    assert sent, "no deferred task was found: the search is broken"
    assert {name for name, _ in sent} <= set(known)
    for name, _ in sent:
        parameters = inspect.signature(known[name].run).parameters.values()
        assert all(p.kind is inspect.Parameter.KEYWORD_ONLY or p.name == "self" for p in parameters), name


def test_every_reading_view_declares_its_methods():
    """Our function views say which methods read and which write (`portal.kernel.views.methods`)."""
    undeclared = set()
    for _, name, callback in routes():
        module = getattr(callback, "__module__", "")
        if module.split(".")[0] not in {"portal", "crisis", "companies", "network", "projects"}:
            continue
        if getattr(callback, "cls", None) is not None or getattr(callback, "view_class", None) is not None:
            continue
        if not hasattr(callback, "declared_methods"):
            undeclared.add(name)
    assert undeclared == set()


def test_text_fields_are_never_null():
    """One way of saying nothing: the empty text. (Stages are codes; their absence is a fact of its own.)"""
    nullable = {
        f"{model._meta.label}.{field.name}"
        for model in entered_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField | models.TextField) and field.null and "stage" not in field.name
    }
    assert nullable == set()
