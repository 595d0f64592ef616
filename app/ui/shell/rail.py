"""The narrow rail: where conversations stand, with numbers; the other pages; below, help, curtain and lock."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.components import Divider, IconButton, IconLabel
from app.ui.inbox.presenter import InboxState, RailEntry
from app.ui.shell.commands import CommandId
from app.ui.shell.pages import OFFICE_PAGES, PageId
from app.ui.theme import IconName, Radius, Role, Size, Space, TextStyle, active, icon_pixmap

WIDTH_PX = 92
_BUTTON_PX = 62
_COMPACT_PX = 38
_ROOMY_PX = 590
"""Below this height the words under the drawings go; tooltips and accessible names stay."""


class RailButton(QAbstractButton):
    """An entry: drawing, word, and its number when there is one."""

    def __init__(self, drawing: IconName, word: str, key: str, *, is_alarming: bool = False) -> None:
        super().__init__()
        self._drawing = drawing
        self._is_alarming = is_alarming
        self._number = 0
        self._is_compact = False
        self.setText(word)
        self.setCheckable(True)
        self._tip = f"{word} · {key}"
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_number(0)

    def set_compact(self, is_compact: bool) -> None:
        """Show drawing and number only."""
        self._is_compact = is_compact
        self.updateGeometry()
        self.update()

    def show_number(self, number: int, meaning: str = "") -> None:
        """Show how many things stand here, with what they are in words."""
        self._number = number
        self.setAccessibleName(f"{self.text()}, {number} {meaning}".strip())
        self.setToolTip(f"{self._tip} · {number} {meaning}" if meaning and number else self._tip)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room it would like."""
        return QSize(active().px(WIDTH_PX - 16), active().px(_COMPACT_PX if self._is_compact else _BUTTON_PX))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it."""
        look, painter = active(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(Role.SURFACE if self.isChecked() else Role.HOVER))
            painter.drawRoundedRect(box, look.px(Radius.M), look.px(Radius.M))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour(Role.FOCUS), look.px(Size.RING)))
            painter.drawRoundedRect(box, look.px(Radius.M), look.px(Radius.M))
        self._draw_content(painter, box)
        painter.end()

    def _draw_content(self, painter: QPainter, box: QRectF) -> None:
        look = active()
        ink = Role.SIGNAL_INK if self._is_alarming else Role.ACCENT_INK if self.isChecked() else Role.INK_SOFT
        side, gap = look.px(Size.ICON), look.px(5)
        number = str(self._number) if self._number else ""
        metrics = look.metrics(TextStyle.SMALL_STRONG)
        width = side + (gap + metrics.horizontalAdvance(number) if number else 0)
        left = box.center().x() - width / 2
        top = box.center().y() - side / 2 if self._is_compact else box.top() + look.px(9)
        painter.drawPixmap(int(left), int(top), icon_pixmap(self._drawing, ink, side, self.devicePixelRatioF()))
        painter.setPen(look.colour(ink if self._is_alarming else Role.INK))
        painter.setFont(look.font(TextStyle.SMALL_STRONG, is_tabular=True))
        painter.drawText(QRectF(left + side + gap, top, width, side), int(Qt.AlignmentFlag.AlignVCenter), number)
        if self._is_compact:
            return
        painter.setFont(look.font(TextStyle.CAPTION))
        painter.setPen(look.colour(ink))
        words = QRectF(box.left(), top + side, box.width(), box.bottom() - top - side - look.px(3))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), self.text())


class Rail(QWidget):
    """Emits which entry or command is wanted."""

    #: An entry was picked; argument: ``RailEntry``.
    entry_wanted = Signal(object)
    #: A command at the foot was picked; argument: ``CommandId``.
    command_wanted = Signal(object)
    #: A page beside the inbox was picked; argument: ``PageId``.
    page_wanted = Signal(object)
    #: The pages of an administrator are wanted.
    office_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "sunken")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Places"))
        self._buttons: dict[RailEntry, RailButton] = {}
        self._pages: dict[PageId, RailButton] = {}
        self._page = PageId.INBOX
        self._home = RailEntry.INBOX
        self._lay_out()
        self._fit()

    def show_state(self, state: InboxState) -> None:
        """Numbers, and which entry is open; emergencies only when there are some."""
        counts = state.counts
        numbers = {
            RailEntry.INBOX: counts.open,
            RailEntry.EMERGENCIES: counts.emergencies,
            RailEntry.SNOOZED: counts.snoozed,
            RailEntry.DONE: counts.done,
        }
        self._home = RailEntry.INBOX if state.entry in {RailEntry.MINE, RailEntry.UNASSIGNED} else state.entry
        for entry, button in self._buttons.items():
            button.show_number(numbers[entry])
        self._check()
        is_needed = counts.emergencies > 0 or state.entry is RailEntry.EMERGENCIES
        self._buttons[RailEntry.EMERGENCIES].setVisible(is_needed)

    def offer_page(self, page: PageId) -> None:
        """Show the entry of a page beside the inbox; a page that belongs to a conversation has none."""
        button = self._office if page in OFFICE_PAGES else self._pages.get(page)
        if button is not None:
            self._rule.show()
            button.show()

    def show_page(self, page: PageId) -> None:
        """Mark the page that is in front."""
        self._page = page
        self._check()

    def show_page_number(self, page: PageId, number: int, meaning: str = "") -> None:
        """Show how many things wait on a page; ``meaning`` says what they are ("due for review")."""
        self._pages[page].show_number(number, meaning)

    def focus_first(self) -> None:
        """Bring the keyboard to the open entry."""
        both = (*self._buttons.values(), *self._pages.values(), self._office)
        button = next((button for button in both if button.isChecked()), None)
        (button or self._buttons[RailEntry.INBOX]).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the height."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        look = active()
        self.setFixedWidth(look.px(WIDTH_PX))
        is_compact = self.height() < look.px(_ROOMY_PX)
        self._seal.setVisible(not is_compact)
        for button in (*self._buttons.values(), *self._pages.values(), self._office):
            button.set_compact(is_compact)

    def _check(self) -> None:
        for entry, button in self._buttons.items():
            button.setChecked(self._page is PageId.INBOX and entry is self._home)
        for page, button in self._pages.items():
            button.setChecked(page is self._page)
        self._office.setChecked(self._page in OFFICE_PAGES)

    def _lay_out(self) -> None:
        look = active()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(Space.S), look.px(Space.M), look.px(Space.S), look.px(Space.M))
        column.setSpacing(look.px(Space.XS))
        self._seal = IconLabel(IconName.VESTIBULE, Role.ACCENT_INK, 30)
        column.addWidget(self._seal, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(look.px(Space.S))
        for entry, drawing, word, key in (
            (RailEntry.INBOX, IconName.INBOX, self.tr("Inbox"), "Ctrl+1"),
            (RailEntry.EMERGENCIES, IconName.EMERGENCY, self.tr("Emergency"), "Ctrl+2"),
            (RailEntry.SNOOZED, IconName.SNOOZE, self.tr("Snoozed"), "Ctrl+3"),
            (RailEntry.DONE, IconName.DONE, self.tr("Done"), "Ctrl+4"),
        ):
            button = RailButton(drawing, word, key, is_alarming=entry is RailEntry.EMERGENCIES)
            button.clicked.connect(lambda _checked=False, entry=entry: self.entry_wanted.emit(entry))
            column.addWidget(button)
            self._buttons[entry] = button
        self._lay_out_pages(column)
        column.addStretch(1)
        self._lay_out_foot(column)

    def _lay_out_pages(self, column: QVBoxLayout) -> None:
        self._rule = Divider()
        column.addWidget(self._rule)
        for page, drawing, word, key in (
            (PageId.ANSWERS, IconName.ANSWERS, self.tr("Answers"), "Ctrl+5"),
            (PageId.MODEL, IconName.MODEL, self.tr("Model"), "Ctrl+6"),
        ):
            button = RailButton(drawing, word, key)
            button.clicked.connect(lambda _checked=False, page=page: self.page_wanted.emit(page))
            column.addWidget(button)
            self._pages[page] = button
        self._office = RailButton(IconName.PEOPLE, self.tr("Office"), "Ctrl+7")
        self._office.clicked.connect(self.office_wanted)
        column.addWidget(self._office)
        for widget in (self._rule, *self._pages.values(), self._office):
            widget.hide()

    def _lay_out_foot(self, column: QVBoxLayout) -> None:
        """Two by two, so that they fit below the entries in a low window at 200 %."""
        grid = QGridLayout()
        grid.setSpacing(active().px(Space.XS))
        column.addLayout(grid)
        for place, (command_id, drawing, word, key) in enumerate(
            (
                (CommandId.HELP, IconName.HELP, self.tr("Keys and help"), "F1"),
                (CommandId.SCHEME, IconName.MOON, self.tr("Light or dark"), "Ctrl+Shift+L"),
                (CommandId.COUNTER_MODE, IconName.EYE_OFF, self.tr("Counter mode"), "F11"),
                (CommandId.CURTAIN, IconName.CURTAIN, self.tr("Privacy curtain"), "F12"),
                (CommandId.SIGN_OUT, IconName.LOCK, self.tr("Lock and sign out"), "Ctrl+Shift+O"),
            )
        ):
            foot = IconButton(drawing, word, key_hint=key)
            foot.clicked.connect(lambda _checked=False, command_id=command_id: self.command_wanted.emit(command_id))
            grid.addWidget(foot, place // 2, place % 2, Qt.AlignmentFlag.AlignHCenter)
