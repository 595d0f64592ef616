"""The deep side of the wizard: whose program this is, how far one is, and the one promise."""

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui.components import IconLabel, Text
from app.ui.components.painting import begin, fill_rounded, follow_look
from app.ui.first_run.steps import SHOWN_STEPS, Answers, Step, route
from app.ui.first_run.words import STEP_NAMES
from app.ui.theme import IconName, Role, Space, TextStyle, active, icon_pixmap

PANEL_WIDTH_PX = 300
_ROW_PX = 34


class StepList(QWidget):
    """The pages as a list; done, here, to come, each with its own mark."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._here = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def show_step(self, step: Step, answers: Answers) -> None:
        """Mark ``step`` as the page that is shown."""
        steps = [one for one in route(answers) if one in SHOWN_STEPS]
        shown = Step.PERSON if step is Step.CREATING else step
        self._names = tuple(STEP_NAMES[one] for one in steps)
        self._here = steps.index(shown)
        self.setAccessibleName(self.words())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return how far one is."""
        return f"Step {self._here + 1} of {len(self._names)}: {self._names[self._here]}" if self._names else ""

    def sizeHint(self) -> QSize:
        """Return room for every name."""
        look = active()
        return QSize(look.px(200), look.px(_ROW_PX) * max(len(self._names), 1))

    def minimumSizeHint(self) -> QSize:
        """Return one row: a low window cuts the list instead of growing."""
        return QSize(active().px(200), active().px(_ROW_PX))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        follow_look(self, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the list."""
        painter = begin(self)
        for place, name in enumerate(self._names):
            self._draw_row(painter, place, name)
        painter.end()

    def _draw_row(self, painter: QPainter, place: int, name: str) -> None:
        look = active()
        height = look.px(_ROW_PX)
        middle = place * height + height / 2
        is_here = place == self._here
        self._draw_mark(painter, place, middle)
        painter.setFont(look.font(TextStyle.STRONG if is_here else TextStyle.BODY))
        painter.setPen(look.colour(Role.ON_PANEL if is_here else Role.ON_PANEL_SOFT))
        room = QRectF(look.px(30), place * height, self.width() - look.px(30), height)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)

    def _draw_mark(self, painter: QPainter, place: int, middle: float) -> None:
        look = active()
        centre = float(look.px(8))
        if place < self._here:
            side = look.px(16)
            tick = icon_pixmap(IconName.CHECK, Role.ON_PANEL_SOFT, side, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(centre - side / 2, middle - side / 2), tick)
            return
        radius = look.px(5 if place == self._here else 3)
        dot = QRectF(centre - radius, middle - radius, 2 * radius, 2 * radius)
        colour = look.colour(Role.ON_PANEL if place == self._here else Role.PANEL_LINE)
        fill_rounded(painter, dot, radius, colour)


class SidePanel(QWidget):
    """Name, steps, promise."""

    def __init__(self) -> None:
        super().__init__()
        look = active()
        self.setProperty("surface", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(look.px(PANEL_WIDTH_PX))
        self.steps = StepList()
        edge = look.px(Space.XXL)
        column = QVBoxLayout(self)
        column.setContentsMargins(edge, look.px(Space.XXXL), edge, edge)
        column.addLayout(
            _row(IconName.VESTIBULE, 28, Role.ON_PANEL, Text("Vestibule", TextStyle.TITLE, ink="on_panel"))
        )
        column.addSpacing(look.px(Space.XXXL))
        column.addWidget(self.steps)
        column.addStretch(1)
        promise = Text("Nothing leaves this machine.", TextStyle.SMALL, ink="on_panel_soft", is_wrapping=True)
        column.addLayout(_row(IconName.SHIELD_SILENT, 18, Role.ON_PANEL_SOFT, promise))


def _row(icon: IconName, side_px: int, role: Role, words: Text) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(active().px(Space.M))
    row.addWidget(IconLabel(icon, role, side_px))
    row.addWidget(words, 1)
    return row
