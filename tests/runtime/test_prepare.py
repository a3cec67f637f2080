"""A database that a newer portal has changed is refused before anything touches it."""

import runpy

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from portal.runtime.paths import ROOT

PREPARE = runpy.run_path(str(ROOT / "deploy" / "prepare.py"), run_name="prepare")


@pytest.mark.django_db
def test_only_migrations_this_tree_does_not_have_are_unknown() -> None:
    assert PREPARE["unknown_migrations"]() == []
    MigrationRecorder(connection).record_applied("crisis", "9999_from_the_future")
    MigrationRecorder(connection).record_applied("an_app_long_gone", "0001_initial")
    assert PREPARE["unknown_migrations"]() == ["crisis.9999_from_the_future"]
