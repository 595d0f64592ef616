"""The words of the connection: on the page, on its cards and on the line at the bottom of every window."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from app.domain.channel import (
    ChannelStatus,
    GatewayPlace,
    HeldBack,
    HoldCause,
    LinkPhase,
    PageState,
    ServedPage,
)
from app.ui.channel.reasons import refusal_words
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import age_words, clock_words, counted, short_date


def gateway_words(place: GatewayPlace | None) -> str:
    """Host and port, as they stand in an address."""
    return "" if place is None else f"{place.host}:{place.port}"


def headline(status: ChannelStatus) -> str:
    """One line that says whether patients can write."""
    if not status.is_on:
        return _tr("The patient channel is off")
    if status.phase is LinkPhase.ON:
        return _tr("The patient channel is connected")
    if status.phase is LinkPhase.REFUSED:
        return _tr("The gateway refused this desk")
    return _tr("The patient channel is on, but not connected")


def explanation(status: ChannelStatus, now_ms: int) -> str:
    """What the headline means for the person who reads it."""
    if not status.is_on:
        return _tr("Nothing leaves this office. Patients can write over a link once an administrator turns this on.")
    where = gateway_words(status.gateway)
    if status.phase is LinkPhase.ON:
        return _tr("By way of {gateway}. What passes there is encrypted from browser to desk.").format(gateway=where)
    if status.phase is LinkPhase.REFUSED:
        return refusal_words(status.code)
    if status.phase is LinkPhase.WAITING and status.retry_at_ms is not None:
        moment = clock_words(status.retry_at_ms, now_ms)
        again = _tr("{gateway} is tried again at {moment}; what you send meanwhile waits here.")
        why = refusal_words(status.code) if status.code else _tr("It did not answer.")
        return f"{why} {again.format(gateway=where, moment=moment)}"
    if status.phase is LinkPhase.OFF:
        return _tr("This console was started without the process that connects. Nothing is sent; start it again.")
    return _tr("Connecting to {gateway}…").format(gateway=where)


def status_line_words(status: ChannelStatus, now_ms: int) -> str:
    """What the bottom line of every window says."""
    where = gateway_words(status.gateway)
    if not status.is_on:
        return _tr("Nothing has left this office")
    if status.phase is LinkPhase.ON:
        return _tr("Patient channel: connected to {gateway}").format(gateway=where)
    if status.phase is LinkPhase.REFUSED:
        return _tr("Patient channel: refused by {gateway}").format(gateway=where)
    if status.phase is LinkPhase.WAITING and status.retry_at_ms is not None:
        moment = clock_words(status.retry_at_ms, now_ms)
        return _tr("Patient channel: no answer, next try {moment}, {gateway}").format(gateway=where, moment=moment)
    if status.phase is LinkPhase.OFF:
        return _tr("Patient channel: on, but not connected")
    return _tr("Patient channel: connecting to {gateway}").format(gateway=where)


def status_tip(status: ChannelStatus) -> str:
    """What stands behind the bottom line."""
    if not status.is_on:
        return _tr("No network is used: the console cannot open an internet connection.")
    return _tr(
        "One confined process talks to {gateway} and to nothing else; the console itself opens no connection."
        " Messages leave encrypted for one reader."
    ).format(gateway=gateway_words(status.gateway))


def phase_words(status: ChannelStatus, now_ms: int) -> str:
    """The state of the connection in a few words."""
    if not status.is_on:
        return _tr("Off")
    if status.phase is LinkPhase.WAITING and status.retry_at_ms is not None:
        return _tr("Waiting, next try at {moment}").format(moment=clock_words(status.retry_at_ms, now_ms))
    return {
        LinkPhase.ON: _tr("Connected"),
        LinkPhase.OFF: _tr("Not connected"),
        LinkPhase.REFUSED: _tr("Refused. {why}").format(why=refusal_words(status.code)),
    }.get(status.phase, _tr("Connecting…"))


def queue_words(status: ChannelStatus, now_ms: int) -> str:
    """What waits to leave, and what has not arrived."""
    if not status.waiting_count and not status.undelivered_count:
        return _tr("Nothing waits; everything that was sent has arrived")
    parts = []
    if status.waiting_count:
        parts.append(
            _tr("{count} here, not sent yet").format(
                count=counted(status.waiting_count, _tr("message"), _tr("messages"))
            )
        )
    if status.undelivered_count:
        words = _tr("{count} at the gateway, not fetched yet").format(
            count=counted(status.undelivered_count, _tr("message"), _tr("messages"))
        )
        if status.oldest_undelivered_ms is not None:
            words += _tr(" (the oldest for {age})").format(age=age_words(status.oldest_undelivered_ms, now_ms))
        parts.append(words)
    return " · ".join(parts)


def held_back_words(held: Sequence[HeldBack], now_ms: int) -> str:
    """Of how many conversations nothing more is taken for now, why, and when that ends."""
    lines = []
    for cause in HoldCause:
        theirs = [one for one in held if one.cause is cause]
        if theirs:
            count = counted(len(theirs), _tr("conversation"), _tr("conversations"))
            lines.append(_cause_words(cause, theirs, now_ms).format(count=count))
    return "\n".join(lines)


def _cause_words(cause: HoldCause, held: Sequence[HeldBack], now_ms: int) -> str:
    until_ms = [one.until_ms for one in held if one.until_ms is not None]
    if cause is HoldCause.FLOOD and until_ms:
        words = _tr("{count}: more came than is taken in an hour or a day; it goes on at {moment}.")
        return words.replace("{moment}", clock_words(min(until_ms), now_ms))
    if cause is HoldCause.WALLED:
        return _tr("{count} behind a wall: what came waits until somebody who is within signs in.")
    return _tr(
        "{count}: something could not be written down. It is tried again at the next connection; if it stays, let IT"
        " verify the vault."
    )


def page_words(page: ServedPage, now_ms: int) -> str:
    """Whether patients are served the page that ships with this program."""
    if page.state is PageState.NOT_LOOKED or page.at_ms is None:
        return _tr("Not looked at yet; it is, every hour while the channel is connected")
    moment = clock_words(page.at_ms, now_ms)
    if page.state is PageState.SAME:
        return _tr("The page that ships with this program (looked at {moment})").format(moment=moment)
    if page.state is PageState.UNKNOWN:
        return _tr("Could not be looked at ({moment}). It is tried again.").format(moment=moment)
    paths = ", ".join(readable_line(path, 80) for path in page.differing)
    return _tr("Another page than this program ships: {paths} ({moment})").format(paths=paths, moment=moment)


def card_words(until_ms: int | None, now_ms: int) -> str:
    """How long the office's public card is good."""
    if until_ms is None:
        return _tr("None yet")
    day = short_date(until_ms, now_ms)
    if until_ms <= now_ms:
        return _tr("Expired on {day}: new patients are refused until it is renewed").format(day=day)
    return _tr("Valid until {day}; renewed by itself every week while the channel is on").format(day=day)


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
