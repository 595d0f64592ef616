"""The short menus of a conversation: snooze, assign, urgency, rewrite. Digits pick an entry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget, QWidgetAction

from app.domain.prompt import Task
from app.services.proposing.rewrites import OfferReason, TaughtModel, rewrite_offers
from app.ui.components import Text
from app.ui.inbox.ages import HOUR_MS, clock_words, morning_after
from app.ui.theme import Space, TextStyle, active

_SATURDAY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """One entry: its words, what stands at the right, and what it does; a greyed one says at the right why."""

    words: str
    detail: str
    run: Callable[[], None]
    is_enabled: bool = True


def open_menu(
    owner: QWidget, title: str, offers: Sequence[Offer], *, at: QWidget | None = None, foot: str = ""
) -> QMenu:
    """Open a menu below ``at``, or at the top right of its owner, with the keyboard on its first entry.

    ``foot`` is a line at its end that explains what is greyed out.
    """
    anchor = at or owner
    menu = QMenu(anchor)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setAccessibleName(title)
    menu.setTitle(title)
    for number, offer in enumerate(offers, start=1):
        detail = f"\t{offer.detail}" if offer.detail else ""
        words = offer.words.replace("&", "&&")
        action = menu.addAction(f"&{number}   {words}{detail}")
        action.setEnabled(offer.is_enabled)
        action.triggered.connect(lambda _checked=False, run=offer.run: run())
    first = next((action for action in menu.actions() if action.isEnabled()), None)
    if first is not None:
        menu.setActiveAction(first)
    if foot:
        menu.addSeparator()
        line = QWidgetAction(menu)
        reason = Text(foot, TextStyle.SMALL, ink="soft", is_wrapping=True)
        reason.setContentsMargins(
            active().px(Space.M), active().px(Space.XS), active().px(Space.M), active().px(Space.S)
        )
        line.setDefaultWidget(reason)
        line.setEnabled(False)
        menu.addAction(line)
    place = anchor.mapToGlobal(QPoint(0, anchor.height()))
    if at is None:
        place = anchor.mapToGlobal(QPoint(anchor.width() - menu.sizeHint().width() - 24, 60))
    below = anchor.window().mapToGlobal(QPoint(0, anchor.window().height()))
    if place.y() + menu.sizeHint().height() > below.y():
        place = anchor.mapToGlobal(QPoint(0, -menu.sizeHint().height()))
    menu.popup(place)
    return menu


def snooze_times(now_ms: int) -> tuple[tuple[str, int], ...]:
    """The times that are offered, in words and as moments; never one that has passed."""
    now = datetime.fromtimestamp(now_ms / 1000).astimezone()
    times = [(_tr("In an hour"), now_ms + HOUR_MS), (_tr("In three hours"), now_ms + 3 * HOUR_MS)]
    if now.hour < 16:  # noqa: PLR2004 - late afternoon still lies ahead
        times.append((_tr("This afternoon"), morning_after(now_ms, 0, 16)))
    times.append((_tr("Tomorrow morning"), morning_after(now_ms, 1)))
    times.append((_tr("Monday morning"), morning_after(now_ms, 7 - now.weekday())))
    times.append((_tr("In a week"), morning_after(now_ms, 7)))
    return tuple(times)


def snooze_offers(now_ms: int, choose: Callable[[int, str], None]) -> tuple[Offer, ...]:
    """Entries of the snooze menu; ``choose`` gets the moment and its words."""
    return tuple(_snooze_offer(words, moment_ms, now_ms, choose) for words, moment_ms in snooze_times(now_ms))


def rewrite_menu(model: TaughtModel | None, choose: Callable[[Task], None]) -> tuple[tuple[Offer, ...], str]:
    """Entries of the rewrite menu, and the line that says why some are greyed out; ``model``: None while none runs."""
    words = {
        Task.SHORTER: _tr("Shorter"),
        Task.WARMER: _tr("Warmer"),
        Task.SIMPLER: _tr("Simpler words"),
        Task.INSTRUCTED: _tr("With an instruction…"),
    }
    known = {offer.task: offer for offer in rewrite_offers(model)}
    offers = tuple(
        Offer(word, _reason(known[task].reason), partial(choose, task), is_enabled=known[task].is_offered)
        for task, word in words.items()
    )
    reasons = {known[task].reason for task in words}
    if OfferReason.NO_MODEL in reasons:
        return offers, _tr("The model is not running. You can change the text yourself with Ctrl+E.")
    if OfferReason.NOT_TAUGHT in reasons:
        return offers, _tr("This model was not taught this. An administrator can import a larger model.")
    return offers, ""


def _reason(reason: OfferReason | None) -> str:
    return {None: "", OfferReason.NO_MODEL: _tr("no model"), OfferReason.NOT_TAUGHT: _tr("not taught")}[reason]


def _snooze_offer(words: str, moment_ms: int, now_ms: int, choose: Callable[[int, str], None]) -> Offer:
    clock = clock_words(moment_ms, now_ms)
    return Offer(words, clock, partial(choose, moment_ms, clock))


def _tr(text: str) -> str:
    return QCoreApplication.translate("menus", text)
