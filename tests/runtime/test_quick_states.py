"""The quick way through the migrations says to the database, word for word, what Django's own way says."""

import inspect

import pytest
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import AutoField, Field, IntegerField

from deploy import quick_states as quick

# `./test` makes its databases the quick way, so Django's own is looked up beneath it.
DJANGO_APPLY = inspect.unwrap(Migration.apply)


def kinds(migration: Migration) -> set[str]:
    """What a migration does, as far as it may matter to rendering: operations, relations, bases, options of models."""
    found = set()
    for one in migration.operations:
        name = type(one).__name__
        found.add(name)
        if name in {"AddField", "AlterField"}:
            found.add(f"{name} {relation(one.field)}")
        if name == "CreateModel":
            found |= {f"{name} {relation(field)}" for _, field in one.fields}
            found |= {f"{name} of {base}" for base in one.bases if isinstance(base, str)}
            found |= {f"{name} {option}" for option in one.options}
    return found


def relation(field: Field) -> str:
    """The kind of a relation; every other field looks at nothing but itself."""
    return type(field).__name__ if field.is_relation else "plain"


def specimens(loader: MigrationLoader) -> list[Migration]:
    """A few small migrations that together do everything the quick way does to any migration."""
    additive = [
        one for one in loader.disk_migrations.values() if all(quick.is_additive(each) for each in one.operations)
    ]
    unseen, chosen = set().union(*map(kinds, additive)), []
    while unseen:
        best = max(additive, key=lambda one: (len(kinds(one) & unseen) / max(len(one.operations), 1), str(one)))
        chosen.append(best)
        unseen -= kinds(best)
    return chosen


def statements(loader: MigrationLoader, migration: Migration) -> list[str]:
    """The SQL of one migration on top of everything that goes before it."""
    key = (migration.app_label, migration.name)
    state = loader.project_state(key, at_end=False)
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    return list(editor.collected_sql)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_sql_is_the_same_as_of_djangos_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of every migration, which takes many minutes, but of every kind of thing that any of them does."""
    loader = MigrationLoader(connection, replace_migrations=False)
    chosen = specimens(loader)
    with quick.quick_states():
        quickly = [statements(loader, one) for one in chosen]
    monkeypatch.setattr(Migration, "apply", DJANGO_APPLY)
    in_full = [statements(loader, one) for one in chosen]
    assert sum(map(len, in_full)) > 100
    assert quickly == in_full


@pytest.mark.django_db
def test_a_migration_with_any_other_operation_starts_from_a_graph_rendered_in_full() -> None:
    """AlterField looks at relations from other models: with half a graph a key's type would change on one side only."""
    state = ProjectState()
    state.add_model(ModelState("crisis", "parent", [("id", AutoField(primary_key=True))]))
    assert state.apps
    state.is_delayed = True
    rendered: list[bool] = []

    class Look(operations.AlterModelOptions):
        def state_forwards(self, app_label: str, state: ProjectState) -> None:
            rendered.append("apps" in state.__dict__)

    migration = type("Migration", (Migration,), {"operations": [Look("parent", {})]})("test", "crisis")
    with quick.quick_states(), connection.schema_editor(collect_sql=True) as editor:
        migration.apply(state, editor, collect_sql=True)
    assert rendered == [False]


def test_what_inherits_from_a_model_is_rendered_with_it() -> None:
    state = ProjectState()
    key = ("id", AutoField(primary_key=True))
    state.add_model(ModelState("a", "Base", [key]))
    state.add_model(ModelState("b", "Middle", [("x", IntegerField())], bases=("a.base",)))
    state.add_model(ModelState("c", "Leaf", [("y", IntegerField())], bases=("b.middle",)))
    state.add_model(ModelState("c", "Other", [key]))
    assert quick.heirs(state, ("a", "base")) == {("a", "base"), ("b", "middle"), ("c", "leaf")}
