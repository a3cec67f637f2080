"""The quick way through the migrations says to the database, word for word, what Django's own way says."""

import inspect

import pytest
from django.db import connection
from django.db.migrations import operations
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import AutoField, IntegerField

from deploy import quick_states as quick

# `./test` makes its databases the quick way, so Django's own is looked up beneath it.
DJANGO_APPLY = inspect.unwrap(Migration.apply)


def statements() -> list[str]:
    """The SQL of all migrations, from an empty database on, in the order they are applied."""
    loader = MigrationLoader(connection, replace_migrations=False)
    plan = [(loader.graph.nodes[node], False) for node in loader.graph._generate_plan(loader.graph.leaf_nodes(), True)]
    return list(loader.collect_sql(plan))


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_sql_is_the_same_as_of_djangos_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    with quick.quick_states():
        quickly = statements()
    monkeypatch.setattr(Migration, "apply", DJANGO_APPLY)
    in_full = statements()
    assert len(in_full) > 1000
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
