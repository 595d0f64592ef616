"""What goes on paper: the office's root code, and an invitation for somebody to take along."""

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QRectF
from PySide6.QtGui import QPainter

from app.ui.channel.qr import draw_squares, squares_of
from app.ui.components import readable_line
from app.ui.components.paper import POINT, draw_groups, sans, serif, write

_CODE_POINTS = 190
_LINK_CHARS = 64
"""No space stands in a link, so its lines are broken here."""


@dataclass(frozen=True, slots=True)
class RootPaper:
    """The root code of an office on one page."""

    office_name: str
    made_on: str
    fingerprint: str
    groups: tuple[str, ...] = field(repr=False)

    def draw(self, painter: QPainter, width: float) -> None:
        """Draw the page."""
        top = write(painter, 0, width, _tr("Root code of the office"), serif(26))
        about = _tr("{office}\nMade on {day}").format(office=readable_line(self.office_name, 80), day=self.made_on)
        top = write(painter, top + 8 * POINT, width, about, sans(11))
        top = draw_groups(painter, top + 26 * POINT, width, self.groups)
        for rule in (
            _tr("Patients recognise the office by the key behind this code. Whoever holds it can pretend to be it."),
            _tr("It opens no vault and no message. Keep two copies in two places, in a safe or a locked drawer."),
            _tr("It is needed on a new machine, or when the machine was stolen; never in a day's work."),
            _tr("Do not photograph it, do not send it, do not type it into anything but Vestibule."),
        ):
            top = write(painter, top + 14 * POINT, width, rule, sans(11))
        if self.fingerprint:
            words = _tr("Fingerprint, not secret: {words}").format(words=self.fingerprint)
            write(painter, top + 22 * POINT, width, words, sans(9))


@dataclass(frozen=True, slots=True)
class InvitePaper:
    """A link for one person, as a code to point a telephone at."""

    office_name: str
    link: str = field(repr=False)
    expires_ms: int
    language: str

    def draw(self, painter: QPainter, width: float) -> None:
        """Draw the page in the language of who takes it along."""
        words = _PAGES.get(self.language, _PAGES["en"])
        top = write(painter, 0, width, readable_line(self.office_name, 80), serif(24))
        top = write(painter, top + 10 * POINT, width, words[0], sans(13))
        side = _CODE_POINTS * POINT
        draw_squares(painter, QRectF(0, top + 18 * POINT, side, side), squares_of(self.link))
        left = side + 20 * POINT
        line = top + 26 * POINT
        for number, step in enumerate(words[1:4], start=1):
            line = write(painter, line, width - left, f"{number}.  {step}", sans(12), left) + 10 * POINT
        top = top + 18 * POINT + side
        top = write(painter, top + 16 * POINT, width, words[4].format(until=self._until()), sans(11, weight=600))
        top = write(painter, top + 12 * POINT, width, words[5], sans(11))
        lines = [self.link[start : start + _LINK_CHARS] for start in range(0, len(self.link), _LINK_CHARS)]
        write(painter, top + 16 * POINT, width, "\n".join(lines), sans(9))

    def _until(self) -> str:
        """The last moment, as the language of the page writes it."""
        moment = QDateTime.fromMSecsSinceEpoch(self.expires_ms)
        return QLocale(self.language).toString(moment, "d MMMM, HH:mm")


_PAGES = {
    "en": (
        "Write to us in private. Nobody between your browser and our desk can read it.",
        "Point the camera of your telephone at the code, or type the address below.",
        "Read what happens to your words, and choose.",
        "Write. You can come back later by the same address on the same telephone.",
        "This invitation works once, until {until}. Do not pass it on.",
        "Not for emergencies: call the emergency number.",
    ),
    "es": (
        "Escríbanos en privado. Nadie entre su navegador y nuestra recepción puede leerlo.",
        "Apunte la cámara de su teléfono al código, o escriba la dirección de abajo.",
        "Lea qué ocurre con sus palabras y elija.",
        "Escriba. Puede volver más tarde con la misma dirección en el mismo teléfono.",
        "Esta invitación sirve una sola vez, hasta el {until}. No la comparta.",
        "No es para emergencias: llame al número de emergencias.",
    ),
}


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
