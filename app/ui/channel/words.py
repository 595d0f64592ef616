"""The words of the channel: its page, its sheets, and what stands under a message."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from app.domain.channel import (
    Alarm,
    AlarmKind,
    ChannelPeer,
    ChannelStatus,
    FileInfo,
    GatewayPlace,
    Held,
    Holdings,
    InvitationRow,
    InvitationState,
    LinkPhase,
    NoticeTexts,
    Pile,
)
from app.domain.office_hours import Hours
from app.ui.channel.preview import NoPreview
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import age_words, clock_words, counted, short_date

_KB, _MB = 1_000, 1_000_000
TO = "\u2013"
DAY_MS = 86_400_000


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
        return _tr("Patient channel: {gateway} does not answer, next try {moment}").format(gateway=where, moment=moment)
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


def refusal_words(code: str) -> str:
    """Why there is no connection, and what to do; codes of the gateway, the link and the dialler."""
    known = _gateway_words() | _way_words()
    return known.get(
        code.removeprefix("sign_in_"), _tr("It did not say why. Nothing was lost; what you send waits here. Ask IT.")
    )


def _gateway_words() -> dict[str, str]:
    """What the gateway itself said."""
    stranger = _tr("It does not know this office. Give IT the office file again: it names the key to sign in with.")
    return {
        "token": stranger,
        "unknown": stranger,
        "claimed": stranger,
        "expired": _tr("The office's card has expired there. Turn the channel off and on again to publish a new one."),
        "closed": _tr("It ended the connection. If that happens again and again, ask IT what was done there."),
        "version": _tr("It speaks another version. One of the two has to be updated."),
        "busy": _tr("It is too busy just now. It is tried again by itself."),
        "not_a_gateway": _tr("Something answers at this address, but it is no gateway. Check the address with IT."),
        "malformed": _tr("It sent what no gateway sends. Nothing of it was believed. Ask IT."),
        "too_large": _tr("It sent, or refused, something too large. Nothing was lost. Ask IT."),
    }


def _way_words() -> dict[str, str]:
    """What happened on the way there, or on this machine."""
    own = _tr("The process that talks to it could not be locked in on this machine, so it did not start. Ask IT.")
    return {
        "certificate": _tr("Its certificate was not accepted, and nothing was sent. Ask IT whether it was changed."),
        "tls": _tr("It did not speak TLS as it should, and nothing was sent. Ask IT."),
        "unresolved": _tr("Nobody knows this name. Check the address, and whether this machine is on the network."),
        "not_allowed": _tr("IT fixed another gateway for this machine; this one is not contacted."),
        "not_local": _tr("Without TLS only a gateway on this machine is contacted."),
        "refused": _tr("Nothing listens at this address and port. Is the gateway running?"),
        "unreachable": _tr("There is no way to it: the network is down, or a firewall stands between."),
        "timed_out": _tr("It did not answer in time: the network is slow, or a firewall stands between."),
        "silent": _tr("Nothing was heard for too long: a cable was pulled, or the network changed."),
        "no_answer": _tr("A question was not answered in time. It is asked again."),
        "not_taken": _tr("Something came that this desk could not store. Is the disk full? It comes again."),
        "not_confined": own,
        "worker_died": _tr("The process that talks to it ended. It is started again."),
        "no_dialler": own,
        "not_handed_over": own,
        "bad_request": own,
    }


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


def contact_words(moment_ms: int | None, now_ms: int) -> str:
    """When something was heard last."""
    return _tr("Never") if moment_ms is None else clock_words(moment_ms, now_ms)


def card_words(until_ms: int | None, now_ms: int) -> str:
    """How long the office's public card is good."""
    if until_ms is None:
        return _tr("None yet")
    day = short_date(until_ms, now_ms)
    if until_ms <= now_ms:
        return _tr("Expired on {day}: new patients are refused until it is renewed").format(day=day)
    return _tr("Valid until {day}; renewed by itself every week while the channel is on").format(day=day)


