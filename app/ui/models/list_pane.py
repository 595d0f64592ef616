"""The left of the models' page: what is on this machine, and the way in for more."""

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QStackedLayout, QVBoxLayout, QWidget

from app.services.models.keeper import Passport
from app.ui.components import Button, ButtonKind, EmptyState, Text
from app.ui.models.delegate import PassportDelegate
from app.ui.models.list_model import PassportModel, PassportRole
from app.ui.models.state import ModelsState
from app.ui.theme import IconName, Space, TextStyle, active


class _List(QListView):
    """Without Qt's type-ahead: letters are commands here or nothing."""

    def keyboardSearch(self, _letters: str) -> None:
        """Look for nothing."""


class ModelListPane(QWidget):
    """Emits wishes; never changes a model."""

    #: The person moved to a model; argument: its name.
    model_chosen = Signal(str)
    #: The person wants to act on the model they are on (Enter).
    passport_wanted = Signal()
    #: A file is to be imported.
    import_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_settling = False
        self.model = PassportModel(self)
        self.list = self._build_list()
        self.import_button = Button(self.tr("Import a model…"), icon=IconName.IMPORT, key_hint="I")
        self.import_button.clicked.connect(self.import_wanted)
        self._empty = EmptyState(
            IconName.MODEL,
            self.tr("No model is on this machine"),
            self.tr("Without one, replies are written by hand. A model comes in as a GGUF file."),
            self.tr("Import a model…"),
        )
        self._empty.action_wanted.connect(self.import_wanted)
        self._lay_out()

    @property
    def chosen(self) -> str:
        """The name of the model that the cursor is on; empty when there is none."""
        passport = self.list.currentIndex().data(PassportRole.PASSPORT)
        return passport.entry.name if isinstance(passport, Passport) else ""

    def show_state(self, state: ModelsState) -> None:
        """Show what was read; the cursor stays, or goes to the model in use."""
        wanted = self.chosen or state.running or state.chosen
        self._is_settling = True
        self.model.replace(state.passports, state.running)
        self._is_settling = False
        self._stack.setCurrentIndex(0 if state.passports else 1)
        self.import_button.setVisible(bool(state.passports))
        self.select(wanted if state.find(wanted) is not None else "")

    def select(self, name: str) -> None:
        """Put the cursor on a model, the first one when it is not here."""
        place = self.model.row_of(name)
        if self.model.rowCount() == 0:
            return
        index = self.model.index(0 if place is None else place)
        if self.list.currentIndex() != index or not self.list.selectionModel().isSelected(index):
            self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.list.scrollTo(index)

    def step(self, step: int) -> None:
        """Go to the next model, or the one before."""
        count = self.model.rowCount()
        if count:
            place = min(max(self.list.currentIndex().row() + step, 0), count - 1)
            self.list.setCurrentIndex(self.model.index(place))

    def _build_list(self) -> QListView:
        view = _List()
        view.setAccessibleName(self.tr("Models on this machine"))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        self._delegate = PassportDelegate()
        view.setItemDelegate(self._delegate)
        view.setModel(self.model)
        view.selectionModel().currentChanged.connect(lambda _now, _before: self._on_moved())
        view.activated.connect(lambda _index: self.passport_wanted.emit())
        return view

    def _on_moved(self) -> None:
        if not self._is_settling and self.chosen:
            self.model_chosen.emit(self.chosen)

    def _lay_out(self) -> None:
        look = active()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, look.px(Space.M), 0, look.px(Space.M))
        column.setSpacing(look.px(Space.S))
        for widget in (Text(self.tr("Models"), TextStyle.HEADING),):
            row = QHBoxLayout()
            row.setContentsMargins(look.px(Space.L), 0, look.px(Space.L), 0)
            row.addWidget(widget)
            column.addLayout(row)
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        column.addWidget(body, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(look.px(Space.L), 0, look.px(Space.L), 0)
        self.import_button.set_kind(ButtonKind.QUIET)
        foot.addWidget(self.import_button)
        foot.addStretch(1)
        column.addLayout(foot)
