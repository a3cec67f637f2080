"""Rebuild the reference and demo tables that ship with the portal: ``python tools/build_reference_data.py SOURCES``.

SOURCES is the folder that holds ``data/``, ``bench/`` and ``golden/`` (see docs/data.md for what each file is). The
same sources give the same bytes, so ``git diff`` after a run shows exactly what new sources changed.
"""

import argparse
from pathlib import Path

from reference import areas, clusters, organizations, regions

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Read the sources and write every table in its place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sources", type=Path)
    sources: Path = parser.parse_args().sources.resolve()

    atlas = regions.build(sources)
    directory = ROOT / "portal/directory/data"
    regions.write_all(atlas, directory)
    organizations.write_all(organizations.build(atlas), directory)

    complexes = clusters.build(sources)
    clusters.write_all(complexes, atlas, ROOT / "companies/data")
    area_rows, memberships = areas.build(sources, atlas, complexes)
    areas.write_all(area_rows, memberships, ROOT / "crisis/data")


if __name__ == "__main__":
    main()
