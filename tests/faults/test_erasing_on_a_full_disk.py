"""The disk fills up while a conversation is erased: what was begun is finished at the next opening."""

from pathlib import Path

import pytest

from app.domain.conversation import Origin
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.services.errors import NoSuchConversationError
from app.store.erasing import unfinished
from app.store.errors import DiskFailedError, DiskFullError, VaultDamagedError
from app.store.tombstones import erased_ids
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk
from tests.support.small_disk import files_at_most

LIMITS = (0, 100, 600, 4_096, 20_000, 40_000, 60_000, 75_000, 90_000, 105_000, 120_000, 1 << 30)
TOO_SMALL = 4_096


def start(desk: Desk, words: str) -> ConversationId:
    return desk.conversations.start("Ada Quill", Origin.PHONE, words)


@pytest.mark.parametrize("limit_bytes", LIMITS)
def test_a_full_disk_leaves_the_conversation_or_its_tombstone_and_nothing_between(
    tmp_path: Path, limit_bytes: int
) -> None:
    made = TemporaryDesk(tmp_path)
    desk = made.open()
    kept, gone = start(desk, "an otter swims"), start(desk, "the pewter heron sleeps")
    desk.conversations.catch_up_index()
    is_refused = False
    try:
        with files_at_most(limit_bytes):
            desk.erasure.erase([gone], "request")
    except (DiskFullError, DiskFailedError, VaultDamagedError):
        is_refused = True
        desk.vault.abandon()
    else:
        desk.close()
    assert is_refused or limit_bytes > TOO_SMALL
    with made.opened() as again:
        assert unfinished(again.vault) == ()
        with again.vault.connect().connect() as connection:
            is_erased = gone in erased_ids(connection)
        if is_erased:
            assert not again.vault.keyring.has(gone)
            assert again.conversations.search("heron") == ()
            with pytest.raises(NoSuchConversationError):
                again.conversations.thread(gone)
        else:
            assert again.conversations.thread(gone).items[-1].text == "the pewter heron sleeps"
            assert len(again.conversations.search("heron")) == 1
        assert again.conversations.thread(kept)
        assert len(again.conversations.search("otter")) == 1
        assert verify_log(again.ledger.log, again.vault, lambda _done, _total: None).is_sound
        assert not again.vault.verify_files().problems
