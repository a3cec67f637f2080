from typing import Any

import pytest

from tests.factories.difficulties import Land


@pytest.fixture(autouse=True)
def _clock(time_machine: Any, settings: Any, tmp_path: Any) -> None:
    time_machine.move_to("2026-03-03 10:00:00+09:00", tick=False)  # a Tuesday
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def land(db: None) -> Land:
    return Land()
