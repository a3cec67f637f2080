"""Exact arithmetic on scaled integers: one number or a numpy array of them, never a float.

A figure of the method is an integer in units of its last displayed decimal place (a change of 5.5 % is 55,000 in
units of 0.0001). Arrays are int64 as long as no intermediate value can pass 2**62; beyond that the same formula
runs on Python integers (object arrays), so the digits are the same whatever the size of the figures.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[Any]  # int64, or object holding Python integers
BoolArray = npt.NDArray[np.bool_]

SAFE = 2**62  # no int64 intermediate value may reach this


def peak(values: IntArray) -> int:
    """The largest absolute value in the array, 0 when it is empty."""
    if values.size == 0:
        return 0
    return max(int(values.max()), -int(values.min()))


def narrow(values: IntArray) -> IntArray:
    """An object array as int64 again when every value fits; int64 arrays pass through."""
    if values.dtype == object and peak(values) < SAFE:
        return values.astype(np.int64)
    return values


def widen(values: IntArray) -> IntArray:
    """The same values as Python integers."""
    return values if values.dtype == object else values.astype(object)


def combine(*terms: tuple[IntArray | int, IntArray]) -> IntArray:
    """The sum of products ``coefficient * values`` over equally shaped terms, exact."""
    bound = sum(
        (peak(coefficient) if isinstance(coefficient, np.ndarray) else abs(coefficient)) * peak(values)
        for coefficient, values in terms
    )
    if bound >= SAFE:
        terms = tuple((widen(c) if isinstance(c, np.ndarray) else c, widen(v)) for c, v in terms)
    total: Any = 0
    for coefficient, values in terms:
        total = total + coefficient * values
    return narrow(np.asarray(total))


def half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded to an integer, halves away from zero (method §4.9); denominator > 0."""
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -magnitude if numerator < 0 else magnitude


def half_up_array(numerator: IntArray, denominator: IntArray | int, factor: int = 1) -> IntArray:
    """``factor * numerator / denominator`` rounded half away from zero, element by element.

    Every denominator must be positive. Elements that could overflow int64 are computed as Python integers, the others
    in one numpy pass.
    """
    divisor = np.broadcast_to(np.asarray(denominator, dtype=None), numerator.shape)
    if object in (numerator.dtype, divisor.dtype):
        return _python_half_up(numerator, divisor, factor)
    widest = peak(divisor)
    room = (SAFE - widest) // (2 * abs(factor)) if widest < SAFE // 2 else -1
    if peak(numerator) <= room:
        return _int64_half_up(numerator, divisor, factor)
    fits = np.abs(numerator) <= room
    result = _int64_half_up(np.where(fits, numerator, 0), divisor, factor) if room >= 0 else numerator * 0
    rest = _python_half_up(numerator[~fits], divisor[~fits], factor)
    if rest.dtype == object:
        result = result.astype(object)
    result[~fits] = rest
    return result


def _int64_half_up(numerator: IntArray, divisor: IntArray, factor: int) -> IntArray:
    scaled = numerator * factor
    magnitude = (2 * np.abs(scaled) + divisor) // (2 * divisor)
    return np.asarray(np.where(scaled < 0, -magnitude, magnitude))


def _python_half_up(numerator: IntArray, divisor: IntArray, factor: int) -> IntArray:
    pairs = zip(numerator.ravel().tolist(), divisor.ravel().tolist(), strict=True)
    values = [half_up(top * factor, bottom) for top, bottom in pairs]
    return narrow(np.array(values, dtype=object).reshape(numerator.shape))


def round_fraction(value: Fraction, places: int) -> int:
    """``value`` in units of ``10**-places``, halves away from zero."""
    return half_up(value.numerator * 10**places, value.denominator)


def show(value: int, places: int) -> str:
    """A scaled integer as the decimal string people see: ``show(-55000, 4) == '-5.5000'``."""
    if places == 0:
        return str(value)
    whole, part = divmod(abs(value), 10**places)
    return f"{'-' if value < 0 else ''}{whole}.{part:0{places}d}"


def show_optional(value: int | None, places: int) -> str | None:
    """Like :func:`show`; None stays None."""
    return None if value is None else show(value, places)


def read(text: str, places: int) -> int:
    """The scaled integer behind a decimal string written by :func:`show`."""
    scaled = Decimal(text).scaleb(places)
    if scaled != int(scaled):
        raise ValueError(f"{text} has more than {places} decimal places")
    return int(scaled)


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros, the one way of writing it."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def mantissas(values: Iterable[Decimal | int | None]) -> tuple[list[int], list[int]]:
    """Each value as (integer, decimal places) with ``value == integer / 10**places``; None gives (0, 0)."""
    numbers: list[int] = []
    places: list[int] = []
    for value in values:
        if value is None:
            numbers.append(0)
            places.append(0)
        elif isinstance(value, int):
            numbers.append(value)
            places.append(0)
        else:
            top, bottom = value.as_integer_ratio()
            if bottom == 1:
                numbers.append(top)
                places.append(0)
            else:
                digits = -int(value.as_tuple().exponent)
                numbers.append(int(value.scaleb(digits)))
                places.append(digits)
    return numbers, places


def integer_array(values: list[int]) -> IntArray:
    """The integers as int64, or as an object array when one of them is too large for it."""
    if values and max(*values, -min(values)) >= SAFE:
        return np.array(values, dtype=object)
    return np.array(values, dtype=np.int64)
