"""Logs written on a thread of their own: nobody waits, nothing is lost, and the order stays."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from qcpump_qt.engine.logs import Logs, Redactor
from qcpump_qt.engine.logs.aside import Aside, AsideWriter

PATIENCE = 20.0


class HungShare(logging.Handler):
    """Takes lines only once the share is back."""

    def __init__(self) -> None:
        super().__init__()
        self.back = threading.Event()
        self.reached = threading.Event()
        self.lines: list[tuple[str, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.reached.set()
        assert self.back.wait(PATIENCE)
        self.lines.append((record.levelname, record.getMessage()))


@pytest.fixture
def share() -> Iterator[HungShare]:
    share = HungShare()
    yield share
    share.back.set()


def logger_to(share: HungShare, writer: AsideWriter) -> logging.Logger:
    logger = logging.Logger("test")
    logger.addHandler(Aside(share, writer))
    return logger


def texts(path: Path) -> list[str]:
    return [line.split("  ", 1)[1].strip() for line in path.read_text("utf-8").splitlines()]


def test_until_it_is_started_lines_are_written_at_once(tmp_path: Path) -> None:
    with Logs(tmp_path, Redactor()) as logs:
        logs.pump("p").log(logging.INFO, "one")
        assert texts(logs.file_of("p")) == ["one"]


def test_everything_is_written_in_order_when_it_ends(tmp_path: Path) -> None:
    with Logs(tmp_path, Redactor()) as logs:
        logs.write_aside()
        logs.write_aside()
        for number in range(500):
            logs.pump("p").log(logging.INFO, f"line {number}")
        assert logs.write_at_once(PATIENCE)
        logs.pump("p").log(logging.INFO, "after")
        assert texts(logs.file_of("p")) == [*(f"line {number}" for number in range(500)), "after"]


def test_closing_writes_what_waits(tmp_path: Path) -> None:
    with Logs(tmp_path, Redactor()) as logs:
        logs.write_aside()
        logging.getLogger("qcpump_qt.test").warning("at the very end")
    assert texts(logs.program_file)[-1].endswith("qcpump_qt.test: at the very end")
    assert "logs" not in {thread.name for thread in threading.enumerate()}


def test_a_line_says_what_was_so_when_it_was_logged_and_no_secret(tmp_path: Path) -> None:
    with Logs(tmp_path, Redactor(["canary-4711"])) as logs:
        logs.write_aside()
        found = ["one canary-4711"]
        try:
            raise ValueError("with canary-4711")
        except ValueError:
            logging.getLogger("qcpump_qt.test").exception("found %s", found)
        found.append("two")
        assert logs.write_at_once(PATIENCE)
        text = logs.program_file.read_text("utf-8")
    assert "found ['one ***']" in text
    assert "ValueError: with ***" in text
    assert "canary" not in text


def test_whoever_logs_does_not_wait_for_a_share_that_hangs(share: HungShare) -> None:
    writer = AsideWriter()
    writer.start()
    logger = logger_to(share, writer)
    logger.warning("one")
    assert share.reached.wait(PATIENCE)
    logger.warning("two")
    assert share.lines == []
    assert not writer.stop(0.05)
    share.back.set()
    assert writer.stop(PATIENCE)
    assert share.lines == [("WARNING", "one"), ("WARNING", "two")]


def test_what_may_be_the_last_line_is_waited_for() -> None:
    writer, share = AsideWriter(), HungShare()
    writer.start()
    logger = logger_to(share, writer)
    threading.Timer(0.1, share.back.set).start()
    logger.critical("the end")
    assert share.lines == [("CRITICAL", "the end")]
    assert writer.stop(PATIENCE)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (1, "1 line was not written, as the disk or share of the logs did not keep up."),
        (2, "2 lines were not written, as the disk or share of the logs did not keep up."),
    ],
)
def test_too_many_lines_are_dropped_and_that_is_told(share: HungShare, more: int, said: str) -> None:
    writer = AsideWriter(most=3)
    writer.start()
    logger = logger_to(share, writer)
    for number in range(3 + more):
        logger.info(str(number))
    share.back.set()
    assert writer.stop(PATIENCE)
    assert ("WARNING", said) in share.lines
    assert [text for level, text in share.lines if level == "INFO"] == ["0", "1", "2"]


def test_a_share_that_hangs_does_not_keep_logs_from_being_closed(tmp_path: Path) -> None:
    share = HungShare()
    logs = Logs(tmp_path, Redactor())
    handlers = len(logging.getLogger().handlers)
    logging.getLogger().addHandler(Aside(share, logs._writer))
    try:
        logs.write_aside()
        logging.getLogger("qcpump_qt.test").warning("into nothing")
        assert share.reached.wait(PATIENCE)
        assert not logs.write_at_once(0.05)
        logs.close()
        assert share.lines == []
    finally:
        share.back.set()
        logging.getLogger().handlers = [
            each
            for each in logging.getLogger().handlers
            if not (isinstance(each, Aside) and each.handler is share)
        ]
    assert logs._writer.stop(PATIENCE)
    logs.close()
    assert len(logging.getLogger().handlers) <= handlers


def test_a_file_that_cannot_be_written_is_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "p.log").mkdir()
    with Logs(tmp_path, Redactor()) as logs:
        logs.write_aside()
        logs.pump("p").log(logging.INFO, "one")
        logs.pump("p").log(logging.INFO, "two")
    told = capsys.readouterr().err
    assert told.count("cannot be written") == 1
    assert str(tmp_path / "p.log") in told