def invitation_words(row: InvitationRow, now_ms: int) -> str:
    """One line of the list."""
    state = {
        InvitationState.OPEN: _tr("open until {moment}").format(moment=clock_words(row.expires_ms, now_ms)),
        InvitationState.USED: _tr("used"),
        InvitationState.EXPIRED: _tr("expired without being used"),
        InvitationState.REVOKED: _tr("taken back"),
    }[row.state]
    made = _tr("made {moment}").format(moment=clock_words(row.made_ms, now_ms))
    return f"{state} · {made} · {language_word(row.language)}"


def language_word(code: str) -> str:
    """A language as a person calls it."""
    return {"en": _tr("English"), "es": _tr("Spanish")}.get(code, code)


def bytes_words(size: int) -> str:
    """Bytes as people say them."""
    if size < _KB:
        return _tr("{size} bytes").format(size=size)
    if size < _MB:
        return _tr("{size} kB").format(size=QLocale().toString(size / _KB, "f", 0))
    return _tr("{size} MB").format(size=QLocale().toString(size / _MB, "f", 1))


def pile_words(pile: Pile, now_ms: int) -> str:
    """A pile of ciphertext: how much, how large, how old."""
    words = f"{counted(pile.count, _tr('piece'), _tr('pieces'))}, {bytes_words(pile.size)}"
    if pile.count and pile.oldest_ms is not None:
        words += _tr(", the oldest {age}").format(age=age_words(pile.oldest_ms, now_ms))
    return words


def holdings_words(holdings: Holdings) -> str:
    """Everything the gateway holds, in one line."""
    piles = [pile for held in holdings.mailboxes for pile in (held.to_desk, held.to_patient, held.files)]
    count, size = sum(pile.count for pile in piles), sum(pile.size for pile in piles)
    return _tr("{mailboxes} with {pieces} of ciphertext, {size}").format(
        mailboxes=counted(len(holdings.mailboxes), _tr("mailbox"), _tr("mailboxes")),
        pieces=counted(count, _tr("piece"), _tr("pieces")),
        size=bytes_words(size),
    )


def mailbox_words(held: Held, now_ms: int) -> str:
    """What one mailbox holds, way by way."""
    ways = (
        (_tr("to the desk: {pile}"), held.to_desk),
        (_tr("to them: {pile}"), held.to_patient),
        (_tr("files: {pile}"), held.files),
    )
    words = [form.format(pile=pile_words(pile, now_ms)) for form, pile in ways if pile.count]
    return " · ".join(words) or _tr("Empty")


def hours_words(hours: Hours | None, now_ms: int) -> str:
    """When somebody is here, in two lines: the week and the next holiday."""
    if hours is None:
        return _tr("Nobody has said yet when somebody is here. Until then nobody gets an answer by itself.")
    names = (_tr("Mon"), _tr("Tue"), _tr("Wed"), _tr("Thu"), _tr("Fri"), _tr("Sat"), _tr("Sun"))
    runs: list[tuple[int, int]] = []
    for place, day in enumerate(hours.week):
        if runs and hours.week[runs[-1][0]] == day:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    parts = []
    for first, last in runs:
        day = hours.week[first]
        when = _tr("closed") if day is None else f"{day[0]:%H:%M}{TO}{day[1]:%H:%M}"
        parts.append(f"{names[first]} {when}" if first == last else f"{names[first]}{TO}{names[last]} {when}")
    lines = [" · ".join(parts)]
    today = datetime.fromtimestamp(now_ms / 1_000).astimezone().date()
    coming = next(((day, name) for day, name in hours.holidays if day >= today), None)
    if coming is not None:
        lines.append(
            _tr("Next holiday: {day} {name}").format(day=f"{coming[0]:%-d %b}", name=readable_line(coming[1], 60))
        )
    lines.append(
        _tr("Outside these hours visitors get your words, at most once in 15 minutes.")
        if hours.is_acknowledging
        else _tr("Outside these hours nobody gets an answer by itself.")
    )
    return "\n".join(lines)


