"""The words of one's own sign-in."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.services.people.sign_in import SignInState
from app.store.slot_seconds import SecondKind


def _tr(text: str) -> str:
    return QCoreApplication.translate("sign_in", text)


class Wish(Enum):
    """What somebody may want to do about how they sign in."""

    CHANGE_PASSWORD = "change_password"  # noqa: S105 - the name of a wish
    SET_PHONE = "set_phone"
    NEW_SPARE = "new_spare"
    REMOVE_PHONE = "remove_phone"
    MAKE_STICK = "make_stick"
    REMOVE_STICK = "remove_stick"


@dataclass(frozen=True, slots=True)
class WishWords:
    """What the sheet of a wish says."""

    title: str
    words: str
    action: str
    done: str


WISHES = {
    Wish.CHANGE_PASSWORD: WishWords(
        _tr("Another password"),
        _tr("The old one opens nothing as soon as the new one is set. What goes with it stays."),
        _tr("Change the password"),
        _tr("Your new password is in force."),
    ),
    Wish.SET_PHONE: WishWords(
        _tr("A code from your phone"),
        _tr(
            "Point the authenticator app of your phone at the picture. From then on the door asks for its six digits"
            " beside your password, so that somebody who saw you typing does not come in here. It does not protect the"
            " files of a stolen computer: that is what the password is for, and a key stick."
        ),
        _tr("Ask for a code from now on"),
        _tr("The door asks for a code from now on."),
    ),
    Wish.NEW_SPARE: WishWords(
        _tr("New printed codes"),
        _tr("The printed codes that you have are worth nothing afterwards."),
        _tr("Make eight new codes"),
        "",
    ),
    Wish.REMOVE_PHONE: WishWords(
        _tr("No code from the phone any more?"),
        _tr("Your password is then enough at this door. The printed codes are worth nothing any more."),
        _tr("Ask for no code any more"),
        _tr("The door asks for no code any more."),
    ),
    Wish.MAKE_STICK: WishWords(
        _tr("A key stick"),
        _tr(
            "A file of random numbers on a removable disk becomes half of your key. The files of a stolen computer then"
            " open for nobody who has not the stick as well; your password may be shorter, down to eight characters."
            " Pull it out when you leave. Without it you need an administrator or the recovery code."
        ),
        _tr("Make the key stick"),
        _tr("The key stick is needed from now on."),
    ),
    Wish.REMOVE_STICK: WishWords(
        _tr("No key stick any more?"),
        _tr(
            "Your password then stands alone, so it has to be a long one. The file on the stick opens nothing any more."
        ),
        _tr("Need no stick any more"),
        _tr("No stick is needed any more."),
    ),
}


def phone_words(state: SignInState) -> str:
    """Say what the door asks for beside the password."""
    if not state.asks_code:
        return _tr("Not asked for. It keeps out somebody who saw you typing your password.")
    return _tr("Asked for beside your password. Printed codes left: {count}.").format(count=state.spare_left)


def stick_words(state: SignInState) -> str:
    """Say whether a stick is needed, and here."""
    if state.second is not SecondKind.STICK:
        return _tr("Not needed. With one, the files of a stolen computer open for nobody who has not got it as well.")
    return _tr("Needed, and plugged in.") if state.is_second_here else _tr("Needed, and not plugged in now.")


def password_words(state: SignInState) -> str:
    """Say what the password has to be."""
    if not state.has_password:
        return _tr("You came in with a printed sheet. Lock, and come in with a password.")
    if state.second is not None:
        return _tr("Yours alone. Beside the key stick it may be short.")
    return _tr("Yours alone. Fifteen characters or more.")
