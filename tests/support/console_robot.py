"""Hands and eyes inside a real console: types and looks on the GUI thread, for a test in another process.

Loaded by ``tests/support/robot/sitecustomize.py``. Orders come and answers go through an inherited socket, which
survives the exec with which the console locks itself.
"""
# ruff: noqa: PLC0415  Qt is there when the product has loaded it, not before

import os
import threading
import time
from multiprocessing.connection import Connection
from typing import Any

POLL_S = 0.01


def start(descriptor: int) -> None:
    """Serve the test at the other end of ``descriptor`` from now on."""
    os.set_inheritable(descriptor, True)
    threading.Thread(target=_serve, args=(Connection(descriptor),), name="robot", daemon=True).start()


def _serve(orders: Connection) -> None:
    from PySide6.QtCore import QObject, Qt, Signal
    from PySide6.QtWidgets import QApplication

    class Hand(QObject):
        asked = Signal(str, object)

        def act(self, name: str, given: object) -> None:
            assert isinstance(given, tuple)
            try:
                answer = ("done", globals()[f"do_{name}"](*given))
            except Exception as error:  # noqa: BLE001  the test decides what it means
                answer = ("error", repr(error))
            orders.send(answer)

    while (app := QApplication.instance()) is None or not _windows():
        time.sleep(POLL_S)
    hand = Hand()
    hand.moveToThread(app.thread())
    hand.asked.connect(hand.act, Qt.ConnectionType.QueuedConnection)
    orders.send(("shown", time.monotonic()))
    while True:
        try:
            hand.asked.emit(*orders.recv())
        except (EOFError, OSError):
            return


def _windows() -> list[Any]:
    from PySide6.QtWidgets import QApplication

    return [widget for widget in QApplication.topLevelWidgets() if widget.isVisible()]


def _application() -> Any:
    from PySide6.QtWidgets import QApplication

    from app.ui.shell.application import ConsoleApplication

    app = QApplication.instance()
    assert app is not None
    return next(child for child in app.children() if isinstance(child, ConsoleApplication))


def _console() -> Any:
    return _application().console


def do_title() -> str:
    """The title of the window that is there."""
    return str(_windows()[0].windowTitle())


def do_type_password(password: str) -> None:
    """Type the password."""
    from PySide6.QtTest import QTest

    entrance = _application()._entrance
    entrance.focus_field()
    QTest.keyClicks(entrance.focusWidget(), password)


def do_unlock(password: str) -> None:
    """Type the password, unless it stands there already, and press Enter."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    entrance = _application()._entrance
    if entrance.password.peek() != password:
        do_type_password(password)
    QTest.keyClick(entrance.focusWidget(), Qt.Key.Key_Return)


def do_is_ready() -> bool:
    """Whether the inbox is there and the model can be asked."""
    console = _console()
    is_there = console is not None and console.presenters.inbox.model.rowCount() > 0
    return bool(is_there and console.presenters.drafting.can_propose)


def do_open(conversation_id: str) -> None:
    """Put a conversation in front."""
    _console().presenters.conversation.open(conversation_id)


def do_is_open(conversation_id: str) -> bool:
    """Whether its messages are on the screen."""
    shown = _console().presenters.conversation.shown
    return shown is not None and shown.thread.conversation_id == conversation_id


def do_type_reply(text: str) -> None:
    """Type into the composer."""
    from PySide6.QtTest import QTest

    reply = _console().window.composer.reply
    reply.setFocus()
    QTest.keyClicks(reply, text)


def do_unsent() -> str:
    """What stands in the composer."""
    return str(_console().window.composer.reply.toPlainText())


def do_press(key: str) -> None:
    """Press what the product binds to a command, as ``Ctrl+L``."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest

    stroke = QKeySequence(key)[0]
    window = _console().window
    QTest.keyClick(window.focusWidget() or window, Qt.Key(stroke.key()), stroke.keyboardModifiers())


def do_show_leaving() -> None:
    """Open the page of what would leave."""
    from app.ui.shell.pages import PageId

    _console().window.show_page(PageId.LEAVING)


def do_is_leaving_shown() -> bool:
    """Whether the page of what would leave is written to its last message."""
    from app.ui.anonymise.state import Phase

    leaving = _console().leaving
    return bool(leaving.presenter.state.phase is Phase.SHOWN and not leaving.page.sides.is_writing)


def do_has_proposal() -> bool:
    """Whether the model has proposed something, or handed over."""
    from app.ui.composer.state import Phase

    return _console().presenters.composer.state.phase in {Phase.READY, Phase.HAND_OVER}


def do_secrets(conversation_id: str) -> dict[str, bytes]:
    """The keys that the open vault holds, to look for them in memory."""
    vault = _console()._desk.vault
    unlocked = vault.people.unlocked
    return {
        "vault key": unlocked.vault_key,
        "seed of the person": unlocked.seed,
        "key of the database": unlocked.keys.database,
        "key of the head": unlocked.keys.head,
        "key of the conversation": vault.keyring.key_for(conversation_id),
        "key of the index": vault.keyring.index_key,
    }


def do_is_channel_on() -> bool:
    """Whether the bottom line says that the patient channel is connected."""
    console = _console()
    return console is not None and "connected to" in console.window.status.words()


def do_has_row(name: str) -> bool:
    """Whether the inbox shows somebody of this name."""
    console = _console()
    if console is None:
        return False
    model = console.presenters.inbox.model
    return any(model.at(place).contact_name == name for place in range(model.rowCount()))


def do_thread_says(words: str) -> bool:
    """Whether the open conversation shows these words."""
    return do_count_in_thread(words) > 0


def do_count_in_thread(words: str) -> int:
    """How often the open conversation shows these words."""
    return int(_console().window.conversation.page.toPlainText().count(words))
