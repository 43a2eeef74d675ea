"""What the stand-in answers in place of doing what was asked, for each kind of fault."""

from __future__ import annotations

from qcpump_qt.demo.faults import Fault, FaultKind
from qcpump_qt.demo.wire import Response, error_page, html_page, json_answer, moved

BEFORE = frozenset(
    {FaultKind.DROP_BEFORE, FaultKind.ERROR, FaultKind.UNAVAILABLE, FaultKind.THROTTLED}
    | {FaultKind.REDIRECT, FaultKind.PAGE}
)
"""The kinds that keep a request from being carried out."""


def answer_of(fault: Fault, target: str) -> Response | None:
    """The answer, None when the connection is cut instead; `target` is the address that was asked for."""
    if fault.kind is FaultKind.ERROR:
        return error_page(500)
    if fault.kind is FaultKind.UNAVAILABLE:
        return error_page(503)
    if fault.kind is FaultKind.THROTTLED:
        wait = str(int(fault.seconds))
        text = f"Request was throttled. Expected available in {wait} seconds."
        return json_answer(429, {"detail": text}, allow="GET, POST", Retry_After=wait)
    if fault.kind is FaultKind.REDIRECT:
        return moved(307, target)
    if fault.kind is FaultKind.PAGE:
        return html_page("Log In", "<p>Please log in.</p>")
    return None
