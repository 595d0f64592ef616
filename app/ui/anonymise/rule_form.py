"""One rule to be written or changed, and a line to try the rules on."""

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QVBoxLayout

from app.anonymise.labels import Label
from app.services.anonymising.rule_records import OfficeRule, RuleDraft, RuleKind
from app.services.ports import AnonymisedText
from app.ui.anonymise.state import LABELS_TO_CHOOSE
from app.ui.anonymise.words import label_word, rule_kind_word
from app.ui.components import Button, ButtonKind, SectionHeader, Select, Text, UntrustedLabel, announce
from app.ui.components.facts import ButtonRow
from app.ui.components.labels import redress
from app.ui.theme import IconName, Space, TextStyle, active

PAUSE_MS = 300
_LINES_PX = 76
MAX_TRIED_CHARS = 2_000
MAX_LINES = 5_000
"""Rules that one paste may bring."""


class RuleForm(QFrame):
    """Emits wishes; keeps what is typed until it was taken."""

    #: Rules are to be written; arguments: tuple of ``RuleDraft``, the id of the rule that is changed or "".
    put_wanted = Signal(object, str)
    #: The rule that is being changed is to go.
    remove_wanted = Signal()
    #: Words were typed to try the rules on; argument: the words.
    words_tried = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("surface", "card")
        self._rule: OfficeRule | None = None
        self._heading = SectionHeader("")
        self.kind = Select(self.tr("What the rule does"))
        for kind in RuleKind:
            self.kind.addItem(rule_kind_word(kind), kind)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Words or shape"))
        self.label = Select(self.tr("What it is"))
        for label in LABELS_TO_CHOOSE:
            self.label.addItem(label_word(label), label)
        self._help = Text("", TextStyle.SMALL, ink="soft", is_wrapping=True)
        self.save = Button("", kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.fresh = Button(self.tr("New rule"), icon=IconName.PLUS)
        self.remove = Button(self.tr("Remove"), icon=IconName.CLOSE, key_hint="Del")
        self.tried = QLineEdit()
        self.tried.setMaxLength(MAX_TRIED_CHARS)
        self.tried.setAccessibleName(self.tr("Words to try the rules on"))
        self.tried.setPlaceholderText(self.tr("Type a line as a visitor would write it"))
        self.found = UntrustedLabel("", style=TextStyle.BODY, is_wrapping=True, max_chars=1_000)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._connect()
        self._lay_out()
        self.begin_new()

    def begin_new(self) -> None:
        """Write a new rule."""
        self._rule = None
        self.text.clear()
        self._show_kind()

    def edit(self, rule: OfficeRule) -> None:
        """Change one that stands."""
        self._rule = rule
        self.kind.setCurrentIndex(list(RuleKind).index(rule.kind))
        self.text.setPlainText(rule.text)
        if rule.label in LABELS_TO_CHOOSE:
            self.label.setCurrentIndex(LABELS_TO_CHOOSE.index(rule.label))
        self._show_kind()

    @property
    def rule(self) -> OfficeRule | None:
        """The rule that is being changed."""
        return self._rule

    def say(self, words: str) -> None:
        """Say why a rule was not taken; what was typed stays."""
        self._help.setText(words)
        redress(self._help, "caution")
        announce(self, words, is_urgent=True)

    def show_tried(self, text: str, found: AnonymisedText) -> None:
        """Show what would be found in what was typed."""
        if text == self.tried.text():
            self.found.set_untrusted(found.text if found.spans else self.tr("Nothing is found in it."))
            announce(self, self.found.text())

    def try_again(self) -> None:
        """The rules changed: try the same words once more."""
        if self.tried.text().strip():
            self.words_tried.emit(self.tried.text())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the scale."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._fit()

    def _fit(self) -> None:
        self.text.setFixedHeight(active().px(_LINES_PX))

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _place: self._on_kind())
        self.save.clicked.connect(self._on_save)
        self.fresh.clicked.connect(self._on_fresh)
        self.remove.clicked.connect(self.remove_wanted)
        self.tried.textChanged.connect(self._on_typed)
        self._pause.timeout.connect(self.try_again)

    def _on_kind(self) -> None:
        """A shape is a number more often than a name."""
        if self._rule is None:
            usual = Label.ID if self.kind.currentData() is RuleKind.SHAPE else Label.PERSON
            self.label.setCurrentIndex(LABELS_TO_CHOOSE.index(usual))
        self._show_kind()

    def _on_typed(self, text: str) -> None:
        self._pause.start()
        if not text.strip():
            self.found.set_untrusted("")

    def _on_fresh(self) -> None:
        self.begin_new()
        self.text.setFocus()

    def _on_save(self) -> None:
        kind, label = RuleKind(self.kind.currentData()), self.label.currentData()
        written = self.text.toPlainText()
        lines = [line for line in written.splitlines() if line.strip()][:MAX_LINES] or [written]
        if self._rule is not None or kind is RuleKind.SHAPE:
            lines = [" ".join(lines)]
        rule_id = "" if self._rule is None else self._rule.rule_id
        self.put_wanted.emit(tuple(RuleDraft(kind, line, label) for line in lines), rule_id)

    def _show_kind(self) -> None:
        is_new, kind = self._rule is None, RuleKind(self.kind.currentData())
        self._heading.set_text(self.tr("A NEW RULE") if is_new else self.tr("THIS RULE"))
        self.save.setText(self.tr("Add") if is_new else self.tr("Save the change"))
        self.fresh.setVisible(not is_new)
        self.remove.setVisible(not is_new)
        self._row.arrange()
        self._help.setText(
            {
                RuleKind.FIND: self.tr("Names of patients or staff, one in a line. They are found misspelt as well."),
                RuleKind.SHAPE: self.tr(
                    "A stands for a letter, 9 for a digit, * for either, a space may be missing: AA-9999."
                ),
                RuleKind.LIFT: self.tr("Words that were taken for one and are none. They must stand exactly so."),
            }[kind]
        )
        redress(self._help, "soft")
        self.text.setPlaceholderText("AA-9999" if kind is RuleKind.SHAPE else "")

    def _lay_out(self) -> None:
        look = active()
        self._row = ButtonRow(self.save, self.fresh, self.remove)
        self._fit()
        column = QVBoxLayout(self)
        column.setContentsMargins(*(look.px(Space.M),) * 4)
        column.setSpacing(look.px(Space.S))
        for widget in (self._heading, self.kind, self.text, self.label, self._help, self._row):
            column.addWidget(widget)
        column.addWidget(SectionHeader(self.tr("TRY IT")))
        column.addWidget(self.tried)
        column.addWidget(self.found)
