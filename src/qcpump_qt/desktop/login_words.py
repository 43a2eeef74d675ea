"""What the settings dialog says of starting at login, for each way in which it can stand."""

from __future__ import annotations

from qcpump_qt.engine.autostart.entry import AutostartKind, AutostartState
from qcpump_qt.models.settings_model import LoginRow


def login_row(state: AutostartState) -> LoginRow:
    """The check box and the words beside it for what the system really has entered."""
    if state.kind is AutostartKind.ELSEWHERE:
        entered = " ".join(state.entered)
        words = (
            state.why
            or f"Another program is entered: {entered}. Switch it on to enter this one in its place."
        )
        return LoginRow(on=False, words=words, known=True)
    if state.kind is AutostartKind.UNKNOWN:
        return LoginRow(on=False, words=state.why, known=False)
    return LoginRow(on=state.kind is AutostartKind.ON, words=state.why, known=True)
