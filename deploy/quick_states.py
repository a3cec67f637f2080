"""Apply additive migrations without rendering the whole model graph again after every single operation.

Between two operations Django renders anew every model that is related, however far, to the one just touched: with some
two hundred connected models that was 46 of the 49 CPU seconds in which an empty database got its tables (3 with this).
Creating a table, a column, a constraint, an index or a trigger, or altering a plain field, looks at no other model's
relations, so while a migration holds nothing but such operations only the touched model and what inherits from it are
rendered. It is Django's own "delayed" rendering taken one step further: RunPython and every migration with any other
operation start from a graph rendered in full. `tests/runtime/test_quick_states.py` compares the SQL of both ways word
for word.

Used by deploy/prepare.py, by `manage.py migrate`, and as a pytest plugin by `./test`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

ADDITIVE = {
    "CreateModel", "AddField", "AddConstraint", "AddIndex", "AddTrigger", "RemoveConstraint", "RemoveIndex",
    "RemoveTrigger", "RunSQL", "RunPython", "BtreeGistExtension", "TrigramExtension", "CreateExtension",
}  # fmt: skip


@contextmanager
def quick_states() -> Iterator[None]:
    """Within this block, migrations are applied the quick way wherever that is safe."""
    from django.db.migrations.migration import Migration
    from django.db.migrations.state import ProjectState

    patched_state: Any = ProjectState
    patched_migration: Any = Migration
    whole_find, whole_apply = patched_state._find_reload_model, patched_migration.apply

    def find(state: Any, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        state.is_delayed = True
        return heirs(state, (app_label, model_name.lower()))

    @wraps(whole_apply)
    def apply(migration: Any, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        additive = all(is_additive(operation) for operation in migration.operations)
        if not additive:
            project_state.clear_delayed_apps_cache()
        patched_state._find_reload_model = find if additive else whole_find
        try:
            return whole_apply(migration, project_state, schema_editor, collect_sql)
        finally:
            patched_state._find_reload_model = whole_find

    patched_migration.apply = apply
    try:
        yield
    finally:
        patched_migration.apply = whole_apply


def is_additive(operation: Any) -> bool:
    """Whether an operation looks at no other model's relations: one of `ADDITIVE`, or a plain field altered."""
    if type(operation).__name__ == "AlterField":
        return not operation.field.is_relation
    return type(operation).__name__ in ADDITIVE


def heirs(state: Any, model: tuple[str, str]) -> set[tuple[str, str]]:
    """The model and all that inherit from it, by (app label, lower-case name)."""
    found = {model}
    while grown := {
        key
        for key, each in state.models.items()
        if key not in found
        and any(isinstance(base, str) and tuple(base.lower().split(".")) in found for base in each.bases)
    }:
        found |= grown
    return found


def pytest_configure(config: Any) -> None:
    """As a plugin: the test databases are made the quick way."""
    block = quick_states()
    block.__enter__()
    config.add_cleanup(lambda: block.__exit__(None, None, None))
