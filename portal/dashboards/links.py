"""Addresses of the dashboards, with the choices a reader has made carried along."""

from urllib.parse import urlencode

from django.urls import reverse


def board(*, round: str = "", sido: str = "", anchor: str = "", **more: str) -> str:
    """The board of a round, of one 시·도 if given. Empty values are left out."""
    query = {key: value for key, value in {"round": round, "sido": sido, **more}.items() if value}
    return reverse("dashboards:board") + (f"?{urlencode(query)}" if query else "") + (f"#{anchor}" if anchor else "")


def area(code: str, *, round: str = "", **more: str) -> str:
    """The page of one area, seen from a round."""
    query = {key: value for key, value in {"round": round, **more}.items() if value}
    return reverse("dashboards:area", args=[code]) + (f"?{urlencode(query)}" if query else "")
