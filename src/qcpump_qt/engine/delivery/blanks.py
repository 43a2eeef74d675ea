"""Blank values and values that JSON cannot carry become skipped tests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

SKIPPED = {"skipped": True}


def without_blanks(payload: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The payload as the server takes it: a numerical test refuses null, JSON knows no NaN.

    Args:
        payload: a request body with ``tests``: slug to ``{"value": …}``.

    Returns:
        the body with blank values marked as skipped, and the slugs whose value was not a number.

    Rule: qatrack-api, "What follows for a client" 2 and the table of POST errors.
    """
    tests = payload.get("tests")
    if not isinstance(tests, Mapping):
        return dict(payload), []
    odd: list[str] = []
    clean: dict[str, Any] = {}
    for slug, test in tests.items():
        value = test.get("value") if isinstance(test, Mapping) else test
        if not isinstance(test, Mapping):
            clean[slug] = {"value": test}
        else:
            clean[slug] = dict(test)
        if isinstance(value, float) and not math.isfinite(value):
            odd.append(slug)
            value = None
        if value is None and "filename" not in clean[slug]:
            clean[slug].pop("value", None)
            clean[slug].update(SKIPPED)
    return {**payload, "tests": clean}, odd


def with_skipped(payload: Mapping[str, Any], slugs: Iterable[str]) -> dict[str, Any]:
    """The payload with these tests marked as skipped where it has nothing for them."""
    tests = {slug: dict(SKIPPED) for slug in slugs}
    tests.update(payload.get("tests", {}))
    return {**payload, "tests": tests}
