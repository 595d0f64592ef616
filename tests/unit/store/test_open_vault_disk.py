"""A disk that fails where the open vault speaks past the engine is told in the store's own terms."""

from pathlib import Path

import pytest

from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.store.errors import DiskFailedError
from app.store.log import EventLog
from app.store.logged import NewEvent
from tests.support.small_disk import files_at_most
from tests.support.vaults import TemporaryStore

CID = ConversationId("01J")


def test_a_log_that_cannot_be_folded_in_is_the_disks_fault_and_stops_the_vault(tmp_path: Path) -> None:
    vault = TemporaryStore(tmp_path).open()
    vault.keyring.add(CID)
    body = {"contact_name": "Ada Quill", "origin": "phone"}
    EventLog.open(vault).append([NewEvent(CID, EventKind.CONVERSATION_OPENED, body)], now_ms=1)
    with files_at_most(4_096), pytest.raises(DiskFailedError):
        vault.empty_wals()
    assert vault.is_stopped
    vault.abandon()


def test_a_vault_whose_log_cannot_be_made_is_not_called_damaged(tmp_path: Path) -> None:
    store = TemporaryStore(tmp_path)
    with store.open():
        pass
    (store.directory / "vault.db-wal").mkdir()  # nobody can make a file of this name now
    with pytest.raises(DiskFailedError):
        store.open()
