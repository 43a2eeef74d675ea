"""What stands in the body of a request to the API, made sure to be an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from qcpump_qt.demo.values import Crash, as_float
from qcpump_qt.demo.wire import Refusal, Request


def json_body(request: Request) -> dict[str, Any]:
    """The JSON object of a request; that of a form where it is one, empty without a body.

    Raises:
        Refusal: another media type, or no JSON.
        Crash: JSON, but no object.
    """
    kind = request.headers.get("content-type", "").split(";")[0].strip()
    if not request.body:
        return {}
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(request.body.decode("utf-8", "replace")))
    if kind != "application/json":
        raise Refusal(415, f'Unsupported media type "{kind}" in request.')
    try:
        payload = json.loads(request.body.decode("utf-8"), parse_constant=_no_constant)
    except ValueError as error:
        raise Refusal(400, f"JSON parse error - {error}") from error
    if not isinstance(payload, dict):
        raise Crash("the body is no JSON object")
    return payload


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"Out of range float values are not JSON compliant: '{name}'")


def new_numbers(payload: Mapping[str, Any]) -> dict[str, float]:
    """The numbers of a PATCH, by macro name; other changes are not built.

    Raises:
        Crash: `tests` is not what it should be.
    """
    tests = payload.get("tests", {})
    if not isinstance(tests, dict) or not all(isinstance(given, dict) for given in tests.values()):
        raise Crash("tests that are no objects")
    return {
        slug: as_float(given["value"])
        for slug, given in tests.items()
        if isinstance(given.get("value"), (int, float))
    }
