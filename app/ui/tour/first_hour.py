"""First part of the tour: the first-run wizard, from the welcome to a working proposal."""

from PySide6.QtCore import Qt

from app.ui.first_run import FirstRunWizard
from app.ui.first_run.steps import Step
from app.ui.tour.errors import TourUnavailableError
from app.ui.tour.hand import Hand
from app.ui.tour.record import TourRecord

PERSON = "Robin Ashgrove"
PASSWORD = "seventeen lanterns by the orchard"  # noqa: S105  of a throw-away vault with invented people


def walk_wizard(hand: Hand, wizard: FirstRunWizard, record: TourRecord) -> None:
    """Answer every page as a new office would; ends when the wizard hands over its open desk."""
    hand.until(wizard.go_on.hasFocus, "the welcome page")
    hand.picture("welcome", "The first start says what Vestibule is and where everything stays")
    _enter(hand, wizard, Step.SECTOR)
    hand.press(Qt.Key.Key_Space)
    hand.picture("sector", "A clinic or a law firm")
    _enter(hand, wizard, Step.START)
    hand.press(Qt.Key.Key_Space)
    hand.picture("start", "A demonstration office with invented people, or an empty vault")
    _enter(hand, wizard, Step.PERSON)
    _name_and_password(hand)
    hand.picture("password", "Name and password, with its strength in words")
    hand.press(Qt.Key.Key_Return)
    took_ms = hand.until(lambda: wizard.presenter.step is Step.CODE, "the recovery code")
    record.add_timing("make the vault (mostly the key derivation)", took_ms)
    hand.picture("recovery-code", "The recovery code, to print or save, before anything else")
    _prove_code(hand, wizard)
    hand.picture("recovery-proof", "The code is typed back and really opens the vault")
    _enter(hand, wizard, Step.MACHINE)
    hand.until(lambda: wizard.go_on.isEnabled() and len(wizard.pages.machine.titles()) > 0, "the hardware check")
    hand.picture("machine", "What this machine can do, checked before a model is loaded")
    _enter(hand, wizard, Step.TRY_OUT)
    page = wizard.pages.try_out
    took_ms = hand.until(page.again.isEnabled, "the first proposal")
    if page.state_words() == "No proposal":
        raise TourUnavailableError("no model here made a proposal; see `vestibule model list`")
    record.add_timing("first proposal of the wizard, model start included", took_ms)
    hand.picture("first-proposal", "The first run ends with a real proposal")
    _enter(hand, wizard, Step.DONE)
    hand.picture("ready", "Ready to work")
    hand.press(Qt.Key.Key_Return)


def _enter(hand: Hand, wizard: FirstRunWizard, expected: Step) -> None:
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: wizard.presenter.step is expected, f"the page '{expected.value}'")
    wanted = wizard.pages.at(expected).first_focus() or wizard.go_on
    hand.until(lambda: wanted.hasFocus() or wanted.focusProxy() is not None, "the focus")


def _name_and_password(hand: Hand) -> None:
    hand.write(PERSON)
    hand.press(Qt.Key.Key_Tab)
    hand.write(PASSWORD)
    hand.press(Qt.Key.Key_Tab)
    hand.press(Qt.Key.Key_Tab)
    hand.write(PASSWORD)


def _prove_code(hand: Hand, wizard: FirstRunWizard) -> None:
    wizard.go_on.setFocus()
    _enter(hand, wizard, Step.CODE_CHECK)
    presenter = wizard.presenter
    for number in presenter.asked_groups:
        hand.write(presenter.recovery_groups[number - 1])
        hand.press(Qt.Key.Key_Tab)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: presenter.is_code_proven, "the proof of the recovery code")
    hand.until(wizard.go_on.hasFocus, "the way on")
