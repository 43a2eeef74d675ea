"""The Exec line of desktop files: written and read by the specification."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qcpump_qt.engine.autostart.desktop_exec import exec_line, exec_words
from qcpump_qt.engine.errors import ConfigurationError


@pytest.mark.parametrize(
    ("command", "line"),
    [
        (["/usr/bin/qcpump-qt-window", "--tray"], "/usr/bin/qcpump-qt-window --tray"),
        (["/opt/QC Pump/run", "--tray"], '"/opt/QC Pump/run" --tray'),
        (["run", "100%"], "run 100%%"),
        (["run", "a $b"], r'run "a \\$b"'),
        (["run", 'say "x"'], r'run "say \\"x\\""'),
        (["run", "back\\slash"], r'run "back\\\\slash"'),
        (["run", "tick`"], r'run "tick\\`"'),
        (["run", ""], 'run ""'),
        (["run", "Ünit (1)"], 'run "Ünit (1)"'),
    ],
)
def test_commands_are_quoted_as_the_specification_says_and_read_back(command: list[str], line: str) -> None:
    assert exec_line(command) == line
    assert exec_words(line) == command


@given(
    st.lists(
        st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20),
        min_size=1,
        max_size=5,
    )
)
def test_whatever_is_written_is_read_back(command: list[str]) -> None:
    assert exec_words(exec_line(command)) == command


def test_field_codes_stand_for_nothing() -> None:
    assert exec_words("/usr/bin/run %U --tray %f") == ["/usr/bin/run", "--tray"]


def test_escapes_of_the_file_format_are_read() -> None:
    assert exec_words(r"/opt/a\sb") == ["/opt/a", "b"]
    assert exec_words(r'"/opt/a\sb"') == ["/opt/a b"]
    assert exec_words('run "open') == ["run", "open"]


def test_a_line_break_in_a_path_is_refused_in_words() -> None:
    with pytest.raises(ConfigurationError) as told:
        exec_line(["/opt/a\nb"])
    assert told.value.message == (
        "The path '/opt/a\\nb' holds a line break or another control character, so it cannot be started "
        "at login. Move the program or its home to a folder with a plain name."
    )
