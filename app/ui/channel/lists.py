"""The words of lists: invitations, what a gateway holds, hours, and what patients read first."""

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from app.domain.channel import (
    Held,
    Holdings,
    InvitationRow,
    InvitationState,
    NoticeTexts,
    Pile,
)
from app.domain.office_hours import Hours
from app.ui.channel.measures import TO, bytes_words, days_words, language_word
from app.ui.components.untrusted import readable_line
from app.ui.inbox.ages import age_words, clock_words, counted


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


def _tr(text: str) -> str:
    return QCoreApplication.translate("channel", text)
