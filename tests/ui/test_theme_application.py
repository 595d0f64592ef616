"""The theme dresses an application and follows the system and the person."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontInfo, QFontMetricsF, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.ui.theme import IconName, Motion, Role, Scheme, SchemeChoice, TextStyle, Theme, active, icon, icon_pixmap
from app.ui.theme.places import resources_dir
from app.ui.theme.stylesheet import build_stylesheet


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    yield Theme.apply(qapp, SchemeChoice.LIGHT)
    Theme.apply(qapp, SchemeChoice.LIGHT)


def test_a_second_apply_changes_the_theme_that_is_there(qapp: QApplication, theme: Theme) -> None:
    again = Theme.apply(qapp, SchemeChoice.DARK, 1.5)
    assert again is theme
    assert active().scheme is Scheme.DARK
    assert active().scale == 1.5


def test_dark_reaches_the_palette_and_the_stylesheet(qapp: QApplication, theme: Theme) -> None:
    light_sheet = qapp.styleSheet()
    theme.set_choice(SchemeChoice.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == active().colour(Role.WINDOW)
    assert qapp.styleSheet() != light_sheet
    assert active().hex(Role.WINDOW) in qapp.styleSheet()


def test_the_choice_of_the_system_is_followed_while_the_console_runs(
    qapp: QApplication, theme: Theme, qtbot: QtBot
) -> None:
    theme.set_choice(SchemeChoice.SYSTEM)
    assert active().scheme is Scheme.LIGHT
    system = qapp.styleHints()
    with qtbot.waitSignal(theme.changed):
        system.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert active().scheme is Scheme.DARK
    with qtbot.waitSignal(theme.changed):
        system.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert active().scheme is Scheme.LIGHT


def test_a_chosen_scheme_does_not_follow_the_system(qapp: QApplication, theme: Theme) -> None:
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert active().scheme is Scheme.LIGHT
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Light)


@pytest.mark.parametrize(("wanted", "given"), [(0.5, 1.0), (1.0, 1.0), (1.25, 1.25), (2.0, 2.0), (9.0, 2.0)])
def test_the_scale_stays_between_one_and_two(theme: Theme, wanted: float, given: float) -> None:
    theme.set_scale(wanted)
    assert active().scale == given


def test_two_hundred_percent_doubles_type_and_space(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("Who waits longest")
    label.setProperty("textStyle", TextStyle.TITLE.value)
    qtbot.addWidget(label)
    label.ensurePolished()
    small = label.fontInfo().pixelSize(), active().px(8)
    theme.set_scale(2.0)
    label.ensurePolished()
    assert (label.fontInfo().pixelSize(), active().px(8)) == (small[0] * 2, small[1] * 2)


def test_reduced_motion_makes_every_duration_zero(theme: Theme) -> None:
    assert active().ms(Motion.GENTLE) > 0
    theme.set_motion_reduced(True)
    assert [active().ms(motion) for motion in Motion] == [0] * len(Motion)


def test_widgets_are_told_when_the_look_changes(theme: Theme, qtbot: QtBot) -> None:
    class Listener(QObject):
        seen = 0

        def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802
            self.seen += event.type() is QEvent.Type.StyleChange
            return False

    label, listener = QLabel("x"), Listener()
    qtbot.addWidget(label)
    label.show()
    label.installEventFilter(listener)
    theme.set_choice(SchemeChoice.DARK)
    assert listener.seen >= 1


def test_our_own_typefaces_are_used(theme: Theme) -> None:
    assert QFontInfo(active().font(TextStyle.BODY)).family() == "Vestibule Sans"
    assert QFontInfo(active().font(TextStyle.TITLE)).family() == "Vestibule Serif"
    assert sorted(resources_dir().glob("fonts/OFL-*.txt")), "the licence travels with the fonts"


def test_tabular_figures_are_all_equally_wide(theme: Theme) -> None:
    metrics = QFontMetricsF(active().font(TextStyle.SMALL, is_tabular=True))
    assert len({round(metrics.horizontalAdvance(digit * 8), 2) for digit in "0123456789"}) == 1


def test_the_stylesheet_fetches_nothing(theme: Theme) -> None:
    sheet = build_stylesheet(active())
    assert "url(" not in sheet
    assert "http" not in sheet


def test_every_icon_has_its_file_and_every_file_its_name() -> None:
    files = {file.stem for file in (resources_dir() / "icons").glob("*.svg")}
    assert files == {name.value for name in IconName}


@pytest.mark.parametrize("name", list(IconName))
def test_an_icon_draws_its_lines_in_the_colour_of_its_role(theme: Theme, name: IconName) -> None:
    image = icon_pixmap(name, Role.SIGNAL_INK, 40).toImage().convertToFormat(QImage.Format.Format_ARGB32)
    solid = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() == 255]
    assert solid, "nothing was drawn"
    wanted = active().colour(Role.SIGNAL_INK)
    assert all(abs(pixel.red() - wanted.red()) <= 2 and abs(pixel.blue() - wanted.blue()) <= 2 for pixel in solid)


def test_icons_are_cached_and_sharp_on_dense_screens(theme: Theme) -> None:
    first = icon_pixmap(IconName.SEND, Role.INK, 20, 2.0)
    assert (first.width(), first.devicePixelRatio()) == (40, 2.0)
    assert icon_pixmap(IconName.SEND, Role.INK, 20, 2.0).cacheKey() == first.cacheKey()


def test_an_icon_follows_the_scheme_when_asked_again(theme: Theme) -> None:
    light = icon(IconName.LOCK, Role.INK).pixmap(20, 20).toImage()
    theme.set_choice(SchemeChoice.DARK)
    assert icon(IconName.LOCK, Role.INK).pixmap(20, 20).toImage() != light
