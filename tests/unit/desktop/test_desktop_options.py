"""Which command lines ask for the window, and why there may be none."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qcpump_qt.desktop.options import WindowOptions, window_options
from qcpump_qt.desktop.start import NO_SCREEN, why_not


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], WindowOptions()),
        (["--tray"], WindowOptions(tray=True)),
        (["--demonstration"], WindowOptions(demonstration=True)),
        (["--home", "/clinic"], WindowOptions(home="/clinic")),
        (["--home=/clinic"], WindowOptions(home="/clinic")),
        (["--home=C:\\a=b"], WindowOptions(home="C:\\a=b")),
        (["--home="], WindowOptions(home="")),
        (["--tray", "--home", "--tray"], WindowOptions(home="--tray", tray=True)),
        (["--home", "a", "--home=b"], WindowOptions(home="b")),
    ],
)
def test_words_that_ask_for_the_window(words: list[str], options: WindowOptions) -> None:
    assert window_options(words) == options


@pytest.mark.parametrize(
    "words",
    [
        ["run"],
        ["--help"],
        ["--version"],
        ["--home"],
        ["--home", "/clinic", "run"],
        ["run", "--tray"],
        ["--tray", "now"],
        ["--traying"],
        ["--homes=/clinic"],
        [""],
    ],
)
def test_everything_else_is_for_the_command_line(words: list[str]) -> None:
    assert window_options(words) is None


@pytest.mark.parametrize("name", ["DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"])
def test_a_screen_by_any_name_will_do(name: str) -> None:
    assert why_not("linux", {name: "x"}) == ""


@pytest.mark.parametrize("environ", [{}, {"DISPLAY": ""}, {"HOME": "/root"}])
def test_without_a_screen_it_is_said_what_to_do(environ: dict[str, str]) -> None:
    assert why_not("linux", environ) == NO_SCREEN
    assert NO_SCREEN == (
        "There is no screen to show the window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
        "The command line works without one: qcpump-qt --help"
    )


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_windows_and_macos_always_have_a_screen(platform: str) -> None:
    assert why_not(platform, {}) == ""


def test_without_qt_it_is_said_how_to_install_it() -> None:
    code = (
        "import sys\nsys.modules['PySide6'] = None\nfrom qcpump_qt.__main__ import main\nsys.exit(main([]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        'The window is not installed. Install it with:\n    pip install "qcpump-qt[desktop]"\n'
        "The command line works without it: qcpump-qt --help\n"
    )


def test_reading_the_options_loads_neither_qt_nor_the_command_line() -> None:
    code = (
        "import sys\nfrom qcpump_qt.desktop.options import window_options\nwindow_options(['--tray'])\n"
        "print('PySide6' in sys.modules, 'argparse' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]
