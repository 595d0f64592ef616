"""What stands above a conversation of the channel: the gravest thing that was noticed, with one way on."""

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from app.domain.channel import AlarmKind, ChannelThread
from app.ui.channel.measures import contact_words
from app.ui.channel.visitor_words import alarm_title, alarm_words
from app.ui.components import Tone


class WayOn(Enum):
    """What the button of the banner does."""

    NONE = "none"
    COMPARE = "compare"
    REQUESTS = "requests"
    INVITE = "invite"


@dataclass(frozen=True, slots=True)
class Notice:
    """Words above a conversation."""

    tone: Tone
    title: str
    text: str
    action: str = ""
    way_on: WayOn = WayOn.NONE


_GRAVE = (AlarmKind.FORK, AlarmKind.CHANGED, AlarmKind.GAP, AlarmKind.LATE, AlarmKind.UNREADABLE, AlarmKind.FLOOD)
_STRANGERS = frozenset({AlarmKind.FORK, AlarmKind.CHANGED})
"""Somebody else may be writing."""


def notice_of(channel: ChannelThread | None, now_ms: int) -> Notice | None:
    """Return the gravest thing, None when nothing has to be said."""
    if channel is None:
        return None
    peer = channel.peer
    alarms = sorted(peer.alarms, key=lambda alarm: (_GRAVE.index(alarm.kind), -alarm.at_ms))
    if alarms:
        alarm = alarms[0]
        tone = Tone.SIGNAL if alarm.kind in _STRANGERS else Tone.CAUTION
        title = f"{alarm_title(alarm)} · {contact_words(alarm.at_ms, now_ms)}"
        action, way_on = "", WayOn.NONE
        if alarm.kind in _STRANGERS:
            action, way_on = _tr("Compare…"), WayOn.COMPARE
        elif alarm.kind is AlarmKind.UNREADABLE:
            action, way_on = _tr("Invite again…"), WayOn.INVITE
        return Notice(tone, title, alarm_words(alarm), action, way_on)
    if peer.asked_erasure_ms is not None:
        return Notice(
            Tone.CAUTION,
            _tr("They ask to have all this erased"),
            _tr("Asked {moment}. The law gives a day for the answer; a legal hold comes first.").format(
                moment=contact_words(peer.asked_erasure_ms, now_ms)
            ),
            _tr("Requests…"),
            WayOn.REQUESTS,
        )
    if peer.has_ended:
        return Notice(
            Tone.NEUTRAL,
            _tr("This conversation has ended"),
            _tr("Nothing you write reaches them here. A new invitation begins another."),
            _tr("Invite again…"),
            WayOn.INVITE,
        )
    return None


def no_proposal_words(channel: ChannelThread | None) -> str:
    """Why no reply is proposed here; empty where one may be."""
    if channel is None or channel.peer.assistant_allowed:
        return ""
    if channel.peer.consent_version is None:
        return _tr("No consent yet: a person writes this one.")
    return _tr("They talk without the assistant: a person writes this one.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
