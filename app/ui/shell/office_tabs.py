"""The strip above the pages of an administrator: they share one entry in the rail."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from app.ui.shell.pages import OFFICE_PAGES, PageId
from app.ui.theme import Space, active


class OfficeTabs(QWidget):
    """One tab a page; arrow keys go from tab to tab."""

    #: A tab was picked; argument: ``PageId``.
    page_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.bar = QTabBar()
        self.bar.setAccessibleName(self.tr("The office"))
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(active().px(Space.M), active().px(Space.S), active().px(Space.M), 0)
        row.addWidget(self.bar)
        row.addStretch(1)
        self._pages: list[PageId] = []
        self.bar.currentChanged.connect(self._on_changed)
        self.hide()

    def offer_page(self, page: PageId) -> None:
        """Give a page its tab, in the order of ``OFFICE_PAGES``."""
        words = {
            PageId.PEOPLE: self.tr("People"),
            PageId.CHANNEL: self.tr("Channel"),
            PageId.RETENTION: self.tr("Retention"),
            PageId.BACKUPS: self.tr("Backups"),
            PageId.REQUESTS: self.tr("Requests"),
            PageId.ACCESS: self.tr("Access"),
            PageId.AUDIT: self.tr("Audit log"),
        }
        place = sum(OFFICE_PAGES.index(other) < OFFICE_PAGES.index(page) for other in self._pages)
        self._pages.insert(place, page)
        self.bar.blockSignals(True)
        self.bar.insertTab(place, words[page])
        self.bar.blockSignals(False)

    def show_page(self, page: PageId) -> None:
        """Mark the tab of the page in front; without one the strip is not there."""
        self.setVisible(page in self._pages)
        if page in self._pages:
            self.bar.blockSignals(True)
            self.bar.setCurrentIndex(self._pages.index(page))
            self.bar.blockSignals(False)

    @property
    def last(self) -> PageId | None:
        """The page that was in front last, else the first; None while none was offered."""
        return self._pages[max(self.bar.currentIndex(), 0)] if self._pages else None

    def _on_changed(self, place: int) -> None:
        if 0 <= place < len(self._pages):
            self.page_wanted.emit(self._pages[place])
