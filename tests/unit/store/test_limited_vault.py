"""A vault opened by somebody who never sees a message: what they hold opens the log, and no word of a conversation."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto.errors import SealBrokenError
from app.crypto.passwords import FLOOR
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import OFFICE, ConversationId, PersonId
from app.domain.office import Person, Role
from app.services.vaults import VaultService
from app.store.codec import open_body
from app.store.errors import NotAllowedError, StoreError, UnknownConversationError, VaultDamagedError
from app.store.keyring import Keyring
from app.store.latch import WriteLatch
from app.store.log import EventLog
from app.store.vault import VaultFiles
from tests.support.desks import TemporaryDesk

OLAF = Person(PersonId("olaf"), "Olaf Reyes", Role.AUDITOR)
OLAFS = "seven herons over a slate roof"


@pytest.fixture
def office(tmp_path: Path) -> tuple[Path, ConversationId]:
    """A vault with one conversation, and an auditor who may open it."""
    place = TemporaryDesk(tmp_path)
    with place.opened() as desk:
        cid = desk.conversations.start("Ada Quill", Origin.PHONE, "My ankle is worse.")
        desk.vault.people.add(OLAF, OLAFS, kdf=FLOOR, must_change=False)
    return place.store.directory, cid


def test_an_auditor_opens_the_vault_and_reads_what_the_office_says_of_itself(
    office: tuple[Path, ConversationId],
) -> None:
    with VaultService().unlock(office[0], OLAFS) as desk:
        assert desk.person == OLAF
        assert desk.office.name
        assert [person.display_name for person in desk.vault.password_holders] == ["Mara Lind", "Olaf Reyes"]
        assert not desk.vault.may_read_messages


def test_no_key_that_an_auditor_holds_opens_a_word(office: tuple[Path, ConversationId]) -> None:
    """By arithmetic: every key in the box is tried on the sealed message and on both copies of the keyring."""
    directory, cid = office
    with VaultFiles.open(directory, OLAFS) as vault:
        keys = vault.people.unlocked.keys
        sealed = [one for one in EventLog(vault).walk_from(0) if one.conversation_id == cid]
        assert sealed
        for key in (keys.database, keys.head, keys.slots, keys.names, keys.office or b""):
            for one in sealed:
                place = {"conversation_id": cid, "event_id": one.event_id, "kind": one.kind, "schema": one.schema}
                with pytest.raises((VaultDamagedError, SealBrokenError)):
                    open_body(key, one.body, **place)
            with pytest.raises(StoreError):
                Keyring(directory, key, vault.vault_id, vault.head, WriteLatch()).load(0)
        with pytest.raises(UnknownConversationError):
            EventLog(vault).read(cid)
        for act in (
            lambda: vault.keyring.index_key,
            vault.index_engine,
            lambda: vault.keyring.add(ConversationId("new")),
            lambda: vault.keyring.drop(cid),
            vault.keyring.rotate_index_key,
        ):
            with pytest.raises(NotAllowedError):
                act()


def test_what_an_auditor_leaves_behind_opens_for_the_others(office: tuple[Path, ConversationId]) -> None:
    directory, cid = office
    with VaultService().unlock(directory, OLAFS) as desk:
        desk.ledger.write(OFFICE, EventKind.SIGN_IN_REFUSED, person_id=OLAF.person_id, count=1)
    with VaultService().unlock(directory, "copper lantern under quiet stairs") as desk:
        assert [item.text for item in desk.conversations.thread(cid).items[1:]] == ["My ankle is worse."]
        assert VaultService().verify(desk).is_sound


def test_an_auditor_proves_that_log_and_files_are_whole(office: tuple[Path, ConversationId]) -> None:
    with VaultService().unlock(office[0], OLAFS) as desk:
        assert VaultService().verify(desk).is_sound


def test_an_auditors_desk_makes_no_other_person_of_itself(office: tuple[Path, ConversationId]) -> None:
    with VaultService().unlock(office[0], OLAFS) as desk:
        with pytest.raises(NotAllowedError):
            desk.vault.people.change(replace(OLAF, role=Role.ADMINISTRATOR))
        with pytest.raises(NotAllowedError):
            desk.vault.people.ask_for_rotation()
