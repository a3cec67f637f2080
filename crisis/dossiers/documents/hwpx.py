"""A paper as HWPX, the format in which an office goes on working with it."""

from typing import Any

from hwpx import HwpxDocument

from crisis.dossiers.documents.paper import Block, Paper

_SANS, _SERIF = "함초롬돋움", "함초롬바탕"
_ROW_HEIGHT, _WIDTH = 2000, 45_000  # in 1/7200 inch: without a height rows are drawn some pixels high
_HEAD_SHADE = "#E6E9EE"


def hwpx_of(paper: Paper) -> bytes:
    """The bytes of the HWPX file."""
    document = HwpxDocument.new()
    styles = document.styles
    runs = {
        "title": styles.ensure_run(bold=True, size=18, font=_SANS),
        "subtitle": styles.ensure_run(size=12, font=_SANS),
        "heading": styles.ensure_run(bold=True, size=13, font=_SANS),
        "text": styles.ensure_run(size=11, font=_SERIF),
        "head": styles.ensure_run(bold=True, size=9, font=_SANS),
        "cell": styles.ensure_run(size=9, font=_SERIF),
    }
    document.page.set_margins(left=5669, right=5669, top=5669, bottom=4252, header=4252, footer=2835)
    document.page.set_header(text=paper.mark + ("  [예시 자료]" if paper.demo else ""))
    document.page.set_page_number(target="footer", prefix="- ", suffix=" -")
    first = document.paragraphs[0]
    first.text = paper.title
    for run in first.runs:
        run.char_pr_id_ref = runs["title"]
    _paragraph(document, paper.subtitle, runs["subtitle"])
    if paper.demo:
        _paragraph(document, "예시: 실제 결정이 아님", runs["heading"])
    for block in paper.blocks:
        _draw(document, block, runs)
    return document.to_bytes()


def _paragraph(document: Any, text: str, run: Any) -> None:
    document.add_paragraph(text, inherit_style=False, char_pr_id_ref=run)


def _draw(document: Any, block: Block, runs: dict[str, Any]) -> None:
    if block.kind == "heading":
        _paragraph(document, "", runs["text"])
        _paragraph(document, f"□ {block.text}", runs["heading"])
    elif block.kind == "text":
        _paragraph(document, block.text, runs["text"])
    elif block.kind == "facts":
        _table(document, block.rows, [24, 76], runs, head_rows=0, head_columns=1)
    elif block.rows:
        _table(document, [block.head, *block.rows], block.widths, runs, head_rows=1, head_columns=0)


def _table(
    document: Any, rows: list[list[str]], widths: list[int], runs: dict[str, Any], *, head_rows: int, head_columns: int
) -> None:
    """Cells are filled row by row: asking for a cell by its place is quadratic in this library."""
    table = document.add_table(len(rows), len(rows[0]), height=len(rows) * _ROW_HEIGHT, width=_WIDTH)
    for number, row in enumerate(table.rows):
        for place, cell in enumerate(row.cells):
            cell.text = rows[number][place]
            is_head = number < head_rows or place < head_columns
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    run.char_pr_id_ref = runs["head" if is_head else "cell"]
    if head_rows:
        for place in range(len(rows[0])):
            table.set_cell_shading(0, place, _HEAD_SHADE)
    whole = sum(widths) or 1
    table.set_column_widths([_WIDTH * width // whole for width in widths])
