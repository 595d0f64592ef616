"""The view of the lock screen. Nothing personal is on it: product, place of the vault, and a field."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.domain.ids import PersonId
from app.ui.background import BackgroundRunner
from app.ui.components import (
    Banner,
    Button,
    ButtonKind,
    Card,
    Chip,
    IconLabel,
    PasswordField,
    ProgressLine,
    Text,
    Tone,
    announce,
    lift,
)
from app.ui.lock.beside import Beside
from app.ui.lock.code_field import CodeField
from app.ui.lock.faces import FacePicker
from app.ui.lock.new_password import NewPasswordForm
from app.ui.lock.ports import OpeningParts
from app.ui.lock.presenter import LockPresenter, Way
from app.ui.lock.reasons import REASON_WORDS, LockReason
from app.ui.lock.refusals import Refusal
from app.ui.lock.way_words import CHOOSING, NAMED, TYPED, WAY_WORDS
from app.ui.theme import IconName, Role, Space, TextStyle, active
from app.ui.theme.tokens import CARD_ELEVATION

_CARD_WIDTH_PX = 440


class LockScreen(QWidget):
    """Asks for the password, or for the recovery code, and hands over an open desk."""

    #: The vault is open; argument: ``Opened``.
    opened = Signal(object)
    #: The window was closed without unlocking.
    closed = Signal()

    def __init__(
        self,
        parts: OpeningParts,
        runner: BackgroundRunner,
        reason: LockReason = LockReason.START,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.presenter = LockPresenter(parts, runner, self)
        self.setWindowTitle("Vestibule: locked")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.reason = Text(REASON_WORDS[reason], TextStyle.BODY, ink="soft", is_wrapping=True)
        self.reason.setVisible(bool(REASON_WORDS[reason]))
        self.password = PasswordField("Password")
        self.beside = Beside()
        self.code = CodeField("Recovery code")
        self.faces = FacePicker(self.presenter.faces())
        self.form = NewPasswordForm(self.presenter.judge_password)
        self.unlock = Button("Unlock", kind=ButtonKind.PRIMARY, icon=IconName.KEY, key_hint="↵")
        self.other_way = Button("Use the recovery code", kind=ButtonKind.PLAIN)
        self.change = Button("Choose another password", kind=ButtonKind.PLAIN)
        self.refusal = Banner(Tone.SIGNAL)
        self.progress = ProgressLine("Unlocking")
        self._refusal_code: str | None = None
        self._who = Text("Who is here?", TextStyle.SMALL_STRONG, ink="soft")
        self._label = Text("Password", TextStyle.SMALL_STRONG, ink="soft")
        self._demo = Chip("Demo: invented people", tone=Tone.NOTE)
        self._place = Text(_short(parts.vault_dir), TextStyle.SMALL, ink="faint", is_wrapping=True)
        self._place.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._prepare()
        self._lay_out()
        self._connect()
        self._show_first_problem()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Unlock with Enter; Esc goes back from the recovery code to the password."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._on_unlock()
        elif event.key() == Qt.Key.Key_Escape:
            self.presenter.ask_for(Way.PASSWORD)
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Put the cursor into the field as soon as it can be seen."""
        super().showEvent(event)
        QTimer.singleShot(0, self.focus_field)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say that nobody wants to unlock."""
        self.presenter.abandon()
        super().closeEvent(event)
        self.closed.emit()

    def focus_field(self) -> None:
        """Put the cursor where the person types; where several may be here, first where one says who."""
        field = dict(self._fields())[self.presenter.way]
        if self._is_anybody():
            field = self.faces
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refusal_code(self) -> str | None:
        """Return the code of the refusal that is shown now, None when there is none."""
        return self._refusal_code

    def _prepare(self) -> None:
        self.refusal.hide()
        self.beside.show_face(self.presenter.face())
        self.progress.set_fraction(None)
        self._demo.setVisible(self.presenter.is_demo())
        keep = self.progress.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(keep)
        self.progress.hide()
        self.code.hide()
        self.form.hide()
        self._who.setVisible(self._has_choice())
        self.faces.setVisible(self._has_choice())
        self.setFocusProxy(self.faces if self._has_choice() else self.password)

    def _has_choice(self) -> bool:
        return len(self.faces.tiles) > 1

    def _is_anybody(self) -> bool:
        """Say whether several people may be meant and nobody has said who it is."""
        return self.presenter.way in NAMED and self._has_choice() and self.faces.person_id() is None

    def _lay_out(self) -> None:
        look = active()
        middle = QWidget()
        middle.setProperty("isScrollBody", True)
        column = QVBoxLayout(middle)
        column.setContentsMargins(look.px(Space.XL), look.px(Space.XL), look.px(Space.XL), look.px(Space.XL))
        column.setSpacing(look.px(Space.L))
        column.addStretch(2)
        column.addLayout(_brand())
        column.addWidget(self._demo, 0, Qt.AlignmentFlag.AlignHCenter)
        # Not by an alignment flag: an aligned widget is not asked how high its words need it to be.
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(self._card())
        centred.addStretch(1)
        column.addLayout(centred)
        column.addWidget(self._place)
        column.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(middle)
        middle.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _card(self) -> Card:
        look = active()
        card = Card("card", Space.XL)
        card.setFixedWidth(look.px(_CARD_WIDTH_PX))
        lift(card, CARD_ELEVATION)
        card.body.setSpacing(look.px(Space.M))
        for widget in (
            self.reason,
            self.refusal,
            self._who,
            self.faces,
            self._label,
            self.password,
            self.beside,
            self.code,
            self.form,
            self.progress,
        ):
            card.body.addWidget(widget)
        card.body.addWidget(self.unlock)
        card.body.addWidget(self.other_way, 0, Qt.AlignmentFlag.AlignHCenter)
        card.body.addWidget(self.change, 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _connect(self) -> None:
        self.unlock.clicked.connect(self._on_unlock)
        self.other_way.clicked.connect(self._on_other_way)
        self.change.clicked.connect(lambda: self.presenter.ask_for(Way.CHANGE))
        self.faces.chosen.connect(self._on_chosen)
        self.password.edited.connect(self._on_edited)
        self.beside.edited.connect(self._on_edited)
        self.beside.look_wanted.connect(self.presenter.look_for_second)
        self.presenter.second_looked.connect(self.beside.show_here)
        self.code.edited.connect(self._on_edited)
        self.form.answered.connect(self._on_edited)
        self.presenter.busy_changed.connect(self._on_busy_changed)
        self.presenter.refused.connect(self._on_refused)
        self.presenter.way_changed.connect(self._on_way_changed)
        self.presenter.opened.connect(self.opened)

    def _show_first_problem(self) -> None:
        problem = self.presenter.first_problem()
        if problem is not None:
            self._show(problem)

    def _on_chosen(self, person_id: PersonId) -> None:
        self.presenter.choose(person_id)
        self.beside.show_face(self.presenter.face())
        self._hide_refusal()
        self.focus_field()

    def _on_unlock(self) -> None:
        if self._is_anybody():
            self._say("Say first who it is.")
            return
        if self.presenter.way in CHOOSING:
            self._on_new_password()
            return
        if self.presenter.way in TYPED:
            self._on_password()
        elif self.code.text():
            self.presenter.unlock(self.code.text())
        else:
            self.focus_field()

    def _on_password(self) -> None:
        """Take password and code together: which of them was wrong is not for the door to say."""
        if self.password.is_empty():
            self.focus_field()
        elif self.beside.is_code_missing():
            self.beside.code.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.presenter.unlock(self.password.take(), self.beside.take())

    def _on_new_password(self) -> None:
        problem = self.form.problem()
        if problem:
            self._say(problem)
        else:
            self.presenter.set_password(self.form.take())

    def _say(self, problem: str) -> None:
        self.refusal.show_words(Tone.CAUTION, problem)
        self.refusal.show()
        announce(self, problem)
        self.focus_field()

    def _on_other_way(self) -> None:
        if self.presenter.way in {Way.NEW_PASSWORD, Way.OWN_PASSWORD}:
            self.presenter.keep_password()
        else:
            self.presenter.ask_for(Way.RECOVERY if self.presenter.way is Way.PASSWORD else Way.PASSWORD)

    def _on_way_changed(self, way: Way) -> None:
        words = WAY_WORDS[way]
        self.code.setPlainText("")
        self.password.clear()
        self.beside.take()
        self.form.set_second(has_second=self.presenter.keeps_second)
        self._hide_refusal()
        self._label.setText(words.label)
        self._label.setVisible(bool(words.label))
        self.unlock.setText(words.action)
        self.other_way.setText(words.other_way)
        if words.reason:
            self.reason.setText(words.reason)
            self.reason.show()
        self.other_way.setVisible(bool(words.other_way))
        self.change.setVisible(way is Way.PASSWORD)
        for _way, field in self._fields():
            field.setVisible(field is dict(self._fields())[way])
        self.beside.show_face(self.presenter.face() if way in TYPED else None)
        self._who.setText("Whose password is new?" if way is Way.NEW_PASSWORD else "Who is here?")
        for widget in (self._who, self.faces):
            widget.setVisible(way in NAMED and self._has_choice())
        self.focus_field()

    def _fields(self) -> tuple[tuple[Way, QWidget], ...]:
        typed = (Way.PASSWORD, self.password), (Way.CHANGE, self.password), (Way.RECOVERY, self.code)
        return (*typed, *((way, self.form) for way in CHOOSING))

    def _on_busy_changed(self, is_busy: bool) -> None:
        self.progress.setVisible(is_busy)
        fields = (self.faces, self.password, self.beside, self.code, self.form)
        for widget in (*fields, self.unlock, self.other_way, self.change):
            widget.setEnabled(not is_busy)
        if is_busy:
            self._hide_refusal()
            announce(self, "Unlocking. This takes about two seconds.")

    def _on_edited(self) -> None:
        self.password.set_wrong(False)

    def _hide_refusal(self) -> None:
        self._refusal_code = None
        self.refusal.hide()

    def _on_refused(self, refusal: Refusal) -> None:
        self._show(refusal)
        # After the field is enabled again, or the focus goes elsewhere.
        QTimer.singleShot(0, self.focus_field)

    def _show(self, refusal: Refusal) -> None:
        self.refusal.show_words(Tone.SIGNAL, refusal.title, refusal.text)
        self.refusal.show()
        self._refusal_code = refusal.code
        self.password.set_wrong(refusal.code in {"wrong_password", "wrong_code"})
        announce(self, f"{refusal.title}. {refusal.text}", is_urgent=True)


def _brand() -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(active().px(Space.M))
    row.addStretch(1)
    row.addWidget(IconLabel(IconName.VESTIBULE, Role.ACCENT_INK, 36))
    row.addWidget(Text("Vestibule", TextStyle.DISPLAY))
    row.addStretch(1)
    return row


def _short(path: Path) -> str:
    home = Path.home()
    shown = f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)
    return f"Vault: {shown}"
