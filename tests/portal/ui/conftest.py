"""Rendering without a database: Korean, a url conf of the frame's own, and the machine's Chromium."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.template import engines
from django.utils import translation

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
#: The policy production sends (portal/settings/base.py), shortened to what a page can break.
POLICY = "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of the system: none is downloaded."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture(autouse=True)
def _frame(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.portal.ui.urls"
    with translation.override("ko"):
        yield


@pytest.fixture
def draw() -> Any:
    """Render template source with `{% load ui %}` in front."""

    def drawn(source: str, **context: Any) -> str:
        return engines["django"].from_string("{% load ui %}" + source).render(context)

    return drawn


class Page(HTMLParser):
    """Every element of a piece of HTML as (tag, attributes), ids and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    @property
    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _tag, attrs in self.elements if "id" in attrs]

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]
