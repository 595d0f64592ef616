"""A console over the demo office whose anonymiser is the real finder and replacer, in this process."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.domain.conversation import Origin
from app.ui.anonymise.state import Phase
from app.ui.shell.console import Console
from app.ui.shell.pages import PageId
from app.ui.shell.parts import ConsoleParts
from tests.support.anonymising import InProcessAnonymiser, WordsAsNames
from tests.support.consoles import DemoConsole

FIRST = "hi, rosa here. can will bring my file LQ-4821? mail me at desk@example.org, born 3 May 1961 \u200b(😀)"
SECOND = "Rosa Melor again. jorge called from 415-555-0134 and said next Tuesday is fine."


@dataclass
class LeavingConsole(DemoConsole):
    """``open_page`` starts the console on a conversation of its own and shows what would leave of it."""

    anonymiser: InProcessAnonymiser = field(default_factory=lambda: InProcessAnonymiser(WordsAsNames(("will",))))

    @property
    def parts(self) -> ConsoleParts:
        return replace(super().parts, open_anonymiser=lambda: self.anonymiser)

    def open_page(self, wait: Callable[[Callable[[], bool]], None], *texts: str, name: str = "Rosa Mellor") -> Console:
        """Return the console with the page in front, everything written."""
        console = self.start()
        wait(lambda: console.presenters.inbox.model.rowCount() > 0)
        first, *more = texts or (FIRST, SECOND)
        conversations = self.desk.conversations
        self.conversation_id = conversations.start(name, Origin.PHONE, first)
        for text in more:
            conversations.receive(self.conversation_id, text)
        console.presenters.conversation.open(self.conversation_id)
        wait(lambda: console.presenters.conversation.open_id == self.conversation_id)
        wait(console.window.isActiveWindow)
        console.window.show_page(PageId.LEAVING)
        wait(lambda: is_shown(console))
        return console

    def abandon(self) -> None:
        """End the page's threads as well."""
        console = getattr(self, "console", None)
        if console is not None and not self.ended:
            console.leaving.close()
        super().abandon()


def is_shown(console: Console) -> bool:
    """Return whether the page shows what is known, to its last message."""
    assert console.leaving is not None
    return console.leaving.presenter.state.phase is Phase.SHOWN and not console.leaving.page.sides.is_writing
