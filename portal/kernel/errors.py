"""How the programme says no."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


class Refusal(Exception):
    """A deed that may not be done now: `code` for machines, `message` for people, `fields` where it concerns a field.

    Forms show the message, the API answers 409 with the code, jobs store both.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.fields = dict(fields or {})


class ChangedMeanwhile(Refusal):
    """Somebody saved since the writer looked: `current` is what stands now. Pages show both, nothing is overwritten."""

    def __init__(self, current: Any = None, message: str = "", fields: Mapping[str, str] | None = None) -> None:
        said = message or _("그 사이에 다른 담당자가 먼저 저장했습니다. 바뀐 내용을 확인한 다음 다시 저장해 주세요.")
        super().__init__("changed_meanwhile", said, fields)
        self.current = current
