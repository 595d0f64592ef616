"""The sheets of one's own sign-in: another password, a phone, a key stick, and taking them away."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.crypto.passwords import PasswordVerdict
from app.services.people.sign_in import NewCode, SignInState
from app.ui.channel.qr import QrView
from app.ui.components import Button, Select, Text, readable_line
from app.ui.components.facts import ButtonRow
from app.ui.lock.new_password import NewPasswordForm
from app.ui.people.sign_in_forms import WishSheet, code_line
from app.ui.people.sign_in_words import Wish
from app.ui.theme import IconName, TextStyle

_QR_PX = 200
_WITH_NEW_PASSWORD = frozenset({Wish.CHANGE_PASSWORD, Wish.REMOVE_STICK})


class PasswordSheet(WishSheet):
    """Takes the password of now and, where the wish needs one, a new one."""

    #: Arguments: ``Wish``, ``Current``, the new password or "".
    wanted = Signal(object, object, str)

    def __init__(self, window: QWidget, wish: Wish, judge: Callable[[str], PasswordVerdict]) -> None:
        super().__init__(window, wish)
        self.form = NewPasswordForm(judge, label=self.tr("New password")) if wish in _WITH_NEW_PASSWORD else None
        self.put(self.words, self.refusal, self.proof)
        if self.form is not None:
            self.put(self.form)
        self.put(self.progress)
        self.put_buttons(self.button)

    def begin(self, state: SignInState) -> None:
        """Let the new password be short where a stick stays."""
        if self.form is not None:
            self.form.set_second(has_second=self.wish is Wish.CHANGE_PASSWORD and state.second is not None)

    def forget(self) -> None:
        """Forget the new password too."""
        super().forget()
        if self.form is not None:
            self.form.password.clear()
            self.form.repeated.clear()
            self.form.refresh()

    def missing(self) -> str:
        """Return the first thing that is missing."""
        return self.proof.problem() or ("" if self.form is None else self.form.problem())

    def go(self) -> None:
        """Wish for it."""
        new = "" if self.form is None else self.form.take()
        self.wanted.emit(self.wish, self.proof.take(), new)


class PhoneSheet(WishSheet):
    """Shows a secret for a phone as a picture, and asks for a code of it."""

    #: Arguments: ``Current``, the secret, the code that the phone shows.
    wanted = Signal(object, object, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, Wish.SET_PHONE, width_px=600)
        self._secret = b""
        self.qr = QrView(self.tr("The secret for your phone, as a picture"), _QR_PX)
        self.typed = Text("", TextStyle.CODE, is_wrapping=True)
        self.code = code_line(self.tr("Code that the phone shows now"))
        self.put(
            self.words,
            self.refusal,
            self.qr,
            Text(self.tr("Or type this into the app:"), TextStyle.SMALL, ink="soft"),
            self.typed,
            Text(self.tr("Code that the phone shows now"), TextStyle.SMALL_STRONG, ink="soft"),
            self.code,
            self.proof,
            self.progress,
        )
        self.inner.setAlignment(self.qr, Qt.AlignmentFlag.AlignHCenter)
        self.put_buttons(self.button)

    def offer(self, offered: NewCode) -> None:
        """Show a secret that is not in force yet."""
        self._secret = offered.secret
        self.qr.show_text(offered.link)
        self.typed.setText(offered.words)
        self.typed.setAccessibleName(self.tr("Secret: {words}").format(words=" ".join(offered.words.split())))
        self.refit()

    def first_field(self) -> QWidget:
        """Return the line for the code."""
        return self.code

    def forget(self) -> None:
        """Forget the secret too."""
        super().forget()
        self._secret = b""
        self.qr.forget()
        self.typed.setText("")
        self.code.setText("")

    def missing(self) -> str:
        """Return the first thing that is missing."""
        if not self.code.text().strip():
            return self.tr("Type the six digits that the phone shows for Vestibule.")
        return self.proof.problem()

    def go(self) -> None:
        """Wish for it."""
        self.wanted.emit(self.proof.take(), self._secret, self.code.text())


class StickSheet(WishSheet):
    """Asks for a removable disk and, if one likes, for a shorter password."""

    #: Arguments: ``Current``, where the disk is mounted, the new password or "".
    wanted = Signal(object, object, str)
    #: It should be looked for removable disks; ``show_disks`` is the answer.
    look_wanted = Signal()

    def __init__(self, window: QWidget, judge: Callable[[str], PasswordVerdict]) -> None:
        super().__init__(window, Wish.MAKE_STICK)
        self.disk = Select(self.tr("Removable disk"))
        self._none = Text(self.tr("No removable disk is plugged in."), TextStyle.SMALL, ink="caution")
        self.again = Button(self.tr("Look again"), icon=IconName.SEARCH)
        self.elsewhere = Button(self.tr("Choose a folder…"))
        self.form = NewPasswordForm(judge, label=self.tr("New password"))
        self.form.set_second(has_second=True)
        self.put(
            self.words,
            self.refusal,
            Text(self.tr("Removable disk"), TextStyle.SMALL_STRONG, ink="soft"),
            self.disk,
            self._none,
            ButtonRow(self.again, self.elsewhere),
            self.proof,
            Text(self.tr("If you like, another password (empty: it stays)"), TextStyle.SMALL, ink="soft"),
            self.form,
            self.progress,
        )
        self.put_buttons(self.button)
        self.again.clicked.connect(self.look_wanted)
        self.elsewhere.clicked.connect(self._on_elsewhere)

    def begin(self, _state: SignInState) -> None:
        """Look for disks."""
        self.show_disks(())
        self.look_wanted.emit()

    def show_disks(self, disks: tuple[Path, ...]) -> None:
        """Offer the disks that were found."""
        self.disk.clear()
        for root in disks:
            self._offer(root)
        self._show_whether_any()

    def forget(self) -> None:
        """Forget the new password too."""
        super().forget()
        self.form.password.clear()
        self.form.repeated.clear()
        self.form.refresh()

    def missing(self) -> str:
        """Return the first thing that is missing."""
        if self.disk.currentData() is None:
            return self.tr("Plug in a removable disk, or choose a folder on one.")
        is_kept = self.form.password.is_empty() and self.form.repeated.is_empty()
        return self.proof.problem() or ("" if is_kept else self.form.problem())

    def go(self) -> None:
        """Wish for it."""
        self.wanted.emit(self.proof.take(), self.disk.currentData(), self.form.take())

    def _offer(self, root: Path) -> None:
        self.disk.addItem(readable_line(root.name or str(root), 40), root)

    def _show_whether_any(self) -> None:
        has_any = self.disk.count() > 0
        self.disk.setVisible(has_any)
        self._none.setVisible(not has_any)
        self.refit()

    def _on_elsewhere(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self.window(), self.tr("A folder on the disk"), "/", QFileDialog.Option.DontUseNativeDialog
        )
        if chosen:
            self._offer(Path(chosen))
            self.disk.setCurrentIndex(self.disk.count() - 1)
            self._show_whether_any()