def notice_words(notice: NoticeTexts | None) -> str:
    """What the office says of itself, in two lines."""
    if notice is None:
        return _tr("Nothing is written yet. Nobody can be asked for consent before the office says who it is.")
    assistant = (
        _tr("A model may propose, if they agree; a person sends.")
        if notice.is_assistant_offered
        else _tr("No model is offered: people write every word.")
    )
    kept = _tr("Kept for {time}.").format(time=days_words(notice.keeps_days))
    lines = (
        _tr("Version {version}: {who}, {phone}.").format(
            version=notice.version, who=readable_line(notice.who, 120), phone=readable_line(notice.phone, 40)
        ),
        f"{assistant} {kept}",
    )
    return "\n".join(lines)


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
        return _tr("They ended this conversation.")
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


def days_words(days: int) -> str:
    """A span of days as people say it."""
    years = round(days / 365.25)
    if years >= 1 and abs(days - years * 365.25) < 2:  # noqa: PLR2004  leap days
        return counted(years, _tr("year"), _tr("years"))
    return counted(days, _tr("day"), _tr("days"))


def alarm_title(alarm: Alarm) -> str:
    """What was noticed, in one line."""
    return {
        AlarmKind.GAP: _tr("A message is missing"),
        AlarmKind.FORK: _tr("Two different messages claimed the same place"),
        AlarmKind.CHANGED: _tr("This person's key is not the one of before"),
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
    }[alarm.kind]


def problem_words(code: str) -> str:
    """Why something could not be done; codes of the services and of the page's own checks."""
    words = _problem_words() | _ability_words()
    return words.get(
        code.removeprefix("channel_"), _tr("It did not work ({code}). Nothing was changed.").format(code=code)
    )


def _problem_words() -> dict[str, str]:
    return {
        "no_keys": _tr("First make the office's root code."),
        "has_keys": _tr("The office has its keys already. The root code is on paper."),
        "wrong_code": _tr("That is not this office's root code. Nothing was changed."),
        "recovery_code": _tr("One of the groups is mistyped. Nothing was changed."),
        "no_notice": _tr("First write what patients read before they consent."),
        "notice": _tr("A part of what patients read is empty or too long. Nothing was changed."),
        "hours": _tr("These hours cannot be used. Nothing was changed."),
        "is_off": _tr("The patient channel is off."),
        "is_down": _tr("The gateway cannot be reached right now. Nothing was changed."),
        "place": _tr("This is no address of a gateway. Nothing was changed."),
        "demo": _tr("A demonstration vault only talks to a gateway on this machine. Nothing was changed."),
        "gateway_fixed": _tr("IT fixed another gateway for this machine. Nothing was changed."),
        "no_such_invitation": _tr("This invitation is not open any more."),
        "not_over_channel": _tr("This conversation did not come over the channel."),
        "has_ended": _tr("This conversation has ended. A new invitation begins another."),
        "file_empty": _tr("The file is empty. It was not attached."),
        "file_too_large": _tr("The file is larger than 25 MB. It was not attached."),
        "file_not_here": _tr("It has not arrived in full yet. It is fetched by itself."),
        "file_broken": _tr("It is not the file that was sent: it was refused, and nothing of it is kept."),
        "unreadable": _tr("The file cannot be read. It was not attached."),
        "name_empty": _tr("Who is it for?"),
        "name_too_long": _tr("The name is too long."),
        "disk_full": _tr("The disk is full. Nothing was changed."),
        "disk_failed": _tr("The disk reported an error. Nothing was changed."),
    }


def _ability_words() -> dict[str, str]:
    return {
        "takes_administrator": _tr("This takes an administrator."),
        "takes_it": _tr("This takes IT or an administrator."),
        "never_a_message": _tr("Your role never sees a message."),
    }


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
