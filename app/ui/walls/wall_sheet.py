"""Who alone may know of a conversation."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.domain.ids import ConversationId, PersonId
from app.domain.office import Person
from app.domain.walls import is_out_of_reach
from app.services.walls.service import WallView
from app.ui.components import Button, ButtonKind, CheckBox, Text, person_line, readable_line
from app.ui.shell.scroll_sheet import ScrollSheet
from app.ui.theme import IconName, Space, TextStyle, active
from app.ui.walls.words import role_word


class WallSheet(ScrollSheet):
    """A list of people, what follows from it, and one button that names the number."""

    #: A wall of these people is wanted; arguments: conversation id, tuple of person ids.
    wall_wanted = Signal(object, object)
    #: The wall is to go; argument: conversation id.
    lower_wanted = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, "", width_px=560)
        self._cid: ConversationId | None = None
        self._boxes: dict[PersonId, tuple[Person, CheckBox]] = {}
        self._me = PersonId("")
        words = self.tr(
            "Its key is sealed to the people you name. For everybody else it is not there: not in the list, the "
            "counts, the search or an export, whatever their role. What somebody read before, they have read."
        )
        self._intro = Text(words, TextStyle.BODY, ink="soft", is_wrapping=True)
        self._people = QVBoxLayout()
        self._people.setSpacing(active().px(Space.XS))
        self._warning = Text("", TextStyle.SMALL, ink="caution", is_wrapping=True)
        self._button = Button("", kind=ButtonKind.PRIMARY, icon=IconName.LOCK)
        self._lower = Button(self.tr("Take the wall away"), kind=ButtonKind.PLAIN)
        self._button.clicked.connect(self._on_clicked)
        self._lower.clicked.connect(self._on_lower)
        self._lay_out()

    def ask(
        self, cid: ConversationId, contact_name: str, candidates: Sequence[Person], me: PersonId, view: WallView | None
    ) -> None:
        """Ask about one conversation; ``view`` is the wall that stands."""
        self._cid, self._me = cid, me
        title = self.tr("Who may know of {name}").format(name=person_line(contact_name, 50))
        self.name(title)
        self._fill(candidates, me, view)
        self._lower.setVisible(view is not None)
        self._follow(has_wall=view is not None)
        first = next((box for _, box in self._boxes.values()), None)
        self.open(first)

    def chosen(self) -> tuple[PersonId, ...]:
        """Who is named now."""
        return tuple(person_id for person_id, (_, box) in self._boxes.items() if box.isChecked())

    def _fill(self, candidates: Sequence[Person], me: PersonId, view: WallView | None) -> None:
        for _, box in self._boxes.values():
            self._people.removeWidget(box)
            box.setParent(None)
            box.deleteLater()
        self._boxes = {}
        named = {me} if view is None else {person.person_id for person in view.people}
        without = set() if view is None else {person.person_id for person in view.without_key}
        for person in candidates:
            words = f"{readable_line(person.display_name, 60)}  ·  {role_word(person.role)}"
            if person.person_id in without:
                words += "  ·  " + self.tr("has new keys since, and no key to this")
            box = CheckBox(words)
            box.setChecked(person.person_id in named)
            box.toggled.connect(lambda _on, has_wall=view is not None: self._follow(has_wall=has_wall))
            self._people.addWidget(box)
            self._boxes[person.person_id] = (person, box)

    def _follow(self, *, has_wall: bool) -> None:
        named = [person for person, box in self._boxes.values() if box.isChecked()]
        count = len(named)
        words = self.tr("Change it: {count} within") if has_wall else self.tr("Set the wall: {count} within")
        self._button.setText(words.format(count=count))
        self._button.setEnabled(bool(named))
        self._warning.setText("  ".join(self._warnings(named)))
        self._warning.setVisible(bool(self._warning.text()))
        self.refit()

    def _warnings(self, named: Sequence[Person]) -> list[str]:
        if not named:
            return [self.tr("Name at least one person.")]
        found = []
        if self._me not in {person.person_id for person in named}:
            found.append(self.tr("You leave yourself out: it is gone from your screen at once."))
        if is_out_of_reach(named):
            found.append(self.tr("No administrator is within: neither retention nor a wish to be erased reaches it."))
        if len(named) == 1:
            found.append(self.tr("Only one person: should they go, the printed recovery code alone opens it."))
        return found

    def _on_clicked(self) -> None:
        if self._cid is not None and self.chosen():
            self.close_sheet()
            self.wall_wanted.emit(self._cid, self.chosen())

    def _on_lower(self) -> None:
        if self._cid is not None:
            self.close_sheet()
            self.lower_wanted.emit(self._cid)

    def _lay_out(self) -> None:
        holder = QWidget()
        holder.setLayout(self._people)
        self._people.setContentsMargins(0, 0, 0, 0)
        self.put(self._intro, holder, self._warning)
        self.put_buttons(self._button, self._lower)
