"""The way back from stand-ins dies with its conversation: in the vault, in what was kept of its files, and in backups.

The details of a contact are found with it, and die with it as well.
"""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.anonymise.labels import Label
from app.anonymise.replacing.profiles import Profile
from app.domain.contact import ContactDetails
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.services.anonymising.rules import AnonymiseRules
from app.services.anonymising.view import LeavingView
from app.services.backups import RestoreService
from app.services.desk import Desk
from app.store.chain import StoredEvent
from app.store.codec import open_body
from app.store.errors import UnknownConversationError, VaultDamagedError
from app.store.folder_lock import FolderLock
from app.store.open_vault import OpenVault
from app.store.vault import open_unlocked
from tests.support.anonymising import InProcessAnonymiser
from tests.support.desks import TemporaryDesk

DETAILS = ContactDetails(
    other_names=("Rosalind Quill",),
    birth_date=date(1984, 3, 3),
    phones=("+1 860 555 0142",),
    address="47 Larkspur Street, Harrowgate, MA 01101",
    record_numbers=("LQ-482133",),
    relatives=("Jorge Melor",),
)
TEXT = "rosa here, born march 3rd 84, call five five five oh one four two or jorge, 47 larkspur st, file lq 482133"


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        yield opened


@pytest.fixture
def cid(desk: Desk) -> ConversationId:
    cid = desk.conversations.start("Rosa Melor", Origin.PHONE, TEXT)
    desk.contacts.describe(cid, DETAILS)
    return cid


def view_of(desk: Desk) -> LeavingView:
    return LeavingView(desk.ledger, AnonymiseRules(desk.ledger), InProcessAnonymiser())


def mapped(desk: Desk, cid: ConversationId) -> list[StoredEvent]:
    with desk.ledger.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT * FROM event WHERE conversation_id = ? AND kind = ?", (cid, EventKind.ANONYMISED_MAPPED.value)
        )
        return [StoredEvent(*row) for row in rows]


def opener(made: TemporaryDesk) -> Callable[[Path], OpenVault]:
    return lambda folder: open_unlocked(folder, made.store.unlocked, FolderLock.acquire(folder))


def test_everything_that_is_known_of_the_contact_is_found_and_says_why(desk: Desk, cid: ConversationId) -> None:
    thread = view_of(desk).show(cid, Profile.LABELS)
    (message,) = thread.messages
    why = {message.said(mark): (mark.label, mark.why) for mark in message.marks}
    assert why["rosa"] == (Label.PERSON, "office.contact.part")
    assert why["march 3rd 84"] == (Label.DATE, "office.contact_birth_date")
    assert why["five five five oh one four two"] == (Label.PHONE, "office.contact_phones")
    assert why["jorge"] == (Label.PERSON, "office.contact_relatives.part")
    assert why["47 larkspur st"] == (Label.ADDRESS, "office.contact_address.part")
    assert why["lq 482133"] == (Label.ID, "office.contact_record_numbers")


def test_what_is_known_of_one_contact_is_not_looked_for_in_another_conversation(
    desk: Desk, cid: ConversationId
) -> None:
    other = desk.conversations.start("Bo Finch", Origin.PHONE, "jorge says 47 larkspur st")
    assert view_of(desk).show(other, Profile.LABELS).found_count <= 1  # the shape of a street, and nobody's name
    assert "jorge" in view_of(desk).show(other, Profile.LABELS).leaving_text
    assert "jorge" not in view_of(desk).show(cid, Profile.LABELS).leaving_text


def test_the_sealed_way_back_opens_with_no_other_key(desk: Desk, cid: ConversationId) -> None:
    view = view_of(desk)
    view.keep_mapping(view.show(cid, Profile.LABELS))
    other = desk.conversations.start("Bo Finch", Origin.PHONE, "hi")
    (kept,) = mapped(desk, cid)
    places = {"conversation_id": cid, "event_id": kept.event_id, "kind": kept.kind, "schema": kept.schema}
    right, wrong = desk.ledger.keys.key_for(cid), desk.ledger.keys.key_for(other)
    assert "rosa" in str(open_body(right, kept.body, **places))
    for key in (wrong, desk.ledger.keys.index_key, bytes(32)):
        with pytest.raises(VaultDamagedError):
            open_body(key, kept.body, **places)


def test_a_copy_of_the_files_from_before_the_erasure_cannot_be_mapped_back_with_the_keys_of_after(
    desk: Desk, cid: ConversationId
) -> None:
    view = view_of(desk)
    view.keep_mapping(view.show(cid, Profile.LABELS))
    (kept,) = mapped(desk, cid)
    desk.erasure.erase((cid,), "request")
    assert [one.is_shed for one in mapped(desk, cid)] == [True]
    with pytest.raises(UnknownConversationError):
        desk.ledger.keys.key_for(cid)
    assert b"rosa" not in kept.body.lower()
    assert view.who_is(cid, "[PERSON_1]") is None


def test_a_backup_from_before_the_erasure_gives_no_way_back(
    made: TemporaryDesk, desk: Desk, cid: ConversationId, tmp_path: Path
) -> None:
    view, disk = view_of(desk), tmp_path / "disk"
    disk.mkdir()
    view.keep_mapping(view.show(cid, Profile.LABELS))
    desk.backups.take(disk)
    desk.backups.places = (disk,)
    key = bytes(desk.ledger.keys.key_for(cid))
    desk.erasure.erase((cid,), "request")
    assert not any(key in file.read_bytes() for file in disk.rglob("*") if file.is_file())
    RestoreService(made.clock).restore(disk, tmp_path / "back", opener(made))
    with Desk.over(opener(made)(tmp_path / "back"), made.clock) as back:
        with pytest.raises(UnknownConversationError):
            back.ledger.keys.key_for(cid)
        assert [one.is_shed for one in mapped(back, cid)] == [True]
        assert view_of(back).who_is(cid, "[PERSON_1]") is None
        assert back.subjects.find("860 555 0142") == ()
        with back.ledger.reading() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM contact_details").scalar() == 0
