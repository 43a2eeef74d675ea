"""A real tray: the icon, a click, the menu, an action, and hosts that come late or are started again."""

from __future__ import annotations

from integration.tray.conftest import Running, Screen

STEADY = 8
"""So many looks in a row find the icon at the same place."""


def place_of(program: Running) -> tuple[str, str]:
    """Where the icon is, once it stays there: a host moves icons about while it takes them in."""
    seen = [program.said("icon ") for _ in range(STEADY)]
    while len(set(seen)) > 1:
        seen = [*seen[1:], program.said("icon ")]
    _icon, x, y = seen[0].split(" ")
    return x, y


def entry(program: Running, text: str) -> tuple[str, str]:
    """Where an entry of the menu that was just opened is."""
    while True:
        _entry, x, y, words = program.said("entry ").split(" ", 3)
        if words == text:
            return x, y


def choose(screen: Screen, program: Running, text: str) -> None:
    """Open the menu of the icon and choose one of its entries."""
    program.forget()
    screen.pointer("mousemove", *place_of(program), "click", "3")
    screen.pointer("mousemove", *entry(program, text), "click", "1")


def test_a_click_opens_the_window_and_the_menu_does_what_it_says(screen: Screen) -> None:
    screen.tray()
    program = screen.program()
    x, y = place_of(program)
    screen.pointer("mousemove", x, y, "click", "1")
    assert program.said("open") == "open"
    choose(screen, program, "Run all")
    assert program.said("run") == "run all"
    choose(screen, program, "Settings…")
    assert program.said("settings") == "settings"
    choose(screen, program, "Quit")
    assert program.said("ended") == "ended"
    assert program.process.wait(timeout=60) == 0


def test_run_now_of_one_pump(screen: Screen) -> None:
    screen.tray()
    program = screen.program()
    program.forget()
    screen.pointer("mousemove", *place_of(program), "click", "3")
    screen.pointer("mousemove", *entry(program, "Linac 2: Needs attention"), "click", "1")
    screen.pointer("mousemove", *entry(program, "Run now"), "click", "1")
    assert program.said("run") == "run linac-2"


def test_a_tray_that_starts_late_and_one_that_is_started_again(screen: Screen) -> None:
    program = screen.program()
    assert program.said("started") == "started False"
    host = screen.tray()
    assert program.said("available") == "available True"
    place_of(program)
    host.end()
    assert program.said("available") == "available False"
    screen.tray()
    assert program.said("available") == "available True"
    choose(screen, program, "Stop all")
    assert program.said("stop") == "stop all"
