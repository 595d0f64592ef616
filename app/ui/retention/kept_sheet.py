"""How long one conversation is kept: the class of the rules that it is in."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.compliance.rules import RetentionRules
from app.domain.ids import ConversationId
from app.ui.components import Button, ButtonKind, Select, Text, UntrustedLabel, person_line, readable_line
from app.ui.retention.words import duration_words
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, TextStyle


class KeptSheet(ScrollSheet):
    """Offers the classes, with the time and the reason of the one that is chosen."""

    #: Another class is wanted; arguments: conversation id, class id before, class id ("" for the default one).
    class_wanted = Signal(object, str, str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._cid: ConversationId | None = None
        self._rules: RetentionRules | None = None
        self._before = ""
        self.classes = Select(self.tr("Class"))
        self._how_long = Text("", TextStyle.STRONG, is_wrapping=True)
        self._basis = UntrustedLabel("", style=TextStyle.SMALL, ink="soft", is_wrapping=True, max_chars=700)
        words = self.tr("A legal hold always wins over it. Nothing goes before an administrator lets it go.")
        self.button = Button(self.tr("Keep it so"), kind=ButtonKind.PRIMARY, icon=IconName.CHECK)
        self.put(
            Text(self.tr("Class"), TextStyle.SMALL_STRONG),
            self.classes,
            self._how_long,
            self._basis,
            Text(words, TextStyle.SMALL, ink="soft", is_wrapping=True),
        )
        self.put_buttons(self.button)
        self.classes.currentIndexChanged.connect(self._follow)
        self.button.clicked.connect(self._on_clicked)

    def ask(self, cid: ConversationId, contact_name: str, rules: RetentionRules, class_id: str) -> None:
        """Ask about one conversation that is in ``class_id`` now."""
        self._cid, self._rules, self._before = cid, rules, class_id
        self.name(self.tr("How long is {name} kept?").format(name=person_line(contact_name, 50)))
        self.classes.clear()
        default = readable_line(rules.class_of("").title, 60)
        self.classes.addItem(self.tr("The default: {title}").format(title=default), "")
        for one in rules.classes:
            self.classes.addItem(readable_line(one.title, 80), one.class_id)
        self.classes.setCurrentIndex(max(0, self.classes.findData(class_id)))
        self._follow()
        self.open(self.classes)

    def _follow(self) -> None:
        class_id = self.classes.currentData()
        if self._rules is not None and class_id is not None:
            kept_as = self._rules.class_of(class_id)
            self._how_long.setText(duration_words(kept_as))
            self._basis.set_untrusted(readable_line(kept_as.basis, 600))
            self.button.setEnabled(class_id != self._before)
            self.refit()

    def _on_clicked(self) -> None:
        if self._cid is not None and self.button.isEnabled():
            self.close_sheet()
            self.class_wanted.emit(self._cid, self._before, self.classes.currentData())
