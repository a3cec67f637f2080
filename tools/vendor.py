"""Fetch the third-party front-end files the portal ships, at pinned versions, into the tree.

For maintainers only, and only when a version changes: the result is committed, so neither set-up nor CI needs
Node. Needs `npm` on the path. Run from anywhere:

    python tools/vendor.py

Writes `static/vendor/` (served) and `tests/vendor/` (used by the browser tests), each with a `vendor.json` that lists
version, licence as stated by the package, integrity of the package and SHA-256 of every file.

What is changed in the files, and why:

* krds.css: the token file is put in place of its `@import`, so one file carries the colours it needs.
* krds.css: `flag` and KRDS logo pictures are left out. The portal is not entitled to show either.
* source map lines go: the maps are not shipped and the static file storage refuses dangling references.

The font is not touched: its licence reserves the name for unmodified files.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC, TESTS = ROOT / "static" / "vendor", ROOT / "tests" / "vendor"
#: Faces that documents embed. They are not served, so they lie outside the static files.
FONTS = ROOT / "portal" / "kernel" / "fonts"

#: package → (version, where it goes, [(path inside the package, path in the tree)])
PACKAGES: dict[str, tuple[str, Path, list[tuple[str, str]]]] = {
    "krds-uiux": (
        "1.1.0",
        STATIC,
        [
            ("resources/img/component/icon", "krds/img/component/icon"),
            ("README.md", "krds/README.md"),
            ("package.json", "krds/package.json"),
        ],
    ),
    "pretendard-gov": (
        "1.3.9",
        STATIC,
        [
            ("dist/web/variable/woff2-dynamic-subset", "pretendard-gov/woff2-dynamic-subset"),
            ("dist/web/variable/pretendardvariable-gov-dynamic-subset.css", "pretendard-gov/font.css"),
            ("dist/LICENSE.txt", "pretendard-gov/LICENSE.txt"),
        ],
    ),
    "htmx.org": ("2.0.11", STATIC, [("dist/htmx.min.js", "htmx/htmx.min.js"), ("LICENSE", "htmx/LICENSE")]),
    "axe-core": ("4.14.1", TESTS, [("axe.min.js", "axe/axe.min.js"), ("LICENSE", "axe/LICENSE")]),
}
DOCUMENT_FACES = [
    ("dist/public/static/PretendardGOV-Regular.otf", "pretendard-gov/PretendardGOV-Regular.otf"),
    ("dist/public/static/PretendardGOV-Bold.otf", "pretendard-gov/PretendardGOV-Bold.otf"),
    ("dist/LICENSE.txt", "pretendard-gov/LICENSE.txt"),
]
MARKS = re.compile(r"url\(img/component/icon/(ico_flag|ico_logo_krds|ico_logo_krds_high_contrast)\.svg\)")
SOURCE_MAP = re.compile(r"^\s*(//|/\*)# sourceMappingURL=.*?(\*/|$)\n?", re.MULTILINE)
OUTSIDE = re.compile(r"url\(\s*['\"]?(https?:)?//")


def fetch(name: str, version: str, into: Path) -> tuple[Path, str]:
    """Unpack one package; return its folder and the integrity string the package client checked."""
    said = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--json", "--pack-destination", str(into)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    parsed = json.loads(said)
    info = parsed[0] if isinstance(parsed, list) else next(iter(parsed.values()))
    folder = into / name
    with tarfile.open(into / info["filename"]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package", info["integrity"]


def krds_css(package: Path) -> str:
    """KRDS as one style sheet: tokens inlined, pictures relative to `krds/`, no marks of the state."""
    css = (package / "resources/css/component/output.css").read_text(encoding="utf-8")
    tokens = (package / "resources/css/token/krds_tokens.css").read_text(encoding="utf-8")
    tokens = tokens.replace('@charset "UTF-8";', "")
    css, replaced = re.subn(r'@import\s+"[^"]*krds_tokens\.css";', lambda _: tokens, css)
    if replaced != 1:
        sys.exit("krds-uiux: the import of the tokens was not found once; look at output.css again.")
    css = css.replace("../../img/component/", "img/component/")
    return MARKS.sub("none", css)


def copy(package: Path, target: Path, takes: list[tuple[str, str]]) -> None:
    for source, name in takes:
        origin, goal = package / source, target / name
        goal.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, goal)
        else:
            shutil.copy(origin, goal)


def clean(folder: Path) -> None:
    """Strip source map lines; stop if anything would be fetched from another host."""
    for file in folder.rglob("*"):
        if file.suffix in {".css", ".js"}:
            text = SOURCE_MAP.sub("", file.read_text(encoding="utf-8"))
            file.write_text(text, encoding="utf-8")
            if file.suffix == ".css" and OUTSIDE.search(text):
                sys.exit(f"{file}: refers to another host")


def main() -> None:
    manifests: dict[Path, dict[str, dict[str, object]]] = {STATIC: {}, TESTS: {}}
    for target in manifests:
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as temporary:
        for name, (version, target, takes) in PACKAGES.items():
            package, integrity = fetch(name, version, Path(temporary))
            licence = json.loads((package / "package.json").read_text(encoding="utf-8")).get("license", "not stated")
            manifests[target][name] = {"version": version, "licence": licence, "integrity": integrity}
            copy(package, target, takes)
            if name == "pretendard-gov":
                shutil.rmtree(FONTS, ignore_errors=True)
                copy(package, FONTS, DOCUMENT_FACES)
            if name == "krds-uiux":
                (target / "krds/krds.css").write_text(krds_css(package), encoding="utf-8")
                for mark in (target / "krds/img/component/icon").glob("ico_logo_krds*.svg"):
                    mark.unlink()
                (target / "krds/img/component/icon/ico_flag.svg").unlink()
    for target, packages in manifests.items():
        clean(target)
        files = sorted(path for path in target.rglob("*") if path.is_file())
        sums = {str(path.relative_to(target)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        text = json.dumps({"packages": packages, "files": sums}, indent=1, ensure_ascii=False)
        (target / "vendor.json").write_text(text + "\n", encoding="utf-8")
        print(target.relative_to(ROOT), len(files), "files", sum(path.stat().st_size for path in files), "bytes")


if __name__ == "__main__":
    main()
