"""Finds out whether a server can be used, and when it cannot, which of many reasons it is and what to do.

`GET /api/` is the question, because it needs a token; `/api/auth/` answers 200 without one. A POST of an
empty object tells whether the user may upload (403 no, 400 yes) and stores nothing (qatrack-api, Contract).
"""

from __future__ import annotations

from qcpump_qt.engine.errors import ServerRefused
from qcpump_qt.qatrack.answer import Answer
from qcpump_qt.qatrack.answers import trouble
from qcpump_qt.qatrack.server import SESSIONS, QATrackServer


def check_server(server: QATrackServer) -> str:
    """Ask the server whether address, token and right are in order.

    Returns:
        one or more sentences to show, among them how many units there are.

    Raises:
        ServerRefused: address, token, right, certificate or proxy; the title tells which.
        ServerUnavailable: it cannot be reached, or has trouble of its own; the title tells which.
        ConfigurationError: the address cannot be used.
        Cancelled: an end was asked for.
    """
    _check_address_and_token(server)
    _check_right(server)
    server.forget()
    active = sum(unit.active for unit in server.units())
    return (
        f"{server.name} answers as QATrack+; the token is good and its user may upload. "
        f"There {'is' if active == 1 else 'are'} {active} active unit{'' if active == 1 else 's'}."
    )


def _check_address_and_token(server: QATrackServer) -> None:
    answer = server.transport.get("")
    if _is_api_root(answer):
        return
    if answer.status in (401, 403, 407, 429) or answer.status >= 500:
        raise trouble(answer)
    better = _better_address(server)
    if better:
        raise ServerRefused(
            f"The API of QATrack+ is not at {server.name} but at {better}. Enter that address.",
            title="API address wrong",
        )
    if answer.status == 200:
        raise ServerRefused(
            f"Something else than the API of QATrack+ answers at {server.name}: a web page, a login page or another "
            f"program.{answer.said() if answer.is_html else ''} Check the API address; it ends with /api.",
            title="Not QATrack+",
        )
    raise trouble(answer)


def _check_right(server: QATrackServer) -> None:
    answer = server.transport.post(SESSIONS, {})
    if answer.status == 400 and isinstance(answer.json(), dict):
        return
    raise trouble(answer)


def _better_address(server: QATrackServer) -> str:
    """The address at which the API answers when ours lacks its /api or goes on behind it; else empty."""
    url = server.name
    cut = url.find("/api/")
    candidate = url[: cut + len("/api")] if cut >= 0 else f"{url}/api"
    answer = server.transport.request("GET", f"{candidate}/")
    known = _is_api_root(answer) or (answer.status == 401 and bool(answer.detail()))
    return candidate if known else ""


def _is_api_root(answer: Answer) -> bool:
    decoded = answer.json() if answer.status == 200 else None
    return isinstance(decoded, dict) and "qa" in decoded and "units" in decoded
