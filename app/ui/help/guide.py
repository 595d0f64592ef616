"""The help pages: our own Markdown from ``resources/help``, shown inside the console, without a network."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QTextBrowser, QWidget

from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, active
from app.ui.theme.places import resources_dir


class GuideSheet(Sheet):
    """A list of pages and the page."""

    def __init__(self, window: QWidget, folder: Path | None = None) -> None:
        super().__init__(window, "", width_px=980, is_tall=True)
        self.title.setText(self.tr("Help"))
        self.setAccessibleName(self.title.text())
        self._pages = tuple(sorted((folder or resources_dir() / "help").glob("*.md")))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Help pages"))
        self.list.setFixedWidth(active().px(230))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.page = QTextBrowser()
        self.page.setAccessibleName(self.tr("Help page"))
        self.page.setOpenLinks(False)
        self.page.setProperty("isBare", "true")
        self.page.setFrameShape(QFrame.Shape.NoFrame)
        for path in self._pages:
            self.list.addItem(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "))
        self.list.currentRowChanged.connect(self._show)
        row = QHBoxLayout()
        row.setSpacing(active().px(Space.L))
        row.addWidget(self.list)
        row.addWidget(self.page, 1)
        self.body.addLayout(row, 1)

    def open(self, first: QWidget | None = None) -> None:
        """Show the pages, the first one open."""
        if self.list.currentRow() < 0:
            self.list.setCurrentRow(0)
        super().open(first or self.list)
        self.list.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show(self, place: int) -> None:
        if 0 <= place < len(self._pages):
            self.page.setMarkdown(self._pages[place].read_text(encoding="utf-8"))
