"""Pages: what can stand between the rail and the status line. The inbox is one; others are made when first needed."""

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


class PageId(Enum):
    """The pages of the console, in the order of the rail."""

    INBOX = "inbox"
    ANSWERS = "answers"
    MODEL = "model"
    PEOPLE = "people"
    RETENTION = "retention"
    BACKUPS = "backups"
    AUDIT = "audit"
    REQUESTS = "requests"
    ACCESS = "access"
    CHANNEL = "channel"
    LEAVING = "leaving"
    """What would leave of the open conversation; it belongs to the conversation, so the rail does not name it."""


OFFICE_PAGES = (
    PageId.PEOPLE,
    PageId.CHANNEL,
    PageId.RETENTION,
    PageId.BACKUPS,
    PageId.REQUESTS,
    PageId.ACCESS,
    PageId.AUDIT,
)
"""What an administrator answers for: one entry in the rail, a strip of tabs above the page."""


class Page(QWidget):
    """A page beside the inbox. Override what the page needs; every method may be left as it is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)

    def enter(self) -> None:
        """Come to the front: read again what may have changed meanwhile."""

    def leave(self) -> None:
        """Another page comes to the front."""

    def settle(self) -> None:
        """Store what is unsaved, at once (the console is about to lock)."""

    def focus_first(self) -> None:
        """Take the keyboard when nothing on the page had it before."""
        stops = self.stops()
        if stops:
            stops[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """The places that F6 goes through, in order; hidden ones are skipped."""
        return ()

    def toast_places(self) -> tuple[QWidget, ...]:
        """Where toasts float, above the bottom of the first that can be seen; not over the page's own buttons."""
        return (self,)

    def stop(self) -> bool:
        """Esc: close or stop what is on top of the page; False when there was nothing, which leads to the inbox."""
        return False
