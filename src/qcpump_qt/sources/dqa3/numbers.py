"""Numbers as a database has them: exact decimals, floats, or text; made into what can be sent.

Baselines that older databases do not store are computed here, with decimals, so that 100.1 less 0.1 is 100.
"""

from __future__ import annotations

import math
from decimal import Decimal, DecimalException
from typing import Any


def number(value: Any, column: str, odd: list[str]) -> float | None:
    """The number in a column, or None; what is no number is added to `odd`.

    Args:
        value: as the driver gives it.
        column: the result column, for `odd`.
        odd: gets ``column: value`` of what is there and is no number.
    """
    if type(value) is float and math.isfinite(value):
        return value
    exact = decimal_of(value)
    if exact is not None:
        return float(exact)
    if value is not None and str(value).strip():
        odd.append(f"{column}: {value}")
    return None


def decimal_of(value: Any) -> Decimal | None:
    """The number exactly as it is written; None where there is none."""
    if value is None:
        return None
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value).strip())
    except DecimalException:
        return None
    return exact if exact.is_finite() else None


def dose_baseline(measured: Any, diff: Any) -> float | None:
    """100 · measured / (100 + diff): the difference of a dose is in percent of its baseline."""
    dose, percent = decimal_of(measured), decimal_of(diff)
    if dose is None or percent is None or percent == -100:
        return None
    return float(100 * dose / (100 + percent))


def shifted_baseline(measured: Any, diff: Any) -> float | None:
    """measured − diff."""
    value, difference = decimal_of(measured), decimal_of(diff)
    return None if value is None or difference is None else float(value - difference)
