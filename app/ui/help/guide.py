"""The help pages: our own Markdown from ``resources/help``, shown inside the console, without a network."""

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser, QWidget

from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, TextStyle, active
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
            item = QListWidgetItem(path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# "))
            item.setSizeHint(QSize(0, active().px(34)))
            self.list.addItem(item)
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
            set_type(self.page.document())


def set_type(document: QTextDocument) -> None:
    """Give a page from Markdown our type scale and room between its paragraphs."""
    look = active()
    block = document.begin()
    while block.isValid():
        is_heading = block.blockFormat().headingLevel() > 0
        form = QTextBlockFormat()
        form.setLineHeight(132, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        form.setBottomMargin(look.px(Space.M if is_heading else Space.S))
        cursor = QTextCursor(block)
        cursor.mergeBlockFormat(form)
        if is_heading:
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            letters = QTextCharFormat()
            letters.setFont(look.font(TextStyle.TITLE))
            cursor.mergeCharFormat(letters)
        block = block.next()
