"""The key map of a window: one QAction per command, so that every key has one owner and every command can be listed.

Single letters work only outside text fields, because a text field claims printable keys before shortcuts are looked at.
Keys with Ctrl that a text field would claim too (Ctrl+K, Ctrl+E, Ctrl+Z after a send) are taken from it by
``ShortcutGuard`` as long as their command is enabled.
"""

from collections.abc import Callable, Container, Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.shell.commands import COMMANDS, Command, CommandId
from app.ui.shell.pages import PageId


class KeyMap(QObject):
    """Owns the actions of one window. Commands without a handler are not offered anywhere."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._actions: dict[CommandId, QAction] = {}
        self._uses_single_keys = True
        self._wanted: dict[CommandId, bool] = {}
        self._allowed: Container[CommandId] | None = None
        self._page = PageId.INBOX
        self._taken: frozenset[str] = frozenset()  # keys of the page, which commands of every page then leave alone

    def bind(self, command_id: CommandId, handler: Callable[[], object]) -> QAction:
        """Make the command do something; returns its action, to enable or disable it."""
        command = command_of(command_id)
        action = QAction(title_of(command), self)
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.triggered.connect(lambda _checked=False: handler())
        self._window.addAction(action)
        self._actions[command_id] = action
        self._apply_keys(command)
        self.set_enabled(command_id, is_enabled=True)
        return action

    def set_enabled(self, command_id: CommandId, *, is_enabled: bool) -> None:
        """Offer a command, or do not offer it now."""
        self._wanted[command_id] = is_enabled
        self._apply_enabled(command_id)

    def pause(self, allowed: Container[CommandId]) -> None:
        """Offer only these commands (a sheet lies over the window)."""
        self._allowed = allowed
        self._apply()

    def resume(self) -> None:
        """Offer everything that is wanted again."""
        self._allowed = None
        self._apply()

    def use_page(self, page: PageId) -> None:
        """Offer the commands of this page and those of every page; the letters of other pages do nothing."""
        self._page = page
        self._taken = frozenset(
            key for command, _action in self.bound() if command.page is page for key in command.keys
        )
        for command, _action in self.bound():
            self._apply_keys(command)
        self._apply()

    def action(self, command_id: CommandId) -> QAction:
        """Return the action of a bound command."""
        return self._actions[command_id]

    def bound(self) -> Iterator[tuple[Command, QAction]]:
        """Every command that does something here, in the order of ``COMMANDS``."""
        return (
            (command, self._actions[command.command_id]) for command in COMMANDS if command.command_id in self._actions
        )

    @property
    def uses_single_keys(self) -> bool:
        """Whether J, K, R and the like are keys at all (WCAG 2.2, 2.1.4)."""
        return self._uses_single_keys

    def use_single_keys(self, is_on: bool) -> None:
        """Switch the single-letter keys on or off; keys with a modifier stay."""
        self._uses_single_keys = is_on
        for command, _action in self.bound():
            self._apply_keys(command)

    def keys_of(self, command: Command) -> tuple[str, ...]:
        """The keys that work now, as this keyboard and language write them."""
        return tuple(native_key(key) for key in self._live_keys(command))

    def claims(self, event: QKeyEvent) -> bool:
        """True when an enabled command takes this key even from a text field."""
        pressed = QKeySequence(event.keyCombination())
        return any(
            action.isEnabled() and command.beats_text and pressed in self._modified_keys(command)
            for command, action in self.bound()
        )

    def _modified_keys(self, command: Command) -> list[QKeySequence]:
        return [QKeySequence(key) for key in command.keys if key not in command.single_keys and key != "Esc"]

    def _live_keys(self, command: Command) -> tuple[str, ...]:
        kept = [key for key in command.keys if self._uses_single_keys or key not in command.single_keys]
        return tuple(key for key in kept if command.page is not None or key not in self._taken)

    def _apply(self) -> None:
        for command_id in self._actions:
            self._apply_enabled(command_id)

    def _apply_enabled(self, command_id: CommandId) -> None:
        """A sheet that lies over the window says itself what it lets through; the page below does not count then."""
        if self._allowed is not None:
            is_allowed = command_id in self._allowed
        else:
            is_allowed = command_of(command_id).page in {None, self._page}
        self._actions[command_id].setEnabled(self._wanted[command_id] and is_allowed)

    def _apply_keys(self, command: Command) -> None:
        action = self._actions[command.command_id]
        action.setShortcuts([QKeySequence(key) for key in self._live_keys(command)])
        keys = self.keys_of(command)
        action.setToolTip(f"{action.text()}  {keys[0]}" if keys else action.text())


class ShortcutGuard(QObject):
    """Follows the focus of one window and keeps text fields from swallowing keys of the key map."""

    def __init__(self, keymap: KeyMap, window: QWidget) -> None:
        super().__init__(window)
        self._keymap = keymap
        self._window = window
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_changed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the override event unaccepted for our keys, which makes Qt try the shortcut first."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._keymap.claims(event):
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def _on_focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and new.window() is self._window:
            new.installEventFilter(self)


def command_of(command_id: CommandId) -> Command:
    """Return the one description of a command."""
    return next(command for command in COMMANDS if command.command_id is command_id)


def title_of(command: Command) -> str:
    """The words of a command in the language of the interface."""
    return QCoreApplication.translate("commands", command.title)


def native_key(key: str) -> str:
    """A key as it is printed on keyboards here ("Ctrl+Shift+Return" becomes "Ctrl+Shift+Enter" in words)."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")
