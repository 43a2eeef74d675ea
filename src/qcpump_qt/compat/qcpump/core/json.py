"""``qcpump.core.json``: turns what a database or a folder gives into JSON."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import PurePath
from typing import Any
from uuid import UUID

_RULES: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((datetime, date, time), lambda value: value.isoformat()),
    (Decimal, float),
    ((UUID, PurePath), str),
    ((set, frozenset), list),
    ((bytes, bytearray, memoryview), lambda value: base64.b64encode(value).decode("ascii")),
)


class QCPumpJSONEncoder(json.JSONEncoder):
    """Knows dates and times (ISO 8601), Decimal, UUID, paths, sets and bytes (base64).

    NaN and Infinity are refused, for no server can read them (faults of the incumbent).
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "allow_nan": False})

    def default(self, o: Any) -> Any:
        """What stands for `o`, which JSON has no word for.

        Raises:
            TypeError: nothing is known that could stand for it.
        """
        for kinds, convert in _RULES:
            if isinstance(o, kinds):
                return convert(o)
        return super().default(o)
