"""The key sheet, read from the key map of the window: what it shows is what works."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.components import CheckBox, KeyCap, Text
from app.ui.shell.commands import Group
from app.ui.shell.keymap import KeyMap
from app.ui.shell.sheet import Sheet
from app.ui.theme import Space, TextStyle, active

_TWO_COLUMNS_PX = 760


class KeySheet(Sheet):
    """All keys in groups, and the switch for the single letters."""

    def __init__(self, window: QWidget, keymap: KeyMap) -> None:
        super().__init__(window, "", width_px=980, is_tall=True)
        self._keymap = keymap
        self.title.setText(self.tr("Keys"))
        self.setAccessibleName(self.title.text())
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName(self.tr("All keys"))
        self._single = CheckBox(self.tr("Single-letter keys (J, K, R …) work outside text fields"))
        self._single.toggled.connect(self._on_single_toggled)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self._single)

    def open(self, first: QWidget | None = None) -> None:
        """Write the sheet from what works now, and show it."""
        self._single.setChecked(self._keymap.uses_single_keys)
        self._write()
        super().open(first or self._area)

    def _on_single_toggled(self, is_on: bool) -> None:
        if is_on != self._keymap.uses_single_keys:
            self._keymap.use_single_keys(is_on)
            self._write()

    def _write(self) -> None:
        look = active()
        page = QWidget()
        page.setProperty("surface", "surface")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, look.px(Space.S), 0)
        row.setSpacing(look.px(Space.XXL))
        is_wide = self.window().width() > look.px(_TWO_COLUMNS_PX)
        columns = [QVBoxLayout() for _ in range(2 if is_wide else 1)]
        for column in columns:
            column.setSpacing(look.px(Space.S))
            row.addLayout(column, 1)
        for place, group in enumerate(Group):
            columns[place * len(columns) // len(Group)].addWidget(self._group(group))
        for column in columns:
            column.addStretch(1)
        self._area.setWidget(page)

    def _group(self, group: Group) -> QWidget:
        look = active()
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, look.px(Space.M))
        grid.setVerticalSpacing(look.px(6))
        grid.addWidget(Text(group.title, TextStyle.STRONG), 0, 0, 1, 2)
        for command, action in self._keymap.bound():
            keys = self._keymap.keys_of(command)
            if command.group is not group or not keys:
                continue
            line = grid.rowCount()
            grid.addWidget(Text(action.text(), TextStyle.BODY, ink="soft"), line, 0)
            caps = QHBoxLayout()
            caps.setSpacing(look.px(Space.XS))
            for key in dict.fromkeys(keys[:2]):
                caps.addWidget(KeyCap(key))
            grid.addLayout(caps, line, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        return holder
