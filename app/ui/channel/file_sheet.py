"""The sheet for attachments: one at a time, with a picture where it is an image, and the words before it is saved."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from app.domain.channel import FileInfo
from app.domain.ids import EventId
from app.ui.channel.preview import NoPreview, Preview
from app.ui.channel.visitor_words import file_words, no_preview_words
from app.ui.components import Banner, Button, ButtonKind, ProgressLine, Text, Tone, UntrustedLabel
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle, active

_PICTURE_PX = (520, 340)


class FileSheet(ScrollSheet):
    """Shows a file of the conversation; never opens one with another program."""

    #: Look at this file; argument: the event's id.
    look_wanted = Signal(str)
    #: Save the file that is shown; argument: the event's id.
    save_wanted = Signal(str)
    #: Take the file that is shown out of the vault for good; argument: the event's id.
    removal_wanted = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=640)
        self._files: tuple[tuple[EventId, FileInfo], ...] = ()
        self._place = 0
        self._preview: Preview | None = None
        self._file_name = UntrustedLabel("", style=TextStyle.STRONG, max_chars=255)
        self._detail = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", max_chars=200)
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.state = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self._line = ProgressLine(self.tr("Fetching the attachment"))
        self.warning = Banner(
            Tone.CAUTION,
            self.tr("A file from outside can be a trap"),
            self.tr(
                "Vestibule never opens it; what you see above was drawn here, from the picture alone. Save it only if"
                " you expect it, and open it where a scanner has looked at it. Once it is saved, it lies outside the"
                " vault: anybody on this machine may read it, and retention does not reach it."
            ),
        )
        self.save = Button(self.tr("Save a copy outside the vault…"), icon=IconName.SAVE)
        self.remove = Button(self.tr("Take it out for good…"), kind=ButtonKind.PLAIN, icon=IconName.EYE_OFF)
        self.before = Button(self.tr("Newer"), kind=ButtonKind.PLAIN, icon=IconName.CHEVRON_LEFT)
        self.after = Button(self.tr("Older"), kind=ButtonKind.PLAIN, icon=IconName.CHEVRON_RIGHT)
        self.put(self._file_name, self._detail, self._line, self.picture, self.state, self.warning)
        self.put_buttons(self.save, self.remove, self.before, self.after)
        self.save.clicked.connect(lambda: self.save_wanted.emit(self._files[self._place][0]))
        self.remove.clicked.connect(self._on_remove)
        self.before.clicked.connect(lambda: self._go(self._place - 1))
        self.after.clicked.connect(lambda: self._go(self._place + 1))
        self.closed.connect(self._forget)

    @property
    def event_id(self) -> EventId | None:
        """The file that is shown."""
        return self._files[self._place][0] if self._files else None

    def ask(self, files: tuple[tuple[EventId, FileInfo], ...], first: EventId | None = None) -> None:
        """Show the files of a conversation, the newest first, beginning with ``first``."""
        self._files = files
        places = [place for place, (event_id, _info) in enumerate(files) if event_id == first]
        self._go(places[0] if places else 0)
        # While it is fetched nothing can be saved; the keyboard must be in the sheet all the same.
        self.open(self.after if len(files) > 1 and self.after.isEnabled() else self.remove)

    def show_preview(self, event_id: EventId, found: Preview | NoPreview) -> None:
        """Show a picture that was decoded, or why there is none."""
        if event_id != self.event_id:
            return
        self._line.hide()
        self.save.setEnabled(True)
        if self.remove.hasFocus():
            self.save.setFocus()
        if isinstance(found, NoPreview):
            self.state.setText(no_preview_words(found))
            self.state.show()
        else:
            self._preview = found
            self.state.setText(
                self.tr("{width} by {height} pixels").format(width=found.width_px, height=found.height_px)
            )
            self._draw()
        self.refit()

    def show_problem(self, words: str) -> None:
        """Say why it cannot be shown."""
        self._line.hide()
        self.state.setText(words)
        self.refit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and getattr(self, "_preview", None) is not None:
            self._draw()

    def _go(self, place: int) -> None:
        self._place = place
        self._preview = None
        event_id, info = self._files[place]
        total = len(self._files)
        self.name(
            self.tr("Attachment {number} of {total}").format(number=place + 1, total=total)
            if total > 1
            else self.tr("Attachment")
        )
        self._file_name.set_untrusted(info.name)
        self._detail.set_untrusted(file_words(info))
        self.picture.clear()
        self.picture.hide()
        self.state.setText(self.tr("Fetching it…"))
        self._line.show()
        self._line.set_fraction(None)
        self.save.setEnabled(False)
        for button, is_offered in ((self.before, place > 0), (self.after, place + 1 < total)):
            button.setVisible(total > 1)
            button.setEnabled(is_offered)
        self.refit()
        self.look_wanted.emit(event_id)

    def _on_remove(self) -> None:
        event_id = self._files[self._place][0]
        self.close_sheet()
        self.removal_wanted.emit(event_id)

    def _draw(self) -> None:
        if self._preview is None:
            return
        look = active()
        width, height = (look.px(side) for side in _PICTURE_PX)
        ratio = self.devicePixelRatioF()
        drawing = QPixmap.fromImage(self._preview.image)
        if drawing.width() > width * ratio or drawing.height() > height * ratio:
            drawing = drawing.scaled(
                int(width * ratio),
                int(height * ratio),
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        drawing.setDevicePixelRatio(ratio)
        self.picture.setPixmap(drawing)
        self.picture.setAccessibleName(self.tr("The picture"))
        self.picture.show()

    def _forget(self) -> None:
        self._files, self._preview = (), None
        self.picture.clear()
        self._file_name.set_untrusted("")
