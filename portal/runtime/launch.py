"""Run a module of `portal.runtime` without importing the rest of the portal.

`portal/__init__.py` imports Celery, which a fresh machine does not have yet and a keeper does not need. This file is
run by its path, puts a bare `portal` package in place and goes on to the module named first on the command line:

    python portal/runtime/launch.py supervisor --empty
"""

import runpy
import sys
import types
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def lean() -> None:
    """Make `portal.runtime` importable while leaving `portal/__init__.py` unread. Does nothing when it was read."""
    if "portal" in sys.modules:
        return
    here = str(Path(__file__).resolve().parent)
    sys.path[:] = [str(ROOT), *(entry for entry in sys.path if entry not in {here, str(ROOT)})]
    package = types.ModuleType("portal")
    package.__path__ = [str(ROOT / "portal")]
    sys.modules["portal"] = package


if __name__ == "__main__":
    lean()
    module = sys.argv.pop(1)
    runpy.run_module(f"portal.runtime.{module}", run_name="__main__", alter_sys=True)
