"""Rebuild the reference and demo tables that ship with the portal: ``python tools/build_reference_data.py SOURCES``.

SOURCES is the folder that holds ``data/``, ``bench/`` and ``golden/`` (see docs/data.md for what each file is). The
same sources give the same bytes, so ``git diff`` after a run shows exactly what new sources changed.
"""

import argparse
import json
from pathlib import Path

from reference import areas, clusters, designations, indicators, industries, observations, organizations, regions, table

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Read the sources and write every table in its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    parser.add_argument("--into", type=Path, default=ROOT, help="project folder to write to (this one)")
    arguments = parser.parse_args()
    sources, root = arguments.sources.resolve(), arguments.into.resolve()

    atlas = regions.build(sources)
    directory = root / "portal/directory/data"
    regions.write_all(atlas, directory)
    organizations.write_all(organizations.build(atlas), directory)

    complexes = clusters.build(sources)
    clusters.write_all(complexes, atlas, root / "companies/data")
    industries.write_all(sources, root / "companies/data")

    crisis = root / "crisis/data"
    area_rows, memberships = areas.build(sources, atlas, complexes)
    areas.write_all(area_rows, memberships, crisis)
    indicators.write_all(sources, crisis)
    designations.write_all(sources, atlas, complexes, crisis)
    observations.write_all(sources, area_rows, complexes, crisis / "demo")
    table.write(crisis / "demo/rounds.csv", "round reference_month cutoff", table.read(sources / "bench/kr/rounds.csv"))
    copy_rule_set(sources / "bench/kr/ruleset.json", crisis / "rulesets/kr_sigungu_demo_1.json")
    copy_rule_set(sources / "golden/ruleset_kr_draft.json", crisis / "rulesets/kr_rci_2027_1_draft.json")


def copy_rule_set(source: Path, target: Path) -> None:
    """Copy a rule set byte for byte: its digest names it in every result judged by it."""
    raw = source.read_bytes()
    json.loads(raw)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(raw)


if __name__ == "__main__":
    main()
