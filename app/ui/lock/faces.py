"""Who is here? Initials and role of everybody with a password, to be chosen by a letter, by arrows or by pointing."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.domain.ids import PersonId
from app.domain.office import Role as OfficeRole
from app.services.people.door import Face
from app.ui.components import Tone
from app.ui.components.marks import TONE_ROLES
from app.ui.components.painting import (
    RING_GAP_PX,
    PaintedButton,
    begin,
    draw_ring,
    fill_rounded,
    shape_rect,
)
from app.ui.theme import Radius, Role, Size, Space, TextStyle, active

COLUMNS = 2
_AVATAR_PX = 36
_TILE_WIDTH_PX = 150
_ROLES = {
    OfficeRole.FRONT_DESK: "Front desk",
    OfficeRole.PROFESSIONAL: "Professional",
    OfficeRole.ADMINISTRATOR: "Administrator",
    OfficeRole.AUDITOR: "Auditor",
    OfficeRole.IT: "IT",
}
_TONES = (Tone.ACCENT, Tone.NOTE, Tone.NEUTRAL)
"""Colours that mean nothing else; they help the eye, the initials say it."""


class FaceTile(PaintedButton):
    """One person: a round seal with initials, and the role beside it."""

    def __init__(self, face: Face, label: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.face = face
        self._tone = tone
        self._role = _ROLES[face.role]
        self.setText(label)
        self.setAccessibleName(f"{label}, {self._role}")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return room for the seal and two short lines."""
        look = active()
        return QSize(look.px(_TILE_WIDTH_PX), look.px(_AVATAR_PX + 2 * Space.S + 2 * RING_GAP_PX))

    def minimumSizeHint(self) -> QSize:
        """Return the same as ``sizeHint``."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw sheet, seal and words."""
        look, painter = active(), begin(self)
        fill = Role.ACCENT_WASH if self.isChecked() else Role.HOVER if self.underMouse() else Role.RAISED
        line = Role.ACCENT if self.isChecked() else Role.LINE_STRONG
        width = look.px(Size.RING) if self.isChecked() else 1
        fill_rounded(painter, shape_rect(self), look.px(Radius.M), look.colour(fill), look.colour(line), width)
        side, edge = look.px(_AVATAR_PX), look.px(Space.S + RING_GAP_PX)
        self._draw_seal(painter, QRectF(edge, (self.height() - side) / 2, side, side))
        left = edge + side + look.px(Space.S)
        self._draw_words(painter, QRectF(left, 0, self.width() - left - edge, self.height()))
        if self.hasFocus():
            draw_ring(painter, self, Radius.M)
        painter.end()

    def _draw_seal(self, painter: QPainter, rect: QRectF) -> None:
        look = active()
        fill, ink = TONE_ROLES[self._tone]
        fill_rounded(painter, rect, rect.height() / 2, look.colour(fill))
        font = look.font(TextStyle.HEADING)
        font.setPixelSize(round(rect.height() * 0.4))
        painter.setFont(font)
        painter.setPen(look.colour(ink))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.face.initials)

    def _draw_words(self, painter: QPainter, rect: QRectF) -> None:
        look = active()
        lines = ((self.text(), TextStyle.STRONG, Role.INK), (self._role, TextStyle.SMALL, Role.INK_SOFT))
        heights = [look.metrics(style).height() for _words, style, _ink in lines]
        top = rect.center().y() - sum(heights) / 2
        for (words, style, ink), height in zip(lines, heights, strict=True):
            painter.setFont(look.font(style))
            painter.setPen(look.colour(ink))
            cut = look.metrics(style).elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()))
            painter.drawText(QRectF(rect.left(), top, rect.width(), height), Qt.AlignmentFlag.AlignVCenter, cut)
            top += height


class FacePicker(QWidget):
    """Everybody with a password, in a grid."""

    #: Somebody was chosen for good, so the password is next; argument: ``PersonId``.
    chosen = Signal(str)

    def __init__(self, faces: Sequence[Face], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Who is here?")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(active().px(Space.XS))
        self.tiles: list[FaceTile] = []
        for number, (face, label) in enumerate(zip(faces, labels_of(faces), strict=True)):
            tile = FaceTile(face, label, _TONES[number % len(_TONES)])
            tile.clicked.connect(lambda _checked=False, tile=tile: self.chosen.emit(tile.face.person_id))
            grid.addWidget(tile, number // COLUMNS, number % COLUMNS)
            self.tiles.append(tile)
        if self.tiles:
            self.setFocusProxy(self.tiles[0])

    def person_id(self) -> PersonId | None:
        """Return who is chosen, None when nobody is."""
        return next((tile.face.person_id for tile in self.tiles if tile.isChecked()), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next person whose initials begin with a letter; Enter takes the one that has the focus."""
        focused = next((tile for tile in self.tiles if tile.hasFocus()), None)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and focused is not None:
            focused.click()
        elif event.text().strip():
            self._jump_to(event.text().upper(), focused)
        else:
            super().keyPressEvent(event)

    def _jump_to(self, letter: str, focused: FaceTile | None) -> None:
        found = [tile for tile in self.tiles if tile.text().upper().startswith(letter)]
        if not found:
            return
        place = found.index(focused) + focused.isChecked() if focused in found else 0
        tile = found[place % len(found)]
        tile.setFocus(Qt.FocusReason.ShortcutFocusReason)
        tile.setChecked(True)
        if len(found) == 1:
            tile.click()


def labels_of(faces: Sequence[Face]) -> list[str]:
    """Return the initials, with a number where two people share them: the first who came has none."""
    seen: Counter[str] = Counter()
    labels = []
    for face in faces:
        seen[face.initials] += 1
        number = seen[face.initials]
        labels.append(face.initials if number == 1 else f"{face.initials} {number}")
    return labels
