"""What the channel knows of a visitor, in words: consent, presence, safety number, files, alarms."""

from PySide6.QtCore import QCoreApplication

from app.domain.channel import (
    Alarm,
    AlarmKind,
    ChannelPeer,
    FileInfo,
)
from app.ui.channel.measures import bytes_words, contact_words, language_word
from app.ui.channel.preview import NoPreview
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import clock_words


def consent_words(peer: ChannelPeer, now_ms: int) -> str:
    """To what they agreed, and when."""
    if peer.consent_version is None or peer.consent_ms is None:
        return _tr("No consent yet: nothing they wrote may be used for a proposal.")
    return _tr("Agreed to version {version} on {moment}, in {language}. The signed receipt is kept.").format(
        version=peer.consent_version, moment=clock_words(peer.consent_ms, now_ms), language=language_word(peer.language)
    )


def seen_words(peer: ChannelPeer, now_ms: int) -> str:
    """When their browser was heard last."""
    if peer.has_ended:
        return _tr("This conversation has ended.")
    if not peer.is_confirmed:
        return _tr("Their browser has not answered yet; what you send waits here until it has.")
    return _tr("Their browser was here {moment}").format(moment=contact_words(peer.last_seen_ms, now_ms))


def verified_words(peer: ChannelPeer, now_ms: int) -> str:
    """Whether somebody compared the safety number."""
    if peer.verified_ms is None:
        return _tr("Safety number: nobody has compared it yet")
    return _tr("Safety number compared by phone: {who}, {moment}").format(
        who=readable_line(peer.verified_by, 60), moment=clock_words(peer.verified_ms, now_ms)
    )


def file_words(info: FileInfo) -> str:
    """Kind and size of a file; what it says it is, not what it is."""
    where = "" if info.is_here else " · " + _tr("still at the gateway")
    if info.is_lost:
        where = " · " + _tr("lost at the gateway; they were asked to send it again")
    return (
        _tr("says it is {kind}").format(kind=readable_line(info.media_type, 60)) + f" · {bytes_words(info.size)}{where}"
    )


def no_preview_words(reason: NoPreview) -> str:
    """Why a file has no picture here."""
    return {
        NoPreview.NOT_AN_IMAGE: _tr("No picture: only PNG, JPEG, GIF, WebP and BMP are drawn here."),
        NoPreview.TOO_LARGE: _tr("No picture: it claims more pixels than are drawn here."),
        NoPreview.DAMAGED: _tr("No picture: it is damaged, or is not what it says."),
    }[reason]


def alarm_title(alarm: Alarm) -> str:
    """What was noticed, in one line."""
    return {
        AlarmKind.GAP: _tr("A message is missing"),
        AlarmKind.FORK: _tr("Two different messages claimed the same place"),
        AlarmKind.CHANGED: _tr("This person's key is not the one of before"),
        AlarmKind.LATE: _tr("A message came after others that were written later"),
        AlarmKind.UNREADABLE: _tr("Something came that cannot be opened here"),
        AlarmKind.FLOOD: _tr("More came at once than is taken"),
    }[alarm.kind]


def alarm_words(alarm: Alarm) -> str:
    """What that means, and what to do."""
    return {
        AlarmKind.GAP: _tr(
            "A later one arrived before it. It may still come. If it does not, ask them to write again, and tell IT:"
            " somebody between may be holding messages back."
        ),
        AlarmKind.FORK: _tr(
            "Neither is believed any more. Do not act on what came last; call them on a number that you know."
        ),
        AlarmKind.CHANGED: _tr(
            "They may have a new browser, or somebody else writes. Compare the safety number by phone before you answer"
            " anything personal."
        ),
        AlarmKind.LATE: _tr(
            "It stands where it arrived, not where it was written. Read the last messages again in the order of their"
            " times before you answer."
        ),
        AlarmKind.UNREADABLE: _tr(
            "It is sealed to keys that this vault does not have: the vault came back from a backup, or somebody between"
            " sent rubbish. If this person says that they wrote, invite them again."
        ),
        AlarmKind.FLOOD: _tr(
            "A thousand messages an hour and three thousand a day are taken of one person. The rest waits at the"
            " gateway and comes by itself; nothing is lost. If a person did not write all that, end this conversation."
        ),
    }[alarm.kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
