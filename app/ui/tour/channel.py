"""The patient channel, from off to an answer that was read, with a patient and a post office in memory."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

from app.domain.channel import ChannelThread, Delivery
from app.domain.ids import ConversationId
from app.ui.channel.conversation import ChannelConversation
from app.ui.shell.console import Console
from app.ui.shell.window import Pane
from app.ui.tour.hand import Hand
from app.ui.tour.patient import TourPatient
from app.ui.tour.post import TourPost

_CTRL = Qt.KeyboardModifier.ControlModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_PATIENT, _SOMEBODY_ELSE = "Ruth Delacroix", "Tomas Ferreira"
_FIRST_WORDS = ("Good morning. I moved, and my insurance changed with it.", "Do you need the new card before Friday?")
_ANSWER = "Thank you, we have the card. Nothing else is needed before Friday."
_CARD_PX = (856, 540)
_PNG = "image/png"


def walk_channel(hand: Hand, console: Console, post: TourPost) -> None:
    """The patient channel as an administrator turns it on, and one conversation as the desk has it."""
    _to_page(hand, console)
    hand.picture("channel-off", "The patient channel is off, and the line below says that nothing leaves")
    _turn_on(hand, console)
    patient = TourPatient(post, _invite(hand, console, _PATIENT, has_picture=True))
    _invite(hand, console, _SOMEBODY_ELSE)
    patient.begin(_FIRST_WORDS)
    cid = _arrived(hand, console)
    patient.attach("insurance-card.png", _PNG, _card())
    _show_thread(hand, console, cid)
    _show_file(hand, console)
    _answer(hand, console)
    _compare(hand, console)
    _to_page(hand, console)
    hand.picture("channel", "The channel: how it stands, who was invited; here a post office in memory, no gateway")
    presenter = console.channel.presenter
    presenter.turn_off()
    hand.until(lambda: not presenter.state.is_on, "the channel turned off")


def _to_page(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_P, _CTRL | _SHIFT)
    presenter = console.channel.presenter
    hand.until(lambda: presenter.state.is_read and presenter.state.status is not None, "the channel")


def _turn_on(hand: Hand, console: Console) -> None:
    part = console.channel
    _root_code(hand, console)
    hand.until(part.steps.noticing.isVisible, "what patients read")
    part.steps.noticing.phone.setFocus()
    hand.write("+1 555 0142")
    hand.picture("channel-notice", "What patients read before they write; consent is given to a version of it")
    part.steps.noticing.button.setFocus()
    hand.press(Qt.Key.Key_Return)
    hand.until(part.steps.turning_on.isVisible, "the sheet that turns it on")
    hand.write("localhost:8443")
    hand.picture("channel-on", "Before anything is contacted: which address, by which process, what its host can see")
    part.steps.turning_on.button.setFocus()
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: part.presenter.state.is_on, "the channel turned on")


def _root_code(hand: Hand, console: Console) -> None:
    part = console.channel
    hand.press(Qt.Key.Key_T)
    hand.until(part.steps.root.isVisible, "the sheet of the root code")
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: bool(part.steps.root.groups), "the root code")
    hand.picture("channel-root", "The office's root code: shown once, two copies, typed back to prove them")
    part.steps.root.button.setFocus()
    hand.press(Qt.Key.Key_Return)
    for number, field in part.steps.root.fields.items():
        field.setFocus()
        hand.write(part.steps.root.groups[number - 1])
    hand.press(Qt.Key.Key_Return)


def _invite(hand: Hand, console: Console, name: str, *, has_picture: bool = False) -> str:
    """Invite somebody; return the link."""
    part = console.channel
    hand.press(Qt.Key.Key_L)
    sheet = part.invitations.sheet
    hand.until(sheet.isVisible, "the sheet for an invitation")
    hand.write(name)
    hand.press(Qt.Key.Key_Return)
    hand.until(lambda: sheet.invite is not None and sheet.invite.contact_name == name, "the link")
    assert sheet.invite is not None
    link = sheet.invite.link
    if has_picture:
        hand.picture("invitation", "An invitation: a link and a code, one use, 72 hours, copied for half a minute")
    hand.press(Qt.Key.Key_Escape)
    hand.until(lambda: bool(part.page.rows.buttons()), "the invitation in the list")
    return link


def _arrived(hand: Hand, console: Console) -> ConversationId:
    presenter = console.channel.presenter

    def found() -> ConversationId | None:
        rows = presenter.state.invitations
        return next((row.conversation_id for row in rows if row.conversation_id is not None), None)

    hand.until(found, "the patient's first words")
    cid = found()
    assert cid is not None
    return cid


def _show_thread(hand: Hand, console: Console, cid: ConversationId) -> None:
    console.commander.open_conversation(cid)
    hand.until(lambda: _has_file(_known(console)), "the patient's file")
    hand.picture("channel-thread", "A patient wrote from a browser: readable here and there, by nobody in between")


def _show_file(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_O)
    files = _conversation(console).files
    hand.until(lambda: files.isVisible() and files.save.isEnabled(), "the attachment")
    hand.picture("channel-file", "What came with it: drawn here by a child without rights, never opened")
    hand.press(Qt.Key.Key_Escape)


def _answer(hand: Hand, console: Console) -> None:
    console.window.focus_pane(Pane.THREAD)
    hand.press(Qt.Key.Key_R)
    hand.write(_ANSWER)
    hand.press(Qt.Key.Key_Return, _CTRL)
    hand.until(lambda: Delivery.READ in _deliveries(_known(console)), "the answer that was read")
    console.window.focus_pane(Pane.THREAD)
    hand.picture("channel-read", "Sent, at the patient's browser, read: the words below an answer say how far it came")


def _compare(hand: Hand, console: Console) -> None:
    hand.press(Qt.Key.Key_P)
    hand.until(_conversation(console).safety.isVisible, "the safety number")
    hand.picture("channel-safety", "The safety number, which the patient has too: two people read it by telephone")
    hand.press(Qt.Key.Key_Escape)


def _known(console: Console) -> ChannelThread | None:
    return _conversation(console).known


def _conversation(console: Console) -> ChannelConversation:
    assert console.channel.conversation is not None
    return console.channel.conversation


def _has_file(known: ChannelThread | None) -> bool:
    return known is not None and any(file.is_here for file in known.files.values())


def _deliveries(known: ChannelThread | None) -> frozenset[Delivery]:
    return frozenset() if known is None else frozenset(known.delivery.values())


def _card() -> bytes:
    """Return a picture of an invented insurance card."""
    card = QImage(*_CARD_PX, QImage.Format.Format_RGB32)
    card.fill(QColor("#dfe9e1"))
    painter = QPainter(card)
    painter.fillRect(QRect(0, 0, _CARD_PX[0], 110), QColor("#1f4f44"))
    for size, color, line, words in (
        (34, "#fbf8f1", 70, "Orchard Mutual"),
        (26, "#211f1b", 230, _PATIENT),
        (22, "#514b41", 290, "Member 000 111 222 (invented)"),
    ):
        painter.setFont(QFont("sans-serif", size))
        painter.setPen(QColor(color))
        painter.drawText(48, line, words)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(card)
    return bytes(buffer.data().data())
