"""The rules of the office: the list, the form, a line to try them on, and the office's own test set."""

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QListView,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.anonymising.rule_records import OfficeRule
from app.services.errors import InvalidRuleError
from app.ui.anonymise.case_list import CaseList
from app.ui.anonymise.problems import problem_words
from app.ui.anonymise.rule_form import RuleForm
from app.ui.anonymise.rules_model import RuleDelegate, RuleModel, RuleRole
from app.ui.anonymise.words import rule_fault_words
from app.ui.components import EmptyState, IconButton, Text
from app.ui.theme import IconName, Space, TextStyle, active

_FORM_PX = 380


class _List(QListView):
    """Without Qt's type-ahead: letters are commands here or nothing."""

    def keyboardSearch(self, _letters: str) -> None:
        """Look for nothing."""


class RulesPane(QWidget):
    """Emits wishes; never changes a rule."""

    #: Rules are to be written; arguments: tuple of ``RuleDraft``, the id of the rule that is changed or None.
    put_wanted = Signal(object, object)
    #: A rule is to be removed; argument: ``OfficeRule``.
    remove_wanted = Signal(object)
    #: Back to the conversation.
    back_wanted = Signal()

    def __init__(self, now_ms: Callable[[], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RuleModel(now_ms, self)
        self.list = self._build_list()
        self.form = RuleForm()
        self.cases = CaseList()
        self._awaited = False
        self._empty = EmptyState(
            IconName.EYE_OFF,
            self.tr("No rule of this office yet"),
            self.tr("A miss that you mark and a false hit that you lift become rules. You can also write one here."),
        )
        self.back = IconButton(IconName.ARROW_LEFT, self.tr("Back to the conversation"), key_hint="Esc")
        self.back.clicked.connect(self.back_wanted)
        self.form.put_wanted.connect(self._on_put)
        self.form.remove_wanted.connect(self.remove_chosen)
        self._lay_out()

    def show_rules(self, rules: tuple[OfficeRule, ...]) -> None:
        """Show the rules that stand; a form that was waiting for this begins anew."""
        chosen = self.chosen
        self.model.replace(rules)
        self._stack.setCurrentIndex(0 if rules else 1)
        if self._awaited:
            self._awaited = False
            self.form.begin_new()
        elif self.form.rule is not None and self.model.row_of(self.form.rule.rule_id) is None:
            self.form.begin_new()
        if chosen is not None and (place := self.model.row_of(chosen.rule_id)) is not None:
            self._select(place)
        self.form.try_again()

    @property
    def chosen(self) -> OfficeRule | None:
        """The rule that the cursor is on."""
        rule = self.list.currentIndex().data(RuleRole.RULE)
        return rule if isinstance(rule, OfficeRule) else None

    def step(self, step: int) -> None:
        """Go to the next rule, or the one before."""
        count = self.model.rowCount()
        if count:
            self._select(min(max(self.list.currentIndex().row() + step, 0), count - 1))
            self._edit_chosen()

    def remove_chosen(self) -> None:
        """Wish the rule away that is in the form, or that the cursor is on."""
        rule = self.form.rule or self.chosen
        if rule is not None:
            self.remove_wanted.emit(rule)

    def show_refusal(self, error: Exception) -> None:
        """A rule was not taken, and why."""
        self._awaited = False
        title, text = problem_words(error)
        self.form.say(rule_fault_words(error.fault) if isinstance(error, InvalidRuleError) else f"{title}. {text}")

    def show_failure(self, error: Exception) -> None:
        """Trying or checking failed."""
        title, text = problem_words(error)
        self.form.found.set_untrusted("")
        self.cases.show_failure(f"{title}. {text}")

    def focus_first(self) -> None:
        """Begin in the list; where it is empty, in the form."""
        target = self.list if self.model.rowCount() else self.form.text
        target.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def set_wide(self, *, is_wide: bool) -> None:
        """List and form side by side, or one below the other."""
        way = QBoxLayout.Direction
        self._ways.setDirection(way.LeftToRight if is_wide else way.TopToBottom)
        self._area.setFixedWidth(active().px(_FORM_PX)) if is_wide else self._area.setMaximumWidth(16_777_215)
        if not is_wide:
            self._area.setMinimumWidth(0)

    def _on_put(self, drafts: object, rule_id: str) -> None:
        self._awaited = True
        self.put_wanted.emit(drafts, rule_id or None)

    def _on_chosen(self) -> None:
        if self.list.hasFocus():
            self._edit_chosen()

    def _edit_chosen(self) -> None:
        if self.chosen is not None:
            self.form.edit(self.chosen)

    def _select(self, place: int) -> None:
        index = self.model.index(place)
        self.list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _build_list(self) -> _List:
        view = _List()
        view.setAccessibleName(self.tr("Rules of this office"))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        self._delegate = RuleDelegate()
        view.setItemDelegate(self._delegate)
        view.setModel(self.model)
        view.selectionModel().currentChanged.connect(lambda _now, _before: self._on_chosen())
        view.clicked.connect(lambda _index: self._on_chosen())
        view.activated.connect(lambda _index: self.form.text.setFocus())
        return view

    def _lay_out(self) -> None:
        look = active()
        head = QHBoxLayout()
        head.setSpacing(look.px(Space.S))
        head.addWidget(self.back)
        head.addWidget(Text(self.tr("Rules of this office"), TextStyle.HEADING), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        holder = QWidget()
        holder.setProperty("surface", "window")
        beside = QVBoxLayout(holder)
        beside.setContentsMargins(0, 0, look.px(Space.XS), 0)
        beside.setSpacing(look.px(Space.M))
        beside.addWidget(self.form)
        beside.addWidget(self.cases)
        beside.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(holder)
        paper = QFrame()
        paper.setProperty("surface", "card")
        inside = QVBoxLayout(paper)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._stack)
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways.setSpacing(look.px(Space.M))
        self._ways.addWidget(paper, 1)
        self._ways.addWidget(self._area, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(Space.L), look.px(Space.S), look.px(Space.L), look.px(Space.S))
        column.setSpacing(look.px(Space.S))
        column.addLayout(head)
        column.addLayout(self._ways, 1)
