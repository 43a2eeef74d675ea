"""The window as its user starts it, with a watch on it: tells on stdout when tray and window were there.

Not a benchmark by itself: `desktop.py` starts it as a process, as often as it needs.
"""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer


class Watch(QObject):
    """Notes the moments, in seconds of the clock that all processes share."""

    def __init__(self, wanted: int) -> None:
        super().__init__()
        self.wanted = wanted
        self.moments: dict[str, float] = {}

    def note(self, name: str) -> None:
        self.moments.setdefault(name, time.monotonic())


def main() -> int:
    """Start the window of a home; arguments: the home, how many pumps are in it, seconds to stay."""
    home, wanted, stay = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    from qcpump_qt.app import Program  # noqa: PLC0415 - part of what is measured
    from qcpump_qt.desktop.application import application  # noqa: PLC0415 - as above
    from qcpump_qt.desktop.desktop import Desktop  # noqa: PLC0415 - as above
    from qcpump_qt.desktop.home import first_window  # noqa: PLC0415 - as above
    from qcpump_qt.engine.paths import places  # noqa: PLC0415 - as above

    app = application()
    found = places(home, os.environ)
    found.ensure()
    instance = first_window(found)
    assert instance is not None
    with Program(found) as program:
        desktop = Desktop(app, program, instance)
        watch = Watch(wanted)
        view = desktop.stage.window.pumps.view.viewport()

        class Painted(QObject):
            def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
                if event.type() is QEvent.Type.Paint:
                    watch.note("window")
                    if sum(1 for _ in desktop.stage.tree.rows()) >= watch.wanted:
                        watch.note("pumps")
                return False

        painted = Painted()
        view.installEventFilter(painted)
        desktop.stage.tray.available_changed.connect(lambda _there: watch.note("tray"))
        QTimer.singleShot(int(stay * 1000), desktop.ending.end_at_once)
        code = desktop.run()
    print(json.dumps(watch.moments))
    return code


if __name__ == "__main__":
    sys.exit(main())
