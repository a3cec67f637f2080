"""Every template of the portal keeps the strict content security policy and refers to what is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(file for file in (ROOT / "templates").rglob("*.html"))
OURS = [
    t for t in TEMPLATES if t.relative_to(ROOT / "templates").parts[0] in {"layout", "components", "krds", "errors"}
]
OURS += [ROOT / "templates" / f"{code}.html" for code in ("400", "403", "403_csrf", "404", "429", "500")]
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)


def source(file):
    return COMMENT.sub("", file.read_text(encoding="utf-8"))


def name(file):
    return str(file.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_no_inline_style_script_or_handler(file):
    text = re.sub(r"{%.*?%}|{{.*?}}", "", source(file), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "style= is blocked by the content security policy: use a class"
    assert not re.search(r"<style\b", text), "<style> is blocked: use static/ui"
    assert not re.search(r"<script\b(?![^>]*\ssrc=)", text), "inline script is blocked: use static/ui/app.js"
    assert not re.search(r"\son[a-z]+\s*=", text), "inline handlers are blocked: use data-portal-*"
    assert "javascript:" not in text
    assert not re.search(r"""hx-(on|vals=["']js)""", text), "htmx may not evaluate"


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_nothing_is_fetched_from_another_host(file):
    assert not re.search(r"""(?:src|href|action|hx-\w+)\s*=\s*["'](?:https?:)?//""", source(file))


@pytest.mark.parametrize("file", TEMPLATES, ids=name)
def test_every_static_file_named_is_there(file):
    for path in re.findall(r"""{% static ["']([^"']+)["']""", source(file)):
        assert finders.find(path), path


@pytest.mark.parametrize("file", OURS, ids=name)
def test_the_template_compiles(file):
    assert get_template(name(file)).template.nodelist


@pytest.mark.parametrize("file", OURS, ids=name)
def test_korean_stands_only_inside_translation_tags(file):
    text = re.sub(r"{% blocktranslate.*?endblocktranslate %}|{%.*?%}|{{.*?}}", "", source(file), flags=re.DOTALL)
    found = re.search(r"[가-힣][^<]*", text)
    languages = {"한국어"}
    assert not found or found[0].strip() in languages, found
