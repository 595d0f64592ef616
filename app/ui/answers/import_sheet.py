"""Importing documents: pick, read with progress, see what would change, take it in."""

from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.services.knowledge_import.service import ImportItem, ImportKind, ImportPreview, ImportResult, PlaceUnit
from app.services.knowledge_import.words import note_words, refusal_words
from app.ui.components import (
    Banner,
    Button,
    ButtonKind,
    CheckBox,
    ProgressLine,
    SectionHeader,
    Text,
    Tone,
    announce,
    readable_line,
)
from app.ui.inbox.ages import counted
from app.ui.shell.sheet import Sheet
from app.ui.theme import IconName, Space, TextStyle, active

MAX_SHOWN = 300
"""Answers listed with a box of their own; a longer import is taken in parts."""


class ImportSheet(Sheet):
    """Shows one import from the choice of files to its result."""

    #: Files were picked; argument: tuple of paths.
    files_picked = Signal(object)
    #: What is ticked is to be taken in; arguments: ``ImportPreview``, frozenset of answer ids.
    take_wanted = Signal(object, object)
    #: The reading is to be given up.
    cancel_wanted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=760, is_tall=True)
        self.title.setText(self.tr("Import documents"))
        self.setAccessibleName(self.title.text())
        self._preview: ImportPreview | None = None
        self._boxes: dict[str, CheckBox] = {}
        self._words = Text("", TextStyle.BODY, ink="soft", is_wrapping=True)
        self._banner = Banner(Tone.CAUTION)
        self._progress = ProgressLine(self.tr("Reading documents"))
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._pick = Button(self.tr("Choose files…"), kind=ButtonKind.PRIMARY, icon=IconName.IMPORT)
        self._other = Button(self.tr("Choose other files…"))
        self._other.clicked.connect(self._on_pick)
        self._folder = Button(self.tr("Choose a folder…"))
        self._take = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self._cancel = Button(self.tr("Stop reading"), kind=ButtonKind.PLAIN)
        self._pick.clicked.connect(self._on_pick)
        self._folder.clicked.connect(self._on_folder)
        self._take.clicked.connect(self._on_take)
        self._cancel.clicked.connect(self.cancel_wanted)
        row = QHBoxLayout()
        for button in (self._take, self._pick, self._other, self._folder, self._cancel):
            row.addWidget(button)
        row.addStretch(1)
        for widget in (self._words, self._progress, self._banner):
            self.body.addWidget(widget)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._filler = QWidget()
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._filler, 1)
        self.body.addLayout(row)
        self.show_start()

    def open(self, first: QWidget | None = None) -> None:
        """Show the sheet where the import stands."""
        super().open(first or (self._pick if self._pick.isVisibleTo(self) else self._take))

    def show_start(self) -> None:
        """Nothing has been picked."""
        self._preview = None
        self._say(
            self.tr(
                "Word, PDF and Markdown documents of the office become approved answers, one for each heading. They "
                "are read here, in a closed-off helper; nothing is changed before you have seen what they hold."
            )
        )
        self._show_parts(is_reading=False)

    def show_progress(self, done: int, total: int) -> None:
        """How far the reading is."""
        if not self._progress.isVisibleTo(self):
            self._show_parts(is_reading=True)
            self._cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._progress.set_fraction(done / total if total else None)
        self._say(self.tr("Reading document {number} of {total}…").format(number=min(done + 1, total), total=total))

    def show_preview(self, preview: ImportPreview) -> None:
        """What taking it in would do."""
        self._preview = preview
        self._show_parts(is_reading=False)
        number = Counter(item.kind for item in preview.items)
        words = self.tr("{added} new, {changed} changed, {same} unchanged.").format(
            added=number[ImportKind.ADDED], changed=number[ImportKind.CHANGED], same=number[ImportKind.UNCHANGED]
        )
        self._say(words)
        announce(self, words)
        if preview.refusals:
            lines = "\n".join(
                f"{readable_line(refused.file_name, 60)}: {refusal_words(refused.code)}"
                for refused in preview.refusals[:6]
            )
            self._banner.show_words(
                Tone.CAUTION,
                self.tr("{count} not read").format(
                    count=counted(len(preview.refusals), self.tr("document"), self.tr("documents"))
                ),
                lines,
            )
            self._banner.show()
        self._list(preview)
        self._on_ticked()
        (self._take if self._boxes else self._other).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_result(self, result: ImportResult) -> None:
        """What was taken in."""
        words = self.tr("Taken in: {added} new and {changed} changed answers.").format(
            added=result.added, changed=result.changed
        )
        self.show_start()
        self._say(words)
        announce(self, words)
        self._pick.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_failure(self, title: str, text: str) -> None:
        """It could not be read or taken in; nothing changed."""
        self.show_start()
        self._banner.show_words(Tone.CAUTION, title, text)
        self._banner.show()
        announce(self, f"{title}. {text}", is_urgent=True)

    def _say(self, words: str) -> None:
        self._words.setText(words)

    def _show_parts(self, *, is_reading: bool) -> None:
        has_preview = self._preview is not None
        self._banner.hide()
        self._progress.setVisible(is_reading)
        self._cancel.setVisible(is_reading)
        self._area.setVisible(has_preview and not is_reading)
        self._take.setVisible(has_preview and not is_reading)
        self._filler.setVisible(not self._area.isVisibleTo(self))
        self._pick.setVisible(not is_reading and not has_preview)
        self._other.setVisible(not is_reading and has_preview)
        self._folder.setVisible(not is_reading)

    def _list(self, preview: ImportPreview) -> None:
        look = active()
        holder = QWidget()
        holder.setProperty("surface", "surface")
        holder.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, look.px(Space.S), 0)
        column.setSpacing(look.px(Space.XS))
        self._boxes = {}
        for kind, words in (
            (ImportKind.CHANGED, self.tr("CHANGED")),
            (ImportKind.ADDED, self.tr("NEW")),
            (ImportKind.GONE, self.tr("NO LONGER IN ITS DOCUMENT, STAYS UNTIL YOU WITHDRAW IT")),
            (ImportKind.UNCHANGED, self.tr("UNCHANGED")),
        ):
            items = preview.of_kind(kind)
            if items:
                column.addWidget(SectionHeader(words))
            for item in items[:MAX_SHOWN]:
                column.addWidget(self._line(item))
        for note in preview.notes[:20]:
            words = f"{readable_line(note.file_name, 60)}: {note_words(note.code)}"
            column.addWidget(Text(words, TextStyle.SMALL, ink="faint", is_wrapping=True))
        column.addStretch(1)
        self._area.setWidget(holder)

    def _line(self, item: ImportItem) -> QWidget:
        words = f"{readable_line(item.title, 56)}   ·   {self._origin(item)}"
        if item.kind not in {ImportKind.ADDED, ImportKind.CHANGED}:
            return Text(words, TextStyle.SMALL, ink="soft")
        box = CheckBox(words)
        box.setChecked(True)
        box.setToolTip(readable_line(item.body, 300))
        box.toggled.connect(lambda _is_on: self._on_ticked())
        self._boxes[item.article.article_id] = box
        return box

    def _origin(self, item: ImportItem) -> str:
        name = readable_line(item.origin_name, 40)
        if item.place is None:
            return name
        unit = self.tr("page") if item.place.unit is PlaceUnit.PAGE else self.tr("section")
        return f"{name}, {unit} {item.place.number}"

    def _ticked(self) -> frozenset[str]:
        return frozenset(article_id for article_id, box in self._boxes.items() if box.isChecked())

    def _on_ticked(self) -> None:
        number = len(self._ticked())
        self._take.setEnabled(number > 0)
        self._take.setText(
            self.tr("Approve {count}").format(count=counted(number, self.tr("answer"), self.tr("answers")))
        )

    def _on_take(self) -> None:
        if self._preview is not None:
            self.take_wanted.emit(self._preview, self._ticked())

    def _on_pick(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(
            self, self.tr("Documents to import"), "", self.tr("Documents (*.docx *.pdf *.md)")
        )
        if names:
            self.files_picked.emit(tuple(Path(name) for name in names))

    def _on_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("A folder of documents"))
        if name:
            self.files_picked.emit((Path(name),))
