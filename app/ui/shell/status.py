"""The bottom line, in words: what has left the office, the model, the text of the person, the time until the lock."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QSizePolicy, QWidget

from app.ui.components import IconLabel, Text, UntrustedLabel, veil
from app.ui.theme import IconName, Role, Size, Space, TextStyle, active


class _TryAgain(QAbstractButton):
    """A word that can be pressed, small enough for the line."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.setText(word)
        self.setAccessibleName(word)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        look = active()
        width = look.metrics(TextStyle.SMALL_STRONG).horizontalAdvance(self.text()) + look.px(2 * Space.S)
        return QSize(width, look.px(Size.TARGET))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = look.font(TextStyle.SMALL_STRONG)
        font.setUnderline(True)
        painter.setFont(font)
        painter.setPen(look.colour(Role.ACCENT_INK))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.hasFocus():
            painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), look.px(4), look.px(4))
        painter.end()


class StatusLine(QWidget):
    """Only says what the shell tells it."""

    #: The person wants the model to be started again.
    retry_wanted = Signal()
    #: The person follows the reminder.
    reminder_wanted = Signal()
    #: The person ends the emergency access here.
    access_ended = Signal()
    #: The person leaves counter mode here.
    counter_mode_left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._way_icon = IconLabel(IconName.SHIELD_SILENT, Role.ACCENT_INK, Size.ICON_S)
        self._way = UntrustedLabel(
            self.tr("Nothing has left this office"), style=TextStyle.SMALL, ink="soft", max_chars=160
        )
        self._way.setAccessibleDescription(
            self.tr("No network is used: the console cannot open an internet connection.")
        )
        self._model_icon = IconLabel(IconName.MODEL, Role.INK_FAINT, Size.ICON_S)
        self._model = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", max_chars=80)
        self._retry = _TryAgain(self.tr("Try again"))
        self._retry.clicked.connect(self.retry_wanted)
        self._retry.hide()
        self._reminder_icon = IconLabel(IconName.WARNING, Role.CAUTION_INK, Size.ICON_S)
        self._reminder = _TryAgain("")
        self._reminder.clicked.connect(self.reminder_wanted)
        self.remind("")
        self._veil_icon = IconLabel(IconName.EYE_OFF, Role.ACCENT_INK, Size.ICON_S)
        self._veil = _TryAgain(self.tr("Counter mode · F11 ends it"))
        self._veil.clicked.connect(self.counter_mode_left)
        veil().changed.connect(self._show_veil)
        self._show_veil(veil().is_drawn)
        self._access_icon = IconLabel(IconName.KEY, Role.CAUTION_INK, Size.ICON_S)
        self._access = _TryAgain(self.tr("Emergency access · end it"))
        self._access.clicked.connect(self.access_ended)
        self.show_access(is_open=False)
        self._saved = Text("", TextStyle.SMALL, ink="faint")
        self._office = UntrustedLabel("", style=TextStyle.SMALL, ink="faint", max_chars=60)
        self._lock = Text("", TextStyle.SMALL, ink="faint")
        self._row = QHBoxLayout(self)
        self._row.addWidget(self._way_icon)
        self._row.addWidget(self._way)
        self._row.addSpacing(active().px(Space.L))
        self._row.addWidget(self._model_icon)
        self._row.addWidget(self._model)
        self._row.addWidget(self._retry)
        self._row.addSpacing(active().px(Space.L))
        self._row.addWidget(self._reminder_icon)
        self._row.addWidget(self._reminder)
        self._row.addWidget(self._access_icon)
        self._row.addWidget(self._access)
        self._row.addWidget(self._veil_icon)
        self._row.addWidget(self._veil)
        self._row.addWidget(self._saved)
        self._row.addStretch(1)
        self._row.addWidget(self._office)
        self._row.addSpacing(active().px(Space.M))
        self._row.addWidget(self._lock)
        self._fit()

    def show_way_out(self, words: str, meaning: str, *, is_open: bool, is_well: bool) -> None:
        """Say whether anything can leave this office, and by which way; ``meaning`` is read out and shown as a tip."""
        self._way.set_untrusted(words)
        self._way.setAccessibleDescription(meaning)
        drawing = IconName.CHANNEL if is_open else IconName.SHIELD_SILENT
        self._way_icon.set_icon(drawing, Role.ACCENT_INK if is_well else Role.CAUTION_INK)
        self._way_icon.setToolTip(meaning)

    def show_model(self, words: str, *, is_well: bool) -> None:
        """Name and state of the model."""
        self._model.set_untrusted(words)
        self._model_icon.set_icon(
            IconName.MODEL if is_well else IconName.WARNING, Role.INK_FAINT if is_well else Role.CAUTION_INK
        )

    def offer_retry(self, is_offered: bool) -> None:
        """Let the person start the model again."""
        self._retry.setVisible(is_offered)

    def remind(self, words: str) -> None:
        """Keep a calm word on the line until what it asks for is done; nothing for no words."""
        self._reminder.setText(words)
        self._reminder.setAccessibleName(words)
        self._reminder.updateGeometry()
        for part in (self._reminder_icon, self._reminder):
            part.setVisible(bool(words))

    def reminder(self) -> str:
        """What the line asks for."""
        return self._reminder.text()

    def show_access(self, *, is_open: bool) -> None:
        """Say that a conversation behind a wall stands open, and offer to close it."""
        for part in (self._access_icon, self._access):
            part.setVisible(is_open)

    def _show_veil(self, is_drawn: bool) -> None:
        for part in (self._veil_icon, self._veil):
            part.setVisible(is_drawn)

    def show_saved(self, words: str) -> None:
        """Whether what was typed is safe."""
        self._saved.setText(words)

    def is_saving(self) -> bool:
        """True while the line says that something is being stored."""
        return bool(self._saved.text())

    def show_office(self, untrusted_words: str) -> None:
        """Which office and who."""
        self._office.set_untrusted(untrusted_words)

    def show_lock(self, words: str) -> None:
        """How long until the idle lock."""
        self._lock.setText(words)

    def words(self) -> str:
        """Everything the line says, for tests and the tour."""
        return " · ".join(label.text() for label in self._said() if label.text())

    def _said(self) -> tuple[QLabel | QAbstractButton, ...]:
        more = tuple(part for part in (self._access, self._veil) if not part.isHidden())
        return (self._way, self._model, *more, self._saved, self._lock)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What matters least goes first where there is no room."""
        super().resizeEvent(event)
        self._office.setVisible(self.width() > active().px(980))
        self._saved.setVisible(self.width() > active().px(760))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        look = active()
        self._row.setContentsMargins(look.px(Space.L), look.px(Space.XS), look.px(Space.L), look.px(Space.XS))
        self._row.setSpacing(look.px(6))
        self.setFixedHeight(look.px(32))


class DemoBand(QWidget):
    """Stands on every window of a demonstration vault, so that it cannot be taken for a real one."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("demo-band")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        words = Text(
            self.tr("Demonstration vault · every person and every word in it is invented"),
            TextStyle.CAPTION,
            ink="caution",
        )
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAccessibleName(words.text())
        row.addWidget(words)
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._dress()

    def _dress(self) -> None:
        self.setAutoFillBackground(True)
        palette = self.palette()
        palette.setColor(self.backgroundRole(), active().colour(Role.CAUTION_WASH))
        self.setPalette(palette)
