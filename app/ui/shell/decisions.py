"""What a person decides about the open conversation: done, snoozed, whose, how urgent, what was said next.

Each decision is carried out at once and can be taken back for a while; menus ask only where there is a choice.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject

from app.domain.conversation import ConversationState, IdentityMeans, Urgency
from app.domain.ids import ConversationId, PersonId
from app.ui.components import person_line
from app.ui.shell.menus import Offer, open_menu, snooze_offers
from app.ui.shell.presenters import DeskPresenters
from app.ui.shell.window import MainWindow
from app.ui.thread.pane import urgency_word


class Decisions(QObject):
    """Turns wishes into calls of the presenters; asks with menus at the window."""

    def __init__(
        self, window: MainWindow, desk: DeskPresenters, open_conversation: Callable[[ConversationId], None]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._desk = desk
        self._open = open_conversation

    def mark_done(self) -> None:
        """Finish the open conversation."""
        shown = self._desk.conversation.shown
        if shown is not None and shown.thread.state is not ConversationState.DONE:
            name = person_line(shown.thread.contact_name, 40)
            self._desk.conversation.mark_done(self.tr("{name} is done").format(name=name))

    def mark_done_and_next(self) -> None:
        """Finish it and open the one below."""
        following = self._desk.inbox.after(self._desk.conversation.open_id)
        self.mark_done()
        if following is not None:
            self._open(following)

    def hear_more(self) -> None:
        """Ask what the visitor said next."""
        shown = self._desk.conversation.shown
        if shown is not None:
            self._window.new_conversation.open_for(shown.thread.contact_name)

    def snooze(self) -> None:
        """Ask until when to set it aside."""
        if self._desk.conversation.shown is not None:
            offers = snooze_offers(self._desk.now_ms(), self._snooze_until)
            open_menu(
                self._window.conversation, self.tr("Snooze until"), offers, at=self._window.conversation.snooze_button
            )

    def _snooze_until(self, moment_ms: int, words: str) -> None:
        self._desk.conversation.snooze(moment_ms, self.tr("Snoozed until {moment}").format(moment=words))

    def assign(self) -> None:
        """Ask who looks after it."""
        if self._desk.conversation.shown is None:
            return
        offers = [
            Offer(self._desk.name_of(person.person_id) or "", "", partial(self.give, person.person_id))
            for person in self._desk.desk.people
        ]
        offers.append(Offer(self.tr("Nobody"), "", lambda: self.give(None)))
        open_menu(self._window.conversation, self.tr("Assign to"), offers)

    def give(self, person_id: PersonId | None) -> None:
        """Give it to somebody, or to nobody."""
        name = self._desk.name_of(person_id)
        self._desk.conversation.assign(
            person_id, self.tr("Assigned to {name}").format(name=name) if name else self.tr("Given back")
        )

    def raise_identity(self, means: IdentityMeans | None) -> None:
        """Record how the desk knows who writes, or take that back."""
        words = self.tr("Identity confirmed") if means else self.tr("Identity no longer confirmed")
        self._desk.conversation.raise_identity(means, words)

    def choose_urgency(self) -> None:
        """Ask how urgent it is."""
        if self._desk.conversation.shown is not None:
            offers = [
                Offer(urgency_word(self._window, urgency), "", partial(self.raise_to, urgency))
                for urgency in reversed(Urgency)
            ]
            open_menu(self._window.conversation, self.tr("Urgency"), offers)

    def raise_to(self, urgency: Urgency) -> None:
        """Set the urgency."""
        word = urgency_word(self._window, urgency)
        self._desk.conversation.set_urgency(urgency, self.tr("Urgency: {word}").format(word=word))
