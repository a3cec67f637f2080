"""A personal machine or one office's own server: what `./start` and `manage.py` use."""

import contextlib

from portal.settings.base import *  # noqa: F403
from portal.settings.base import SECRET_KEY as _KEY
from portal.settings.base import VAR as _VAR


def _kept_secret() -> str:
    """The key of this installation, made once and kept beside its data."""
    from django.core.management.utils import get_random_secret_key

    path = _VAR / "secret_key"
    if not path.exists():
        _VAR.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(get_random_secret_key())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(fresh)  # whoever comes second keeps the first one's key
        fresh.unlink(missing_ok=True)
    return path.read_text().strip()


SECRET_KEY = _KEY or _kept_secret()
