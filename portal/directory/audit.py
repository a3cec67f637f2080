"""The record of deeds: the audit event and the context of the history triggers, written with the deed itself."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pghistory
from django.db import models

from portal.directory.models import Event, Region, User

request_id: ContextVar[str] = ContextVar("request_id", default="")


def new_request_id() -> str:
    return uuid.uuid4().hex[:16]


class Deed:
    """One deed under way: call `about` for each thing it concerned."""

    def __init__(self, verb: str, actor: User | None, reason: str) -> None:
        self.verb, self.actor, self.reason = verb, actor, reason

    def about(self, subject: models.Model, *, region: Region | None = None, **facts: Any) -> Event:
        """Write the audit event of this deed for one subject."""
        return Event.objects.create(
            actor=self.actor,
            verb=self.verb,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            subject_label=str(subject)[:200],
            region=region,
            reason=self.reason,
            request_id=request_id.get(),
            facts=facts,
        )


_under_way: ContextVar[bool] = ContextVar("deed_under_way", default=False)


@contextmanager
def deed(verb: str, *, actor: User | None, reason: str = "") -> Iterator[Deed]:
    """Do something under its name: history rows made inside carry actor, deed, reason and request id.

    A deed done inside another is part of it: the history names the outer one, the audit events name each.
    """
    done = Deed(verb, actor, reason)
    if _under_way.get():
        yield done
        return
    token = _under_way.set(True)
    try:
        with pghistory.context(
            actor=actor.pk if actor else None, deed=verb, reason=reason, request=request_id.get() or None
        ):
            yield done
    finally:
        _under_way.reset(token)
