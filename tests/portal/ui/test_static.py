"""What is served: whole, pinned, small enough, and legible in both contrasts."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage

ROOT = Path(settings.BASE_DIR)
UI, VENDOR = ROOT / "static" / "ui", ROOT / "static" / "vendor"
SHEETS = sorted(UI.glob("*.css"))


def test_vendored_files_are_those_of_the_manifest():
    for folder in (VENDOR, ROOT / "tests" / "vendor"):
        manifest = json.loads((folder / "vendor.json").read_text(encoding="utf-8"))
        found = {str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file()} - {"vendor.json"}
        assert found == set(manifest["files"])
        for path, digest in manifest["files"].items():
            assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest, path
        assert "http" not in json.dumps(manifest["packages"])


def test_every_vendored_package_is_named_with_its_terms():
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    for folder in (VENDOR, ROOT / "tests" / "vendor"):
        for package, row in json.loads((folder / "vendor.json").read_text(encoding="utf-8"))["packages"].items():
            assert row["version"] in text, package


@pytest.mark.parametrize("file", [*VENDOR.rglob("*.css"), *SHEETS], ids=lambda f: f.name)
def test_every_file_a_sheet_refers_to_is_there_and_ours(file):
    text = file.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text
    assert "@import" not in text
    for target in re.findall(r"url\(\s*['\"]?([^'\")]+)", text):
        if not target.startswith(("data:", "#")):
            assert "//" not in target, target
            assert (file.parent / target.split("?")[0].split("#")[0]).is_file(), target


def test_the_state_emblem_and_the_kit_logo_are_not_shipped():
    names = {file.name for file in VENDOR.rglob("*.svg")}
    assert not {name for name in names if "logo_krds" in name or "flag" in name}


def test_the_manifest_storage_takes_every_file(tmp_path, settings):
    """What production does: hashed names, every reference resolved, or an error."""
    settings.STATIC_ROOT = tmp_path
    storage = ManifestStaticFilesStorage(location=str(tmp_path))
    paths = {}
    for file in [*UI.iterdir(), *(VENDOR / "krds").rglob("*.*"), VENDOR / "htmx/htmx.min.js"]:
        if file.is_file():
            name = str(file.relative_to(ROOT / "static"))
            target = tmp_path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
            paths[name] = (storage, name)
    for _name, _hashed, outcome in storage.post_process(paths):
        assert not isinstance(outcome, Exception), outcome


def test_only_the_tokens_name_colours():
    for sheet in SHEETS:
        if sheet.name != "tokens.css":
            found = re.findall(
                r"[:\s](#[0-9a-fA-F]{3,8}\b(?!\s*[{.,)])|rgba?\([^)]*\)|hsla?\([^)]*\))",
                sheet.read_text(encoding="utf-8"),
            )
            assert not found, (sheet.name, found)


def tokens(selector):
    """The custom properties of one block of tokens.css, over those of `:root`."""
    text = (UI / "tokens.css").read_text(encoding="utf-8")
    blocks = {":root": text[text.index(":root {") : text.index("@media screen")]}
    blocks["high-contrast"] = text[text.index('[data-krds-mode="high-contrast"]') :]
    read = lambda block: dict(re.findall(r"(--[\w-]+):\s*(#[0-9a-fA-F]{3,6})\b", block))  # noqa: E731
    return read(blocks[":root"]) | (read(blocks["high-contrast"]) if selector == "high-contrast" else {})


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(d * 2 for d in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    ("--p-text", "--p-bg"),
    ("--p-text-soft", "--p-bg-soft"),
    ("--p-text-faint", "--p-bg-soft"),
    ("--p-accent", "--p-bg"),
    ("--p-accent", "--p-accent-bg"),
    ("--p-on-brand", "--p-brand"),
    ("--p-danger", "--p-danger-bg"),
    ("--p-danger", "--p-bg"),
    ("--p-warn", "--p-warn-bg"),
    ("--p-ok", "--p-bg"),
    ("--p-demo-text", "--p-demo-bg"),
    ("--ch-text", "--p-bg"),
    ("--ch-soft", "--p-bg"),
    *((f"--st-{s}-fg", f"--st-{s}-bg") for s in ("good", "caution", "severe", "hold")),
]
SIGNS = [
    ("--p-control", "--p-bg"),
    *((f"--ch-{n}", "--p-bg") for n in range(1, 5)),
    *((f"--ch-1", f"--band-{s}") for s in ("good", "caution", "severe")),  # noqa: F541
    ("--map-severe", "--map-good"),
    ("--map-caution-ink", "--map-caution"),
    ("--map-severe-ink", "--map-severe"),
]


@pytest.mark.parametrize("mode", ["light", "high-contrast"])
def test_text_is_legible(mode):
    found = tokens(mode)
    poor = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in TEXT}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("mode", ["light", "high-contrast"])
def test_signs_and_lines_stand_out(mode):
    """Half as strict as for text: pattern, shape and word say the same thing."""
    found = tokens(mode)
    poor = {pair: round(contrast(found[pair[0]], found[pair[1]]), 2) for pair in SIGNS}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < 2.2} == {}


def test_every_token_used_is_defined():
    text = (UI / "tokens.css").read_text(encoding="utf-8") + (VENDOR / "krds/krds.css").read_text(encoding="utf-8")
    defined = set(re.findall(r"(--[\w-]+)\s*:", text)) | {"--st-bg", "--st-fg", "--st-line"}
    for sheet in SHEETS:
        used = set(re.findall(r"var\((--[\w-]+)", sheet.read_text(encoding="utf-8")))
        assert used <= defined, (sheet.name, used - defined)


def test_every_attribute_the_script_listens_to_is_written_down():
    script = (UI / "app.js").read_text(encoding="utf-8")
    named = set(re.findall(r"data-portal-([\w-]+)", script)) | set(re.findall(r'closest\(event, "([\w-]+)"\)', script))
    text = (ROOT / "docs/ui.md").read_text(encoding="utf-8")
    internal = {"scale", "mode", "sent"}
    assert {name for name in named - internal if f"data-portal-{name}" not in text} == set()


def test_the_scripts_stay_small():
    assert len((UI / "app.js").read_text(encoding="utf-8").splitlines()) < 250
    for sheet in SHEETS:
        assert len(sheet.read_text(encoding="utf-8").splitlines()) < 400


def test_every_class_of_ours_in_a_template_has_a_style():
    """A misspelt class is silent in a browser. A mere hook needs no `p-` name: use an id or `data-portal-*`."""
    styled = set(re.findall(r"\.(p-[\w-]+)", "".join(sheet.read_text(encoding="utf-8") for sheet in SHEETS)))
    for file in (ROOT / "templates").rglob("*.html"):
        for classes in re.findall(r'class="((?:[^"{]|{[%{].*?[%}]})*)"', file.read_text(encoding="utf-8")):
            plain = re.sub(r"[\w-]*({%.*?%}|{{.*?}})[\w-]*", " ", classes)
            used = {name for name in plain.split() if name.startswith("p-")}
            assert used <= styled, (file.name, used - styled)
