"""The right of the models' page: everything that is known of one model, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.models.keeper import Passport
from app.ui.components import (
    Banner,
    Button,
    ButtonKind,
    Card,
    Chip,
    IconButton,
    SectionHeader,
    Tone,
    UntrustedLabel,
    announce,
)
from app.ui.components.facts import ButtonRow, FactSheet
from app.ui.models.state import ModelsState
from app.ui.models.test_card import TestCard
from app.ui.models.words import (
    context_words,
    family_words,
    measured_words,
    memory_words,
    origin_words,
    second_line,
    short_digest,
    speed_words,
    tasks_words,
    title_of,
)
from app.ui.theme import IconName, Space, TextStyle, active

_READING_PX = 760


class PassportPane(QWidget):
    """Shows one passport and emits wishes about it; each with the model's name."""

    #: This model is to propose from now on.
    use_wanted = Signal(str)
    #: A driving test is to begin.
    test_wanted = Signal(str)
    #: The driving test is to stop.
    stop_wanted = Signal()
    #: Its speed is to be measured.
    measure_wanted = Signal(str)
    #: An imported model is to be removed.
    remove_wanted = Signal(str)
    #: Back to the list, where only one of both has room.
    back_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._passport: Passport | None = None
        self._previous = ""
        self._build_head()
        self._build_buttons()
        self.card = TestCard()
        self.card.stop_wanted.connect(self.stop_wanted)
        self._here, self._file = FactSheet(), FactSheet()
        self.measure = IconButton(IconName.REGENERATE, self.tr("Measure its speed here"))
        self.measure.clicked.connect(lambda: self.measure_wanted.emit(self.name))
        self._memory = self._here.add(self.tr("Memory"))
        self._speed = self._here.add(self.tr("Speed here"), self.measure)
        self._tasks = self._here.add(self.tr("Can be asked for"))
        self._context = self._here.add(self.tr("Sees at once"))
        self._build_passport()
        self._lay_out()
        self.hide_all()

    @property
    def name(self) -> str:
        """The model that is shown; empty when none is."""
        return self._passport.entry.name if self._passport is not None else ""

    def words(self) -> str:
        """Everything that is said, for tests."""
        head = [self._title.text(), self._line.text(), self.banner.title(), self.banner.text()]
        return "\n".join([*head, self._here.words(), self._file.words(), self.card.words()])

    def hide_all(self) -> None:
        """There is no model to show."""
        self._passport = None
        self._area.hide()

    def show_model(self, name: str, state: ModelsState) -> None:
        """Show one model of ``state``."""
        passport = state.find(name)
        if passport is None:
            self.hide_all()
            return
        if name != self.name:
            self._area.verticalScrollBar().setValue(0)
        self._passport = passport
        entry = passport.entry
        self._title.set_untrusted(title_of(entry))
        self._line.set_untrusted(second_line(passport))
        is_running = entry.name == state.running
        self._use_chip.setVisible(is_running or (entry.is_for_search and passport.is_in_use))
        self._memory.set_untrusted(memory_words(passport.need, passport.free_bytes))
        self._show_speed(passport, state)
        self._tasks.set_untrusted(tasks_words(entry))
        self._context.set_untrusted(context_words(entry))
        self._licence.set_untrusted(entry.licence)
        self._family.set_untrusted(family_words(entry))
        self._digest.set_untrusted(short_digest(entry.sha256))
        self._digest.setToolTip(entry.sha256)
        self._origin.set_untrusted(origin_words(entry))
        self.card.show_model(passport, state.test)
        self._show_banner(passport, state, is_running=is_running)
        self._show_buttons(passport, state, is_running=is_running)
        self._area.show()

    def show_back(self, *, is_shown: bool) -> None:
        """Offer the way back to the list."""
        self._back.setVisible(is_shown)

    def focus_first(self) -> None:
        """Bring the keyboard to the first thing that can be done."""
        buttons = (self.use, self.test, self.way_back, self.remove)
        first = next((button for button in buttons if button.isVisible() and button.isEnabled()), None)
        (first or self._copy).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_speed(self, passport: Passport, state: ModelsState) -> None:
        is_busy = state.test is not None or state.is_switching
        self.measure.setVisible(not passport.entry.is_for_search)
        self.measure.setEnabled(passport.fits and not is_busy and not state.measuring)
        if state.measuring == passport.entry.name:
            self._speed.set_untrusted(self.tr("Measuring…"))
            return
        measured, speed = measured_words(passport.findings.speed), speed_words(passport.findings.speed)
        self._speed.set_untrusted(f"{speed}. {measured}." if measured else f"{speed}.")

    def _show_banner(self, passport: Passport, state: ModelsState, *, is_running: bool) -> None:
        name = passport.entry.name
        if name == state.chosen and state.could_not and not is_running:
            self.banner.show_words(Tone.CAUTION, self.tr("It could not be loaded"), state.could_not)
        elif state.is_pinned and name != state.chosen:
            words = self.tr("Whoever looks after this machine chose it in the managed settings.")
            self.banner.show_words(Tone.NEUTRAL, self.tr("Which model is used is set for this machine"), words)
        elif not passport.fits and not is_running:
            title = self.tr("Too little memory for it now")
            self.banner.show_words(Tone.CAUTION, title, self.tr("It stays here, and can be used where there is more."))
        else:
            self.banner.hide()
            return
        self.banner.show()

    def _show_buttons(self, passport: Passport, state: ModelsState, *, is_running: bool) -> None:
        entry = passport.entry
        is_fixed = state.is_pinned or state.is_switching
        is_trusted = passport.has_passed or entry.is_shipped
        self.use.setText(self.tr("Use this model") if is_trusted else self.tr("Use it untested"))
        if passport.findings.test is not None and not passport.findings.test.is_passed:
            self.use.setText(self.tr("Use it, not passed"))
        self.use.set_kind(ButtonKind.PRIMARY if is_trusted else ButtonKind.QUIET)
        self.use.setVisible(not is_running and not entry.is_for_search)
        self.use.setEnabled(not is_fixed and passport.fits)
        self.test.setVisible(not entry.is_for_search)
        self.test.setEnabled(state.test is None and passport.fits and not state.is_switching)
        self.test.set_kind(ButtonKind.QUIET if is_trusted else ButtonKind.PRIMARY)
        self._previous = state.previous
        is_way_back = is_running and state.find(state.previous) is not None and state.previous != entry.name
        self.way_back.setVisible(is_way_back)
        self.way_back.setEnabled(not is_fixed)
        self.way_back.setText(self.tr("Back to {name}").format(name=state.previous))
        self.remove.setVisible(not entry.is_shipped and not is_running)
        self.remove.setEnabled(entry.name != state.chosen and not state.is_switching)
        self.remove.setText(self.tr("Remove {name}").format(name=entry.name))
        self._row.arrange()

    def _build_head(self) -> None:
        self._back = IconButton(IconName.CHEVRON_LEFT, self.tr("Back to the list"), key_hint="Esc")
        self._back.clicked.connect(self.back_wanted)
        self._title = UntrustedLabel("", style=TextStyle.TITLE, is_wrapping=True, max_chars=80)
        self._line = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", is_wrapping=True, max_chars=160)
        self._use_chip = Chip(self.tr("In use"), tone=Tone.ACCENT, icon=IconName.CHECK)
        self.banner = Banner()

    def _build_buttons(self) -> None:
        self.use = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK, key_hint="U")
        self.test = Button(self.tr("Test drive"), icon=IconName.SOURCE, key_hint="T")
        self.way_back = Button("", icon=IconName.UNDO, key_hint="B")
        self.remove = Button("", kind=ButtonKind.PLAIN, icon=IconName.TRASH)
        self.use.clicked.connect(lambda: self.use_wanted.emit(self.name))
        self.test.clicked.connect(lambda: self.test_wanted.emit(self.name))
        self.way_back.clicked.connect(lambda: self.use_wanted.emit(self._previous))
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(self.name))
        self._row = ButtonRow(self.use, self.test, self.way_back, self.remove)

    def _build_passport(self) -> None:
        self._licence = self._file.add(self.tr("Licence"))
        self._family = self._file.add(self.tr("Family"))
        self._copy = IconButton(IconName.COPY, self.tr("Copy the whole checksum"))
        self._copy.clicked.connect(self._on_copy)
        self._digest = self._file.add(self.tr("Checksum (SHA-256)"), self._copy)
        self._origin = self._file.add(self.tr("Origin"))

    def _lay_out(self) -> None:
        look = active()
        holder = QWidget()
        holder.setMaximumWidth(look.px(_READING_PX))
        column = QVBoxLayout(holder)
        column.setContentsMargins(look.px(Space.XL), look.px(Space.L), look.px(Space.XL), look.px(Space.XL))
        column.setSpacing(look.px(Space.M))
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.M))
        head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._use_chip, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(head)
        column.addWidget(self._line)
        column.addWidget(self.banner)
        column.addWidget(self._row)
        for words, body in (
            (self.tr("ON THIS MACHINE"), self._here),
            (self.tr("DRIVING TEST"), self.card),
            (self.tr("PASSPORT"), self._file),
        ):
            card = Card()
            card.body.addWidget(SectionHeader(words))
            card.body.addWidget(body)
            column.addWidget(card)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(holder)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def _on_copy(self) -> None:
        if self._passport is not None:
            QGuiApplication.clipboard().setText(self._passport.entry.sha256)
            announce(self, self.tr("The checksum is copied"))
