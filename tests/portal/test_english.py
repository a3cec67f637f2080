"""The second language: texts of the frame are there, placeholders survive, the compiled file is the written one."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from portal.directory.enums import Role
from tests.factories.directory import person

FOLDER = Path(settings.BASE_DIR) / "locale/en/LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def catalogue():
    with (FOLDER / "django.mo").open("rb") as file:
        return {key: text for key, text in gettext.GNUTranslations(file)._catalog.items() if key}


def test_no_placeholder_was_lost():
    broken = {
        key
        for key, text in catalogue().items()
        if isinstance(key, str) and sorted(PLACEHOLDER.findall(key)) != sorted(PLACEHOLDER.findall(text))
    }
    assert broken == set()


def test_the_compiled_file_is_the_written_one():
    written = (FOLDER / "django.po").read_text(encoding="utf-8")
    entries = written.count("\nmsgid ") - 1  # the header is an entry without a key
    singular = {key for key in catalogue() if isinstance(key, str)}
    plural = {key[0] for key in catalogue() if isinstance(key, tuple)}
    assert len(singular | plural) in range(entries - 2, entries + 2)
    assert 'msgid "위기징후 현황판"' in written
    assert "위기징후 현황판" in singular


def test_every_text_of_the_frame_has_its_english():
    known = set(catalogue())
    missing = set()
    for folder in ("layout", "components", "krds"):
        for path in (Path(settings.BASE_DIR) / "templates" / folder).glob("*.html"):
            for text in re.findall(r"{% translate ['\"](.+?)['\"] ", path.read_text(encoding="utf-8")):
                if text not in known:
                    missing.add(f"{path.name}: {text}")
    assert missing == set()


@pytest.mark.django_db
def test_a_reader_can_switch_to_english_and_back(client):
    client.force_login(person(role=Role.HQ))
    assert "로그아웃" in client.get(reverse("home")).content.decode()
    client.post(reverse("set_language"), {"language": "en", "next": "/"})
    english = client.get(reverse("home")).content.decode()
    assert '<html lang="en"' in english
    assert "My work" in english
    assert "로그아웃" not in english
    client.post(reverse("set_language"), {"language": "ko", "next": "/"})
    assert "로그아웃" in client.get(reverse("home")).content.decode()
