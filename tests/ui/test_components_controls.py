"""Controls: reachable by keyboard, large enough, named, and honest about their state."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.ui.components import (
    Banner,
    Button,
    ButtonKind,
    Card,
    CheckBox,
    ChoiceCard,
    EmptyState,
    IconButton,
    PasswordField,
    ProgressLine,
    Select,
    StrengthMeter,
    Toast,
    Tone,
)
from app.ui.theme import IconName, Role, SchemeChoice, Size, Theme, active

CONTROLS = {
    "primary": lambda: Button("Approve and send", kind=ButtonKind.PRIMARY, icon=IconName.SEND, key_hint="Ctrl+↵"),
    "quiet": lambda: Button("Edit"),
    "plain": lambda: Button("Discard", kind=ButtonKind.PLAIN),
    "danger": lambda: Button("Delete 3 messages", kind=ButtonKind.DANGER),
    "icon": lambda: IconButton(IconName.SEARCH, "Search", key_hint="/"),
    "small icon": lambda: IconButton(IconName.CLOSE, "Close", side_px=10),
    "check box": lambda: CheckBox("Only mine"),
    "card": lambda: ChoiceCard(IconName.CLINIC, "A clinic", "Patients write about appointments."),
    "select": lambda: Select("Density"),
}


@pytest.fixture(params=list(CONTROLS))
def control(request: pytest.FixtureRequest, qtbot: QtBot) -> QWidget:
    made = CONTROLS[request.param]()
    qtbot.addWidget(made)
    made.show()
    return made


def test_a_control_is_large_enough_to_hit(control: QWidget) -> None:
    hint = control.sizeHint()
    assert min(hint.width(), hint.height()) >= Size.TARGET


def test_a_control_can_be_reached_with_tab(control: QWidget) -> None:
    assert control.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_control_has_a_name_for_screen_readers(control: QWidget) -> None:
    interface = QAccessible.queryAccessibleInterface(control)
    assert interface.text(QAccessible.Text.Name)


def test_the_focus_is_seen(control: QWidget, qtbot: QtBot) -> None:
    qtbot.waitUntil(control.isVisible)
    control.clearFocus()
    without = control.grab().toImage()
    control.activateWindow()
    control.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(control.hasFocus)
    with_focus = control.grab().toImage()
    assert with_focus != without
    assert _has_colour(with_focus, active().hex(Role.FOCUS))


def test_a_control_grows_with_the_scale(control: QWidget, qapp: QApplication) -> None:
    before = control.sizeHint().height()
    Theme.apply(qapp, SchemeChoice.LIGHT, 2.0, is_motion_reduced=True)
    assert control.sizeHint().height() >= 1.7 * before


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_space_and_enter_press_a_button(qtbot: QtBot, key: Qt.Key) -> None:
    for button in (Button("Edit"), IconButton(IconName.SEARCH, "Search")):
        qtbot.addWidget(button)
        button.show()
        with qtbot.waitSignal(button.clicked):
            qtbot.keyClick(button, key)


def test_a_disabled_button_is_not_pressed_by_enter(qtbot: QtBot) -> None:
    button = Button("Edit")
    qtbot.addWidget(button)
    button.setEnabled(False)
    with qtbot.assertNotEmitted(button.clicked):
        button.keyPressEvent(QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier))


def test_the_key_of_a_button_is_in_its_tooltip_and_not_in_its_name(qtbot: QtBot) -> None:
    button = Button("Send", key_hint="Ctrl+↵")
    qtbot.addWidget(button)
    assert button.toolTip() == "Send · Ctrl+↵"
    assert button.text() == "Send"


def test_only_one_card_is_chosen_and_arrow_keys_move_the_choice(qtbot: QtBot) -> None:
    frame = QWidget()
    qtbot.addWidget(frame)
    column = QVBoxLayout(frame)
    cards = [ChoiceCard(IconName.CLINIC, "A clinic", "x"), ChoiceCard(IconName.LAW, "A law firm", "y")]
    for card in cards:
        column.addWidget(card)
    frame.show()
    frame.activateWindow()
    cards[0].setFocus()
    qtbot.waitUntil(cards[0].hasFocus)
    qtbot.keyClick(cards[0], Qt.Key.Key_Space)
    assert [card.isChecked() for card in cards] == [True, False]
    qtbot.keyClick(cards[0], Qt.Key.Key_Down)
    assert [card.isChecked() for card in cards] == [False, True]


def test_a_card_is_as_high_as_its_words(qtbot: QtBot) -> None:
    card = ChoiceCard(IconName.CLINIC, "A clinic", "Patients write about many things. " * 6)
    qtbot.addWidget(card)
    assert card.heightForWidth(300) > card.heightForWidth(600) > 72


def test_a_password_is_hidden_until_somebody_wants_to_see_it(qtbot: QtBot) -> None:
    field = PasswordField("Password")
    qtbot.addWidget(field)
    field.show()
    assert field.line().echoMode() is field.line().EchoMode.Password
    assert field.line().inputMethodHints() & Qt.InputMethodHint.ImhHiddenText
    field.set_revealed(True)
    assert field.line().echoMode() is field.line().EchoMode.Normal
    assert field.line().inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData


def test_a_password_is_given_away_once_and_cannot_be_undone_back(qtbot: QtBot) -> None:
    field = PasswordField("Password")
    qtbot.addWidget(field)
    field.set_revealed(True)
    qtbot.keyClicks(field.line(), "four quiet words here")
    assert field.take() == "four quiet words here"
    assert field.is_empty()
    field.set_revealed(True)
    field.line().undo()
    assert field.is_empty()


def test_caps_lock_is_noticed_from_what_is_typed(qtbot: QtBot) -> None:
    field = PasswordField("Password")
    qtbot.addWidget(field)
    field.show()
    qtbot.keyClick(field.line(), Qt.Key.Key_A)
    assert field.caps_hint() == ""
    qtbot.keyClick(field.line(), "A")  # upper case without Shift
    assert "Caps Lock" in field.caps_hint()
    qtbot.keyClick(field.line(), Qt.Key.Key_CapsLock)
    assert field.caps_hint() == ""
    qtbot.keyClick(field.line(), "B", Qt.KeyboardModifier.ShiftModifier)
    assert field.caps_hint() == ""


def test_strength_is_said_in_words_too(qtbot: QtBot) -> None:
    meter = StrengthMeter()
    qtbot.addWidget(meter)
    meter.show_strength(9, "Very strong.")
    assert meter.strength() == 4
    assert meter.accessibleName() == "Strength 4 of 4. Very strong."


def test_progress_without_a_figure_shows_none_and_stands_still_when_motion_is_reduced(
    qtbot: QtBot, qapp: QApplication
) -> None:
    line = ProgressLine()
    qtbot.addWidget(line)
    line.resize(200, 4)
    line.show()
    line.set_fraction(None)
    assert not line.is_moving()
    Theme.apply(qapp, SchemeChoice.LIGHT, is_motion_reduced=False)
    line.set_fraction(None)
    assert line.is_moving()
    line.hide()
    assert not line.is_moving()
    line.set_fraction(0.25)
    assert line.value() == line.maximum() // 4


def test_a_banner_speaks_and_offers_at_most_one_action(qtbot: QtBot) -> None:
    banner = Banner(Tone.SIGNAL, "It did not work", "Nothing was changed.", "Try again")
    qtbot.addWidget(banner)
    banner.show()
    assert banner.accessibleName() == "It did not work Nothing was changed."
    button = banner.findChild(Button)
    assert button is not None
    with qtbot.waitSignal(banner.action_wanted):
        qtbot.keyClick(button, Qt.Key.Key_Space)
    banner.show_words(Tone.ACCENT, "Done")
    assert button.isHidden()


def test_an_empty_page_offers_its_way_on(qtbot: QtBot) -> None:
    page = EmptyState(IconName.INBOX, "Nobody is waiting", "x", "New conversation")
    qtbot.addWidget(page)
    page.show()
    button = page.findChild(Button)
    assert button is not None
    with qtbot.waitSignal(page.action_wanted):
        button.click()


class TestToast:
    """Undo within the time, expiry at its end, replacement without a signal."""

    @pytest.fixture
    def toast(self, qtbot: QtBot) -> Toast:
        window = QWidget()
        qtbot.addWidget(window)
        window.resize(800, 500)
        window.show()
        made = Toast(window)
        made._window = window  # keeps the window alive as long as its toast
        return made

    def test_undo_is_reached_by_keyboard_and_ends_the_count(self, toast: Toast, qtbot: QtBot) -> None:
        toast.show_undo("Sent to Dana", 5)
        button = toast.findChild(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        assert button is not None
        undo = toast._undo
        assert undo.focusPolicy() & Qt.FocusPolicy.TabFocus
        with qtbot.waitSignal(toast.undone), qtbot.assertNotEmitted(toast.expired):
            qtbot.keyClick(undo, Qt.Key.Key_Space)
        assert not toast.isVisible()

    def test_when_the_time_is_over_it_says_so_once_and_goes(self, toast: Toast, qtbot: QtBot) -> None:
        with qtbot.waitSignal(toast.expired):
            toast.show_undo("Sent to Dana", 0.2)
        assert not toast.isVisible()
        with qtbot.assertNotEmitted(toast.undone):
            toast._undo.click()

    def test_a_message_offers_no_undo_and_does_not_expire(self, toast: Toast, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(toast.expired, wait=400):
            toast.show_message("Copied", 0.1)
            qtbot.waitUntil(lambda: not toast.isVisible())
        assert not toast.is_counting()

    def test_a_newer_toast_replaces_the_older_without_a_signal(self, toast: Toast, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(toast.expired), qtbot.assertNotEmitted(toast.undone):
            toast.show_undo("first", 5)
            toast.show_undo("second", 5)
        assert toast.text() == "second"
        assert toast.is_counting()

    def test_it_stays_inside_its_window(self, toast: Toast, qtbot: QtBot) -> None:
        toast.show_undo("Sent to somebody with a rather long name in a small window", 5)
        toast._window.resize(420, 300)
        qtbot.waitUntil(lambda: toast.geometry().bottom() < 300)
        assert toast._window.rect().contains(toast.geometry())


def test_cards_take_their_padding_from_the_scale(qtbot: QtBot, qapp: QApplication) -> None:
    card = Card()
    qtbot.addWidget(card)
    card.show()
    before = card.body.contentsMargins().left()
    Theme.apply(qapp, SchemeChoice.LIGHT, 2.0, is_motion_reduced=True)
    assert card.body.contentsMargins().left() == 2 * before


def _has_colour(image: QImage, wanted: str) -> bool:
    return any(image.pixelColor(x, y).name() == wanted for x in range(image.width()) for y in range(image.height()))
