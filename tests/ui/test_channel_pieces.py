"""The small pieces of the channel's screens: the QR code, the lent clipboard, the preview of an image, the alert."""

import struct
import zlib

import pypdfium2
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QGuiApplication, QImage, QImageReader
from PySide6.QtWidgets import QMainWindow, QTextEdit

from app.domain.ids import ConversationId
from app.ui.channel.alerts import AlertChoices, Alerts
from app.ui.channel.lending import LentClipboard
from app.ui.channel.papers import InvitePaper
from app.ui.channel.preview import MAX_SHOWN_PX, NoPreview, Preview, preview_of
from app.ui.channel.qr import QUIET_MODULES, QrView, squares_of
from app.ui.components.paper import save_pdf
from tests.support.waiting import PATIENCE_MS

LINK = "https://gateway.example/c#1.AAAAAAAAAAAAAAAAAAAAAA.BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB.CCCCCCCCCCCC"
MARIA, OTHER = ConversationId("maria"), ConversationId("other")


def encoded(image, name):
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, name)
    return bytes(data.data())


def picture(width, height):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    return image


def png_that_claims(width, height):
    """A PNG whose head claims a size that its few bytes never fill."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    begun = struct.pack(">I", 400) + b"IDAT" + b"\x78\x9c" + bytes(8)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head)) + begun


def test_the_painted_code_has_its_squares_and_a_white_border(qtbot):
    view = QrView("code")
    qtbot.addWidget(view)
    assert view.is_empty()
    view.show_text(LINK)
    view.resize(view.sizeHint())
    squares, image = squares_of(LINK), view.grab().toImage()
    count = len(squares) + 2 * QUIET_MODULES
    side = view.width() // count
    edge = (view.width() - side * count) // 2
    for row in (0, 6, len(squares) // 2, len(squares) - 1):
        for column in range(len(squares)):
            spot = [edge + (QUIET_MODULES + place) * side + side // 2 for place in (column, row)]
            is_dark = image.pixelColor(*spot).lightness() < 128
            assert is_dark is squares[row][column]
    border = image.pixelColor(edge + side, view.height() // 2)
    assert border == QColor("#ffffff")
    view.forget()
    assert view.is_empty()


def test_a_lent_text_leaves_the_clipboard_when_its_time_is_over(qapp, qtbot):
    clipboard, left = LentClipboard(lent_ms=60), []
    clipboard.ticked.connect(left.append)
    clipboard.lend(LINK)
    assert QGuiApplication.clipboard().text() == LINK
    assert QGuiApplication.clipboard().mimeData().data("x-kde-passwordManagerHint").data() == b"secret"
    qtbot.waitUntil(lambda: left[-1] == 0, timeout=PATIENCE_MS)
    assert QGuiApplication.clipboard().text() == ""


def test_what_somebody_copied_meanwhile_stays(qapp, qtbot):
    clipboard = LentClipboard(lent_ms=60)
    with qtbot.waitSignal(clipboard.ticked, check_params_cb=lambda left: left == 0, timeout=PATIENCE_MS):
        clipboard.lend(LINK)
        QGuiApplication.clipboard().setText("a shopping list")
    assert QGuiApplication.clipboard().text() == "a shopping list"


@pytest.mark.parametrize("name", ["PNG", "JPEG", "BMP"])
def test_an_image_is_decoded_whatever_its_name_says(qapp, name):
    found = preview_of(encoded(picture(40, 30), name))
    assert isinstance(found, Preview)
    assert (found.width_px, found.height_px) == (40, 30)
    assert found.image.pixelColor(5, 5).blue() > 120


def test_a_large_image_is_made_small_while_it_is_read(qapp):
    found = preview_of(encoded(picture(4_000, 1_000), "PNG"))
    assert isinstance(found, Preview)
    assert (found.image.width(), found.image.height()) == (MAX_SHOWN_PX, 400)
    assert found.width_px == 4_000


@pytest.mark.parametrize(
    ("untrusted_bytes", "reason"),
    [
        (b"", NoPreview.NOT_AN_IMAGE),
        (b"%PDF-1.7 ...", NoPreview.NOT_AN_IMAGE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NoPreview.NOT_AN_IMAGE),
        (b"\x89PNG\r\n\x1a\n and then nothing that is one", NoPreview.DAMAGED),
        (png_that_claims(50_000, 50_000), NoPreview.TOO_LARGE),
        (png_that_claims(11_000, 11_000), NoPreview.TOO_LARGE),
        (png_that_claims(100, 100), NoPreview.DAMAGED),
    ],
)
def test_what_is_no_sound_image_of_a_sane_size_is_refused(qapp, untrusted_bytes, reason):
    assert preview_of(untrusted_bytes) is reason


def test_no_byte_of_a_picture_is_decoded_by_the_console(qapp, monkeypatch):
    monkeypatch.setattr(QImageReader, "__init__", lambda *_: pytest.fail("decoded beside the keys"))
    assert isinstance(preview_of(encoded(picture(40, 30), "PNG")), Preview)


def test_a_decoder_that_hangs_is_ended_and_the_console_goes_on(qapp, monkeypatch):
    monkeypatch.setattr("app.ui.channel.preview.PATIENCE_S", 0.0)
    assert preview_of(encoded(picture(40, 30), "PNG")) is NoPreview.DAMAGED


class Desk:
    """A window with a text field, and what was rung."""

    def __init__(self, qtbot, **choices):
        self.window, self.rung, self.front = QMainWindow(), [], None
        self.field = QTextEdit()
        self.window.setCentralWidget(self.field)
        qtbot.addWidget(self.window)
        self.alerts = Alerts(
            self.window, AlertChoices(**choices), lambda cid: cid == self.front, lambda: self.rung.append(1)
        )


def test_the_alert_repeats_until_it_is_read_and_says_no_name(qtbot):
    desk = Desk(qtbot, repeat_s=1)
    desk.alerts._again.setInterval(10)
    desk.alerts.arrived(MARIA)
    desk.alerts._again.setInterval(10)
    qtbot.waitUntil(lambda: len(desk.rung) >= 3, timeout=PATIENCE_MS)
    assert desk.alerts.words() == "Somebody wrote"
    desk.alerts.arrived(OTHER)
    assert desk.alerts.words() == "2 conversations wait to be read"
    desk.alerts.read(MARIA)
    assert desk.alerts.waiting == {OTHER}
    desk.alerts.read(OTHER)
    rung = len(desk.rung)
    qtbot.wait(40)
    assert len(desk.rung) == rung


def test_ten_lines_at_once_ring_once(qtbot):
    desk = Desk(qtbot, repeat_s=0)
    for _ in range(10):
        desk.alerts.arrived(MARIA)
    assert len(desk.rung) == 1
    desk.alerts.read(MARIA)
    desk.alerts.arrived(MARIA)
    assert len(desk.rung) == 2


def test_no_alert_for_what_somebody_is_reading_and_no_sound_when_it_is_off(qtbot):
    desk = Desk(qtbot, has_sound=False)
    desk.front = MARIA
    desk.alerts.arrived(MARIA)
    assert not desk.alerts.waiting
    desk.alerts.arrived(OTHER)
    assert desk.alerts.waiting == {OTHER}
    assert not desk.rung


def test_an_alert_never_takes_the_keyboard(qtbot):
    desk = Desk(qtbot)
    with qtbot.waitActive(desk.window):
        desk.window.show()
    desk.field.setFocus()
    desk.alerts.arrived(MARIA)
    assert desk.field.hasFocus()
    assert desk.window.isActiveWindow()


@pytest.mark.parametrize(("language", "words"), [("en", "works once"), ("es", "una sola vez")])
def test_the_printed_invitation_holds_the_whole_link_in_the_visitors_language(qapp, tmp_path, language, words):
    file = tmp_path / "invitation.pdf"
    paper = InvitePaper("Linden Street Family Practice", LINK, 1_795_800_000_000, language)
    save_pdf(file, "Invitation", paper.draw)
    text = pypdfium2.PdfDocument(file)[0].get_textpage().get_text_range()
    assert LINK in "".join(text.split())
    assert words in " ".join(text.split())
    assert LINK not in repr(paper)
    assert file.stat().st_mode & 0o777 == 0o600
