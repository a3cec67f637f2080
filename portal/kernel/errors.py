"""How the programme says no."""

from collections.abc import Mapping


class Refusal(Exception):
    """A deed that may not be done now: `code` for machines, `message` for people, `fields` where it concerns a field.

    Forms show the message, the API answers 409 with the code, jobs store both.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = str(message)
        self.fields = dict(fields or {})
