"""Importing a model: what the file says about itself, name and licence, progress with a stop, the end."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.services.models.keeper import ImportPreview
from app.services.models.taking_in import ImportStep
from app.ui.components import Banner, Button, ButtonKind, ProgressLine, Text, Tone, UntrustedLabel, announce
from app.ui.components.facts import ButtonRow, FactSheet
from app.ui.models.problems import problem_words
from app.ui.models.words import memory_words, size_words, weights_words
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active

WIDTH_PX = 640
MAX_NAME_CHARS = 64
MAX_LICENCE_CHARS = 120


class ModelImportSheet(Sheet):
    """One import from the look at the file to its end; closing it stops the import."""

    #: The file is to be imported; arguments: path, name, licence.
    import_wanted = Signal(object, str, str)
    #: Another file is to be picked.
    pick_wanted = Signal()
    #: The import is to stop.
    stop_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=WIDTH_PX)
        self.title.setText(self.tr("Import a model"))
        self.setAccessibleName(self.title.text())
        self._source: Path | None = None
        self._is_running = False
        self._file = UntrustedLabel("", style=TextStyle.STRONG, max_chars=120)
        self._facts = FactSheet()
        self._says = self._facts.add(self.tr("It says it is"))
        self._size = self._facts.add(self.tr("Size"))
        self._memory = self._facts.add(self.tr("Memory"))
        self._name = self._field(self.tr("What to call it"), MAX_NAME_CHARS)
        self._licence = self._field(self.tr("Under which licence this office may use it"), MAX_LICENCE_CHARS)
        self._words = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._banner = Banner(Tone.CAUTION)
        self._progress = ProgressLine(self.tr("Import"))
        self.go = Button(self.tr("Import"), kind=ButtonKind.PRIMARY, icon=IconName.IMPORT)
        self.halt = Button(self.tr("Stop the import"), icon=IconName.STOP)
        self.other = Button(self.tr("Choose another file…"))
        self.go.clicked.connect(self._on_go)
        self.halt.clicked.connect(self.stop_wanted)
        self.other.clicked.connect(self.pick_wanted)
        self._row = ButtonRow(self.go, self.halt, self.other)
        self._lay_out()
        self.closed.connect(self._on_closed)

    def show_looking(self, source: Path) -> None:
        """A file was picked and is being looked at."""
        self._source = source
        self._file.set_untrusted(source.name)
        self._show_parts(has_form=False)
        self._say(self.tr("Looking at the file…"))

    def show_preview(self, preview: ImportPreview) -> None:
        """What the file says about itself."""
        header = preview.header
        self._source = preview.source
        self._file.set_untrusted(preview.source.name)
        self._says.set_untrusted(", ".join(part for part in (header.name, header.architecture) if part))
        self._size.set_untrusted(f"{weights_words(header.parameters)}, {size_words(header.size_bytes)}")
        self._memory.set_untrusted(memory_words(preview.need, preview.free_bytes))
        self._name.setText(preview.name)
        self._licence.setText(header.licence)
        self._show_parts(has_form=True)
        self._refit()
        self._say(
            self.tr(
                "The file is copied, checked and pinned by its checksum. Then it is run once in the closed-off worker, "
                "to measure its speed here. It proposes nothing until you say so."
            )
        )
        (self._name if not preview.name else self._licence if not header.licence else self.go).setFocus(
            Qt.FocusReason.OtherFocusReason
        )

    def show_progress(self, step: ImportStep, done: int, total: int) -> None:
        """How far the import is."""
        if not self._is_running:
            return
        if step is ImportStep.MEASURING:
            self._progress.set_fraction(None)
            self._say(self.tr("Running it once, to measure its speed here…"))
            return
        self._progress.set_fraction(done / total if total else None)
        self._say(
            self.tr("Copying and checking: {done} of {total}").format(done=size_words(done), total=size_words(total))
        )

    def show_failure(self, error: Exception) -> None:
        """It did not come in, and why."""
        self._show_parts(has_form=self._is_running and self._source is not None)
        title, text = problem_words(error)
        self._banner.show_words(Tone.CAUTION, title, text)
        self._banner.show()
        self._say("")
        announce(self, f"{title}. {text}", is_urgent=True)
        self._refit()

    def show_stopped(self) -> None:
        """The person stopped it."""
        self._show_parts(has_form=True)
        self._say(self.tr("Stopped. Nothing was changed."))
        announce(self, self._words.text())
        self._refit()

    def finish(self) -> None:
        """It is here; the page shows it."""
        self._is_running = False
        self.close_sheet()

    def words(self) -> str:
        """Everything that is said, for tests."""
        return f"{self._facts.words()}\n{self._words.text()}\n{self._banner.title()}\n{self._banner.text()}"

    def name_field(self) -> QLineEdit:
        """The field for the name."""
        return self._name

    def licence_field(self) -> QLineEdit:
        """The field for the licence."""
        return self._licence

    def _on_go(self) -> None:
        if self._source is None:
            return
        if not self._licence.text().strip():
            title = self.tr("The file names no licence")
            self._banner.show_words(Tone.CAUTION, title, self.tr("Write down under which one this office may use it."))
            self._banner.show()
            self._licence.setFocus(Qt.FocusReason.OtherFocusReason)
            self._refit()
            return
        self._show_parts(has_form=False)
        self._is_running = True
        self._progress.set_fraction(None)
        self._progress.show()
        self.halt.show()
        self.other.hide()
        self._row.arrange()
        self.halt.setFocus(Qt.FocusReason.OtherFocusReason)
        self._say(self.tr("Checking the file…"))
        self.import_wanted.emit(self._source, self._name.text().strip(), self._licence.text().strip())

    def _on_closed(self) -> None:
        if self._is_running:
            self._is_running = False
            self.stop_wanted.emit()

    def _show_parts(self, *, has_form: bool) -> None:
        for widget in (self._facts, self._form, self.go):
            widget.setVisible(has_form)
        for hidden in (self._progress, self.halt, self._banner):
            hidden.hide()
        self.other.show()
        self._is_running = False
        self._row.arrange()
        self._refit()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def fit_height(self, room_px: int) -> None:
        """Take the height that the content needs, and scroll it where there is not so much."""
        look, layout = active(), self._content.layout()
        assert layout is not None
        layout.activate()
        width = min(look.px(WIDTH_PX), self.window().width() - look.px(2 * Space.L)) - look.px(2 * Space.XL)
        wanted = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        edges = look.px(Space.L + Space.XL + 2 * Space.M)
        others = edges + self._head.sizeHint().height() + self._row.sizeHint().height()
        self._area.setFixedHeight(max(look.px(60), min(wanted, room_px - others)))

    def _refit(self) -> None:
        """Fit again when Qt has laid out what was just shown or hidden."""
        if self.isVisible():
            QTimer.singleShot(0, self, self._fit)

    def _field(self, name: str, max_chars: int) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(max_chars)
        field.returnPressed.connect(self._on_go)
        return field

    def _lay_out(self) -> None:
        look = active()
        self._form = QWidget()
        form = QVBoxLayout(self._form)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(look.px(Space.XS))
        for field in (self._name, self._licence):
            label = Text(field.accessibleName(), TextStyle.SMALL, ink="soft")
            label.setBuddy(field)
            form.addWidget(label)
            form.addWidget(field)
            form.addSpacing(look.px(Space.XS))
        self._content = QWidget()
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(Space.M))
        for widget in (self._file, self._facts, self._form, self._banner, self._words, self._progress):
            column.addWidget(widget)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._content)
        for sheet in (self._content, self._area.viewport()):  # the card shows through
            sheet.setAutoFillBackground(False)
        self.body.addWidget(self._area)
        self.body.addWidget(self._row)
