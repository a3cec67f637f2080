"""What every chart needs: coordinates, escaped elements, ids that do not collide, the stages' patterns and shapes."""

from collections.abc import Iterable
from hashlib import blake2s
from typing import Any

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

#: The shape that says a stage without colour, in a box of 12 units around the origin.
SHAPES = {
    "good": "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "caution": "M0-5.5L6 5H-6z",
    "severe": "M0-6L6 0L0 6L-6 0z",
    "hold": "M-5-1H5V1H-5z",
}


def coordinate(value: float) -> str:
    """A length with at most one decimal, as short as it goes."""
    return f"{value:.1f}".removesuffix(".0")


def element(name: str, *children: Any, **attributes: Any) -> SafeString:
    """One SVG element. Attribute names take `_` for `-`, `class_` for `class`; None leaves the attribute out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        text = coordinate(value) if isinstance(value, float) else conditional_escape(value)
        parts.append(f'{key.rstrip("_").replace("_", "-")}="{text}"')
    head = " ".join(parts)
    if not children:
        return SafeString(f"<{head}/>")
    return SafeString(f"<{head}>{join(children)}</{name}>")


def join(children: Iterable[Any]) -> SafeString:
    return SafeString("".join(str(conditional_escape(child)) for child in children))


def chart_id(*parts: object) -> str:
    """An id made from what the chart shows: stable between requests, different for different charts.

    Two charts of exactly the same content on one page need a different `key`.
    """
    return "c" + blake2s(repr(parts).encode(), digest_size=5).hexdigest()


def slanted(ident: str, css: str) -> SafeString:
    """A fill of slanted lines: ground of class `css`, lines of class `css-ink`."""
    return element(
        "pattern",
        element("rect", width=8, height=8, class_=css),
        element("rect", width=2, height=8, class_=f"{css}-ink"),
        id=ident,
        width=8,
        height=8,
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )


def patterns(prefix: str, kind: str = "map") -> SafeString:
    """Fills for 주의 (slanted lines) and 심각 (dots); `kind` is `map` (strong) or `band` (faint)."""
    caution = slanted(f"{prefix}-caution", f"{kind}-caution")
    severe = element(
        "pattern",
        element("rect", width=7, height=7, class_=f"{kind}-severe"),
        element("circle", cx=3.5, cy=3.5, r=1.4, class_=f"{kind}-severe-ink"),
        id=f"{prefix}-severe",
        width=7,
        height=7,
        patternUnits="userSpaceOnUse",
    )
    return element("defs", caution, severe)


def fill(prefix: str, stage: str) -> str | None:
    """The `fill` of a stage's area; None where the class alone does it."""
    return f"url(#{prefix}-{stage})" if stage in {"caution", "severe"} else None


def shape(stage: str, x: float, y: float, size: float = 1.0) -> SafeString:
    """The stage's sign at a place."""
    move = f"translate({coordinate(x)} {coordinate(y)})" + (f" scale({size:g})" if size != 1 else "")
    return element("path", d=SHAPES[stage], transform=move, class_=f"ch-shape ch-shape-{stage}")
