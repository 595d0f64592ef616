"""After a lock no process of ours holds a key, a password, a word or a name; before, the same search finds them all.

Python cannot wipe what it has held, so the console replaces itself (threat-model.md §8): it is started here as a person
starts it, works with its model and its language worker, and is locked by the keys that the product binds.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import ConversationId
from tests.support.desks import TemporaryDesk
from tests.support.memory_scan import UnreadableError, family_of, forms_of, names_in
from tests.support.real_consoles import RealConsole, wait_until
from tests.support.vaults import PASSWORD

NAME = "Ottoline Pewterheron"
SAID = "my kumquatosis is worse, write to xylograph42@example.org"
DRAFT = "we see you on Thursday, zephyrwort"
TEXTS = {"name": "Pewterheron", "message": "kumquatosis", "address": "xylograph42", "draft": "zephyrwort"}


@dataclass
class Office:
    """A vault with one conversation of invented words."""

    vault_dir: Path
    conversation_id: ConversationId


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = TemporaryDesk(tmp_path)
    with made.opened() as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, SAID)
        desk.conversations.catch_up_index()
    return Office(made.store.directory, cid)


def work(console: RealConsole, office: Office) -> dict[str, tuple[bytes, ...]]:
    """Unlock, read, write half a reply, look at what would leave; return what to look for in memory."""
    console.ask("unlock", PASSWORD)
    console.wait_until("is_ready")
    console.ask("open", office.conversation_id)
    console.wait_until("is_open", office.conversation_id)
    console.ask("type_reply", DRAFT)
    console.wait_until("has_proposal")
    console.ask("show_leaving")
    console.wait_until("is_leaving_shown")
    return forms_of({**TEXTS, "password": PASSWORD}, console.ask("secrets", office.conversation_id))


def lock(console: RealConsole) -> float:
    """Press the keys; return how long it took until the lock screen was there, seconds."""
    before_s = time.monotonic()
    console.ask("press", "Ctrl+L")
    console.wait_for_window()
    assert console.ask("title") == "Vestibule: locked"
    return console.shown_s - before_s


def scan(console: RealConsole, forms: dict[str, tuple[bytes, ...]]) -> dict[int, frozenset[str] | None]:
    """Return what is found in each of our processes; None for one that only root may read."""
    found: dict[int, frozenset[str] | None] = {}
    for pid in family_of(console.pid):
        try:
            found[pid] = names_in(pid, forms)
        except UnreadableError:
            found[pid] = None
        except ProcessLookupError:
            continue
    return found


def test_a_lock_leaves_neither_key_nor_word_in_the_memory_of_any_process(office: Office, tmp_path: Path) -> None:
    with RealConsole(office.vault_dir, tmp_path / "home") as console:
        at_start = set(family_of(console.pid))  # the windows, and who dials for them where the wall lets it
        console.ask("type_password", PASSWORD)
        password = forms_of({"password": PASSWORD}, {})
        assert names_in(console.pid, password) == {"password"}, "the search does not find what is typed"
        forms = work(console, office)
        control = scan(console, forms)
        # Of a password that was used nothing may be left long before the lock.
        assert (control[console.pid] or frozenset()) | {"password"} == set(forms), (
            "the search does not find what is there"
        )
        workers = set(control) - at_start
        assert len(workers) == 2, "model and language worker"
        lock(console)
        wait_until(lambda: not workers & set(family_of(console.pid)), "the workers end")
        left = scan(console, forms)
        assert set(left) <= at_start
        assert left[console.pid] == frozenset()
        assert not any(left.values())
        # Whatever only root may read was there before the vault was opened, and was never told anything.


def test_the_locked_console_opens_again_with_the_draft_where_it_was(office: Office, tmp_path: Path) -> None:
    with RealConsole(office.vault_dir, tmp_path / "home") as console:
        work(console, office)
        lock(console)
        console.ask("unlock", PASSWORD)
        console.wait_until("is_ready")
        console.ask("open", office.conversation_id)
        console.wait_until("is_open", office.conversation_id)
        assert console.ask("unsent") == DRAFT
