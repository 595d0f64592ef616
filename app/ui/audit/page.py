"""The page: filters above, the entries as a table, and what can be done with the whole log."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QVBoxLayout, QWidget

from app.domain.events import EventKind
from app.domain.ids import PersonId
from app.domain.office import Person
from app.services.evidence.audit_log import AuditEntry, AuditReport
from app.store.audit_query import QUIET_KINDS, AuditFilter
from app.ui.audit.model import AuditModel
from app.ui.audit.words import action_words, report_words
from app.ui.components import Banner, Button, EmptyState, ProgressLine, Select, Text, Tone, readable_line
from app.ui.components.facts import ButtonRow
from app.ui.inbox.ages import DAY_MS
from app.ui.shell.pages import Page
from app.ui.theme import IconName, Size, Space, TextStyle, active

_PERIODS_DAYS = (None, 1, 7, 31, 366)
_WIDTHS_PX = (132, 176, 240)


class _Table(QTableView):
    """Leaves letters to the keys of the page."""

    def keyboardSearch(self, search: str) -> None:
        """Do nothing: a letter is a command here."""


class AuditPage(Page):
    """Lays out what the presenter reads; decides nothing."""

    #: The page came to the front, or a filter was changed; argument: ``AuditFilter``.
    wanted = Signal(object)
    #: The end of the table came into view; argument: the oldest entry that is shown, or None.
    more_wanted = Signal(object)

    def __init__(self, now_ms: Callable[[], int], people: Sequence[Person], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now_ms = now_ms
        self.check = Button(self.tr("Check the log"), icon=IconName.CHECK, key_hint="V")
        self.export = Button(self.tr("Export for a witness…"), icon=IconName.SAVE, key_hint="X")
        self.banner = Banner()
        self.banner.hide()
        self._progress = ProgressLine(self.tr("Checking the log"))
        self._progress.hide()
        self.person = self._select(self.tr("Who"), [(self.tr("Everybody"), None)])
        for person in people:
            self.person.addItem(readable_line(person.display_name, 40), person.person_id)
        self.action = self._select(self.tr("What"), [(self.tr("Everything"), None)])
        for kind in sorted(EventKind, key=lambda kind: action_words(kind.value)):
            self.action.addItem(action_words(kind.value).capitalize(), kind.value)
        self.period = self._select(
            self.tr("When"),
            list(zip((self.tr("Any time"), self.tr("Today"), self.tr("7 days"), self.tr("A month"), self.tr("A year")),
                     _PERIODS_DAYS, strict=True)),
        )  # fmt: skip
        self.model = AuditModel(now_ms)
        self.table = self._build_table()
        self._empty = EmptyState(
            IconName.HISTORY, self.tr("Nothing of the kind"), self.tr("No entry fits the filters.")
        )
        self._lay_out()

    @property
    def filter(self) -> AuditFilter:
        """What the filters ask for."""
        days, action, person = self.period.currentData(), self.action.currentData(), self.person.currentData()
        kinds = frozenset() if action is None else frozenset({EventKind(action)})
        return AuditFilter(
            actor=None if person is None else PersonId(person),
            kinds=kinds,
            since_ms=None if days is None else self._now_ms() - days * DAY_MS,
            has_quiet=bool(kinds & QUIET_KINDS),
        )

    def show_entries(self, entries: tuple[AuditEntry, ...]) -> None:
        """Show these."""
        self.model.show(entries)
        self.table.setVisible(bool(entries))
        self._empty.setVisible(not entries)

    def show_progress(self, done: int, total: int) -> None:
        """Show how far a check is."""
        self._progress.setVisible(done < total)
        self._progress.set_fraction(done / total if total else None)

    def show_report(self, report: AuditReport) -> None:
        """Say what a check found."""
        self._progress.hide()
        self.banner.show_words(Tone.ACCENT if report.is_sound else Tone.SIGNAL, report_words(report))
        self.banner.show()

    # -- Page --------------------------------------------------------------------------------------------------

    def enter(self) -> None:
        """Read again."""
        self.wanted.emit(self.filter)

    def focus_first(self) -> None:
        """Begin in the table, or in the filters when it is empty."""
        (self.table if self.table.isVisible() else self.person).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def stops(self) -> tuple[QWidget, ...]:
        """Filters, table, buttons."""
        return self.person, self.action, self.period, self.table, self.check, self.export

    def changeEvent(self, event: QEvent) -> None:
        """Follow the look."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "table"):
            self._fit()

    # -- private -----------------------------------------------------------------------------------------------

    def _select(self, name: str, choices: Sequence[tuple[str, object]]) -> Select:
        select = Select(name)
        for words, value in choices:
            select.addItem(words, value)
        select.currentIndexChanged.connect(lambda _place: self.wanted.emit(self.filter))
        return select

    def _build_table(self) -> QTableView:
        table = _Table()
        table.setAccessibleName(self.tr("Entries, newest first"))
        table.setModel(self.model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        bar = table.verticalScrollBar()
        bar.valueChanged.connect(lambda value: self._on_scrolled(value, bar.maximum()))
        return table

    def _on_scrolled(self, value: int, maximum: int) -> None:
        if maximum and value >= maximum - 4:
            self.more_wanted.emit(self.model.last_seq)

    def _lay_out(self) -> None:
        look = active()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(Space.XL), look.px(Space.L), look.px(Space.XL), look.px(Space.L))
        column.setSpacing(look.px(Space.M))
        column.addWidget(Text(self.tr("Who did and who opened what"), TextStyle.TITLE))
        column.addWidget(
            Text(
                self.tr(
                    "Never a word of content. Nothing can be changed or removed here; that you read it is an entry."
                ),
                TextStyle.BODY,
                ink="soft",
                is_wrapping=True,
            )
        )
        column.addWidget(ButtonRow(self.check, self.export))
        column.addWidget(self._progress)
        column.addWidget(self.banner)
        filters = QGridLayout()
        filters.setHorizontalSpacing(look.px(Space.M))
        for place, select in enumerate((self.person, self.action, self.period)):
            filters.addWidget(select, 0, place)
        filters.setColumnStretch(3, 1)
        column.addLayout(filters)
        column.addWidget(self.table, 1)
        column.addWidget(self._empty, 1)
        self._empty.hide()
        self._fit()

    def _fit(self) -> None:
        look = active()
        self.table.verticalHeader().setDefaultSectionSize(look.px(Size.TARGET + 4))
        for place, width in enumerate(_WIDTHS_PX):
            self.table.setColumnWidth(place, look.px(width))
