from __future__ import annotations

import http.server
import io
import logging
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from qcpump_qt.engine.errors import ConfigurationError
from qcpump_qt.engine.logs import LogLine, Logs, Redactor, level_number

LINE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d (\w+) +(.*)$")


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    with Logs(tmp_path, Redactor(["canary-4711"]), level="debug") as opened:
        yield opened


def lines(path: Path) -> list[tuple[str, str]]:
    found = (LINE.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [(match[1], match[2]) for match in found if match]


def test_each_pump_has_a_log_of_its_own(logs: Logs) -> None:
    logs.pump("truebeam-ab12cd").log(logging.INFO, "grün 6 MV")
    logs.pump("dqa3-xy34zu").log(logging.ERROR, "unreachable")
    assert lines(logs.file_of("truebeam-ab12cd")) == [("INFO", "grün 6 MV")]
    assert lines(logs.file_of("dqa3-xy34zu")) == [("ERROR", "unreachable")]
    assert logs.file_of("dqa3-xy34zu").name == "dqa3-xy34zu.log"


def test_the_program_has_one_for_all_libraries(logs: Logs) -> None:
    logging.getLogger("qcpump_qt.engine").info("started")
    logging.getLogger("somebody.else").warning("odd")
    logs.pump("p").log(logging.INFO, "of the pump")
    assert lines(logs.program_file) == [
        ("INFO", "qcpump_qt.engine: started"),
        ("WARNING", "somebody.else: odd"),
    ]


def test_each_pump_has_a_level_of_its_own(logs: Logs) -> None:
    quiet, loud = logs.pump("quiet", "warning"), logs.pump("loud", "debug")
    for log in (quiet, loud):
        log.log(logging.DEBUG, "detail")
        log.log(logging.WARNING, "trouble")
    assert lines(logs.file_of("quiet")) == [("WARNING", "trouble")]
    assert lines(logs.file_of("loud")) == [("DEBUG", "detail"), ("WARNING", "trouble")]
    assert logs.pump("quiet", "debug") is quiet
    assert quiet.level == logging.DEBUG


def test_another_level_counts_at_once_also_for_what_was_dropped_before(logs: Logs) -> None:
    log = logs.pump("linac", "info")
    log.log(logging.DEBUG, "not yet")
    logs.pump("linac", "debug")
    log.log(logging.DEBUG, "now")
    text = logs.file_of("linac").read_text(encoding="utf-8")
    assert "now" in text
    assert "not yet" not in text


def test_an_unknown_level_is_told(logs: Logs) -> None:
    with pytest.raises(
        ConfigurationError, match="no log level 'loud'; choose one of debug, info, warning, error, critical"
    ):
        logs.pump("p", "loud")
    assert [level_number(level) for level in (" Info ", "critical", 15)] == [20, 50, 15]


def test_a_message_is_taken_as_it_is_and_cannot_fake_a_line(logs: Logs) -> None:
    log = logs.pump("p")
    log.log(logging.INFO, "100 % of %s\n2026-01-01T00:00:00.000+00:00 ERROR    faked\r\nend")
    text = logs.file_of("p").read_text()
    assert lines(logs.file_of("p")) == [("INFO", "100 % of %s")]
    assert text.splitlines()[1:] == ["    2026-01-01T00:00:00.000+00:00 ERROR    faked", "    end"]


def test_half_characters_lose_no_line(logs: Logs) -> None:
    logs.pump("p").log(logging.INFO, "odd \ud83d text")
    assert lines(logs.file_of("p")) == [("INFO", r"odd \ud83d text")]


def test_an_exception_stands_below_its_line_without_secrets(logs: Logs) -> None:
    try:
        raise ValueError("token canary-4711 refused")
    except ValueError as error:
        logs.pump("p").log(logging.ERROR, "cycle failed for canary-4711", error=error)
    text = logs.file_of("p").read_text()
    assert "cycle failed for ***\n    Traceback (most recent call last):" in text
    assert text.endswith("    ValueError: token *** refused\n")
    assert "canary" not in text


def test_listeners_get_clean_lines_as_data(logs: Logs) -> None:
    seen: list[LogLine] = []
    log = logs.pump("p")
    log.add_listener(seen.append)
    log.log(logging.DEBUG, "below the level")
    log.log(logging.WARNING, "canary-4711\nand more")
    log.remove_listener(seen.append)
    log.remove_listener(seen.append)
    log.log(logging.WARNING, "unheard")
    (line,) = seen
    assert (line.level, line.message, line.pump_id) == (logging.WARNING, "***\nand more", "p")
    assert line.when.tzinfo is not None


def test_a_listener_that_fails_stops_neither_the_log_nor_the_others(
    logs: Logs, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(line: LogLine) -> None:
        raise RuntimeError("window is gone")

    seen: list[LogLine] = []
    log = logs.pump("p")
    log.add_listener(fails)
    log.add_listener(seen.append)
    log.log(logging.INFO, "one")
    assert len(seen) == 1
    assert lines(logs.file_of("p")) == [("INFO", "one")]
    assert "window is gone" in capsys.readouterr().err


def test_the_console_shows_program_and_pumps(tmp_path: Path) -> None:
    console = io.StringIO()
    with Logs(tmp_path, Redactor(["canary-4711"]), console=console) as logs:
        logging.getLogger("qcpump_qt").info("started canary-4711")
        logs.pump("p").log(logging.INFO, "canary-4711")
    text = console.getvalue()
    assert "qcpump_qt: started ***\n" in text
    assert "pump.p: ***\n" in text
    assert lines(tmp_path / "p.log") == [("INFO", "***")]


def test_the_console_is_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Logs(tmp_path, Redactor(), console=True) as logs:
        logs.pump("p").log(logging.INFO, "seen")
    with Logs(tmp_path, Redactor(), console=False) as logs:
        logs.pump("p").log(logging.INFO, "unseen")
    out, err = capsys.readouterr()
    assert "seen" in err
    assert "unseen" not in err
    assert out == ""


def test_a_program_without_a_console_still_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A windowed program on Windows has no standard error."""
    monkeypatch.setattr("sys.stderr", None)
    with Logs(tmp_path, Redactor(), console=True) as logs:
        logs.pump("p").log(logging.INFO, "kept")
    assert lines(tmp_path / "p.log") == [("INFO", "kept")]


def test_closing_gives_logging_back_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = root.level, list(root.handlers)
    with Logs(tmp_path, Redactor(), level="debug") as logs:
        assert root.level == logging.DEBUG
        logs.pump("p").log(logging.INFO, "x")
    assert (root.level, root.handlers) == before
    (tmp_path / "p.log").unlink()


def test_a_log_that_cannot_be_written_stops_nobody(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Logs(tmp_path, Redactor()) as logs:
        logs.file_of("p").mkdir()
        for _ in range(3):
            logs.pump("p").log(logging.INFO, "lost")
    told = capsys.readouterr().err
    assert told.startswith(f"The log {tmp_path / 'p.log'} cannot be written: ")
    assert told.count("\n") == 1


class _Silent(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        return


def test_a_request_at_debug_level_shows_no_token(tmp_path: Path) -> None:
    """faults-of-the-incumbent: tokens and passwords in the log at debug level."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Silent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Logs(tmp_path, Redactor(), level="debug"), requests.Session() as session:
            session.trust_env = False
            session.headers["Authorization"] = "Token canary-4711"
            session.get(f"http://127.0.0.1:{server.server_port}/api/auth/", timeout=10)
            logging.getLogger("ours").debug("headers %s", dict(session.headers))
    finally:
        server.shutdown()
        server.server_close()
    text = (tmp_path / "qcpump-qt.log").read_text()
    assert "GET /api/auth/" in text
    assert "'Authorization': ***" in text
    assert "canary" not in text
