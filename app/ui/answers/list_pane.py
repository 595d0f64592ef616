"""The left of the answers' page: filter, search as one types, the list, and what stands there when it is empty."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListView, QStackedLayout, QVBoxLayout, QWidget

from app.domain.ids import ArticleId
from app.services.answers.service import Answer, AnswerFilter, AnswerList
from app.ui.answers.delegate import AnswerDelegate
from app.ui.answers.model import AnswerModel, AnswerRole
from app.ui.answers.words import empty_words, filter_word
from app.ui.components import Button, EmptyState, IconButton, Select, Text
from app.ui.theme import IconName, Space, TextStyle, active


class _List(QListView):
    """Without Qt's type-ahead: letters are commands here or nothing."""

    def keyboardSearch(self, _letters: str) -> None:
        """Look for nothing."""


class AnswerListPane(QWidget):
    """Emits wishes; never changes an answer."""

    #: The person moved to an answer; argument: its id.
    answer_chosen = Signal(str)
    #: The person wants to write on the answer they are on (Enter).
    writing_wanted = Signal()
    #: A new answer is wanted.
    new_wanted = Signal()
    #: Documents are to be imported.
    import_wanted = Signal()
    #: A question is to be tried.
    trial_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_settling = False
        self._list: AnswerList | None = None
        self.model = AnswerModel(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Title, text or short code"))
        self.search.setAccessibleName(self.tr("Search approved answers"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.filter = Select(self.tr("Which answers"))
        for wanted in AnswerFilter:
            self.filter.addItem(filter_word(wanted), wanted)
        self.filter.currentIndexChanged.connect(lambda _place: self._fill())
        self.list = self._build_list()
        self._empty = EmptyState(IconName.ANSWERS, "", "", self.tr("Write an answer"))
        self._empty.action_wanted.connect(self.new_wanted)
        self._import = Button(self.tr("Import documents…"), icon=IconName.IMPORT)
        self._import.clicked.connect(self.import_wanted)
        self._lay_out()

    @property
    def wanted(self) -> AnswerFilter:
        """The filter that is chosen."""
        return AnswerFilter(self.filter.currentData())

    def show_list(self, answers: AnswerList) -> None:
        """Show what was read."""
        self._list = answers
        for place, wanted in enumerate(AnswerFilter):
            self.filter.setItemText(place, f"{filter_word(wanted)}  ({answers.number_of(wanted)})")
        self._fill()

    def show_filter(self, wanted: AnswerFilter) -> None:
        """Choose a filter."""
        self.filter.setCurrentIndex(list(AnswerFilter).index(wanted))

    def select(self, article_id: ArticleId | None) -> None:
        """Put the cursor on an answer without saying that a person chose it."""
        place = self.model.row_of(article_id)
        self._is_settling = True
        selection = self.list.selectionModel()
        if place is None:
            selection.clear()
        else:
            index = self.model.index(place)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)
        self._is_settling = False

    def step(self, step: int) -> None:
        """Go to the next answer, or the one before."""
        count = self.model.rowCount()
        if count:
            here = self.list.currentIndex().row()
            place = (0 if step > 0 else count - 1) if here < 0 else min(max(here + step, 0), count - 1)
            self.list.setCurrentIndex(self.model.index(place))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the search box, the arrows move in the list and Enter opens."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                self.step(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.writing_wanted.emit()
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        self._is_settling = True
        here = self.list.currentIndex().data(AnswerRole.ANSWER)
        self.model.look_for(text)
        self._is_settling = False
        self._show_emptiness()
        if isinstance(here, Answer):
            self.select(here.article.article_id)

    def _fill(self) -> None:
        if self._list is None:
            return
        here = self.list.currentIndex().data(AnswerRole.ANSWER)
        self._is_settling = True
        self.model.replace(self._list.under(self.wanted), self._list.day)
        self._is_settling = False
        if isinstance(here, Answer):
            self.select(here.article.article_id)
        self._show_emptiness()

    def _show_emptiness(self) -> None:
        is_empty = self.model.rowCount() == 0
        is_search = bool(self.search.text().strip())
        if is_search:
            self._empty.set_words(self.tr("Nothing matches"), self.tr("No answer holds all of these words."))
        else:
            self._empty.set_words(*empty_words(self.wanted))
        self._import.setVisible(not is_search and self.wanted is AnswerFilter.ALL)
        self._stack.setCurrentIndex(1 if is_empty else 0)

    def _build_list(self) -> QListView:
        view = _List()
        view.setAccessibleName(self.tr("Approved answers"))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        self._delegate = AnswerDelegate()
        view.setItemDelegate(self._delegate)
        view.setModel(self.model)
        view.selectionModel().currentChanged.connect(self._on_current_changed)
        view.activated.connect(lambda _index: self.writing_wanted.emit())
        return view

    def _on_current_changed(self, _current: object, _previous: object) -> None:
        answer = self.list.currentIndex().data(AnswerRole.ANSWER)
        if not self._is_settling and isinstance(answer, Answer):
            self.answer_chosen.emit(answer.article.article_id)

    def _lay_out(self) -> None:
        look = active()
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.XS))
        head.addWidget(Text(self.tr("Approved answers"), TextStyle.HEADING))
        head.addStretch(1)
        for icon, words, key, signal in (
            (IconName.HELP, self.tr("Try a question"), "T", self.trial_wanted),
            (IconName.IMPORT, self.tr("Import documents"), "I", self.import_wanted),
            (IconName.PLUS, self.tr("New answer"), "N", self.new_wanted),
        ):
            button = IconButton(icon, words, key_hint=key)
            button.clicked.connect(lambda _checked=False, signal=signal: signal.emit())
            head.addWidget(button)
        top = QVBoxLayout()
        top.setContentsMargins(look.px(Space.L), look.px(Space.M), look.px(Space.M), look.px(Space.S))
        top.setSpacing(look.px(Space.S))
        top.addLayout(head)
        top.addWidget(self.search)
        top.addWidget(self.filter)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._build_empty())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(body, 1)

    def _build_empty(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self._import, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return holder
