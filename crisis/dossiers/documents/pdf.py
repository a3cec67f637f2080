"""A paper as a tagged PDF (PDF/UA-1), with the faces of the tree and no others."""

import json
from pathlib import Path

import typst
from django.conf import settings

from crisis.dossiers.documents.paper import Paper

TEMPLATE = Path(__file__).parent / "paper.typ"
FONTS = Path(settings.BASE_DIR) / "portal" / "kernel" / "fonts" / "pretendard-gov"


def pdf_of(paper: Paper) -> bytes:
    """The bytes of the PDF. `typst.TypstError` when the template itself is at fault."""
    return typst.compile(
        str(TEMPLATE),
        sys_inputs={"paper": json.dumps(paper.to_json(), ensure_ascii=False)},
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
