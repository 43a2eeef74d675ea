"""The icons: every one is there, has a shape of its own, and follows the palette."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPalette, QPixmap, qAlpha
from PySide6.QtWidgets import QApplication

from qcpump_qt.models.rows import OverallState, PumpState
from qcpump_qt.views.actions import PUMP_ACTIONS, WINDOW_ACTIONS
from qcpump_qt.views.icons import SIZES, icon, level_icon, state_icon, tray_icon
from qcpump_qt.views.state_colours import (
    COLOURED,
    Level,
    glyph_colour,
    is_dark,
    level_colour,
    record_colour,
    state_colour,
)

LIGHT = QPalette(QColor("#f0f0f0"))
DARK = QPalette(QColor("#3a3a3a"), QColor("#202020"))
NAMES = sorted(
    Path(each.name).stem
    for each in files("qcpump_qt").joinpath("resources").iterdir()
    if each.name.endswith("svg")
)


@pytest.fixture
def palette(qapp: QApplication) -> Iterator[QApplication]:
    """A light palette to begin with; the former one comes back."""
    former = qapp.palette()
    qapp.setPalette(LIGHT)
    yield qapp
    qapp.setPalette(former)


def picture(drawn: QIcon, side: int = 16, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return drawn.pixmap(QSize(side, side), 1.0, mode).toImage().convertToFormat(QImage.Format.Format_ARGB32)


def shape(drawn: QIcon, side: int = 16) -> bytes:
    """Where something is drawn, whatever its colour."""
    image = picture(drawn, side)
    return bytes(qAlpha(image.pixel(x, y)) // 64 for y in range(side) for x in range(side))


def colours(image: QImage) -> set[str]:
    """The colours of all points that are fully drawn."""
    points = ((x, y) for x in range(image.width()) for y in range(image.height()))
    found = (image.pixelColor(x, y) for x, y in points)
    return {colour.name() for colour in found if colour.alpha() == 255}


def contrast(one: QColor, other: QColor) -> float:
    """As the guidelines for accessible content define it."""

    def luminance(colour: QColor) -> float:
        parts = [colour.redF(), colour.greenF(), colour.blueF()]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_draws_something_at_every_size(palette: QApplication, name: str) -> None:
    for side in (16, 24, 48):
        assert any(shape(icon(name), side))


def test_every_action_has_its_icon(palette: QApplication) -> None:
    named = {words.icon for words in (*PUMP_ACTIONS, *WINDOW_ACTIONS) if words.icon}
    assert named <= set(NAMES)


def test_an_unknown_icon_is_told(palette: QApplication) -> None:
    with pytest.raises(LookupError, match="there is no icon 'nothing'"):
        icon("nothing")


def test_the_same_icon_is_made_once(palette: QApplication) -> None:
    assert icon("add") is icon("add")
    assert state_icon(PumpState.IDLE) is state_icon(PumpState.IDLE)


def test_plain_icons_follow_the_text_colour_without_being_made_anew(palette: QApplication) -> None:
    stop = icon("stop")
    for chosen in (LIGHT, DARK):
        palette.setPalette(chosen)
        assert colours(picture(stop, 48)) == {chosen.windowText().color().name()}


def test_plain_icons_stand_out_when_selected_and_stand_back_when_disabled(palette: QApplication) -> None:
    selected = LIGHT.color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText)
    disabled = LIGHT.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText)
    assert colours(picture(icon("stop"), 48, QIcon.Mode.Selected)) == {selected.name()}
    assert colours(picture(icon("stop"), 48, QIcon.Mode.Disabled)) == {disabled.name()}


@pytest.mark.parametrize("states", [list(PumpState), list(OverallState), list(Level)])
def test_no_two_look_alike_even_without_colours(palette: QApplication, states: list[PumpState]) -> None:
    drawn = [
        picture(level_icon(state) if isinstance(state, Level) else state_icon(state), 16) for state in states
    ]
    grey = [image.convertToFormat(QImage.Format.Format_Grayscale8) for image in drawn]
    alike = {bytes(image.constBits()) for image in grey}
    assert len(alike) == len(states)


def test_a_pump_and_all_pumps_share_the_icon_of_a_state(palette: QApplication) -> None:
    assert picture(state_icon(PumpState.RUNNING)) == picture(state_icon(OverallState.RUNNING))


@pytest.mark.parametrize("dark", [False, True])
def test_colours_stand_out_on_their_background(dark: bool) -> None:
    window = (DARK if dark else LIGHT).window().color()
    for state in (*PumpState, *OverallState):
        assert contrast(state_colour(state, dark=dark), window) >= 3
        assert contrast(state_colour(state, dark=dark), glyph_colour(dark=dark)) >= 3
    for level in Level:
        assert contrast(level_colour(level, dark=dark), window) >= 3
    for name in COLOURED:
        assert contrast(record_colour(name, dark=dark), window) >= 3


def test_state_icons_have_the_colour_for_the_palette(palette: QApplication) -> None:
    for chosen, dark in ((LIGHT, False), (DARK, True)):
        palette.setPalette(chosen)
        assert is_dark(palette.palette()) is dark
        assert state_colour(PumpState.RUNNING, dark=dark).name() in colours(
            picture(state_icon(PumpState.RUNNING), 48)
        )
        rejected = colours(picture(icon("record-rejected"), 48))
        assert record_colour("record-rejected", dark=dark).name() in rejected


def test_a_disabled_state_icon_is_faded(palette: QApplication) -> None:
    assert colours(picture(state_icon(PumpState.RUNNING), 48, QIcon.Mode.Disabled)) == set()


def test_the_icon_of_the_program_keeps_its_colours(palette: QApplication) -> None:
    light = picture(icon("app"), 256)
    palette.setPalette(DARK)
    assert picture(icon("app"), 256) == light
    assert "#ffffff" in colours(light)


def test_the_tray_shows_a_state_of_its_own_at_the_lower_right(palette: QApplication) -> None:
    drawn = {state: picture(tray_icon(state), 22) for state in OverallState}
    assert len({bytes(image.constBits()) for image in drawn.values()}) == len(OverallState)
    tops = {bytes(image.copy(0, 0, 6, 22).constBits()) for image in drawn.values()}
    assert len(tops) == 1


def test_icons_are_crisp_on_dense_screens(palette: QApplication) -> None:
    dense = icon("add").pixmap(QSize(16, 16), 2.0)
    assert (dense.width(), dense.devicePixelRatio()) == (32, 2.0)


def test_icons_are_drawn_in_the_middle_of_what_is_not_square(palette: QApplication) -> None:
    canvas = QPixmap(40, 20)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    icon("stop").paint(painter, 0, 0, 40, 20)
    painter.end()
    image = canvas.toImage()
    drawn = [x for x in range(40) if image.pixelColor(x, 10).alpha()]
    assert 10 <= min(drawn) <= 16
    assert 24 <= max(drawn) <= 30


def test_a_copy_of_an_icon_draws_the_same(palette: QApplication) -> None:
    copied = QIcon(icon("add"))
    copied.addPixmap(QPixmap(3, 3))
    assert picture(copied) == picture(icon("add"))


def test_who_wants_all_sizes_gets_them(palette: QApplication) -> None:
    assert [size.width() for size in icon("app").availableSizes()] == list(SIZES)
