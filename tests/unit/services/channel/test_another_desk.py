"""A vault from a backup is another desk: nothing it says is lost, and what it cannot open is told to people."""

from pathlib import Path

from app.domain.channel import Delivery
from app.services.backups import RestoreService, by_password
from tests.support.vaults import PASSWORD
from tests.support.wire import WirePatient

DAY_MS = 86_400_000


def put_back(practice, place: Path) -> None:
    """Restore the vault from its backup, and open it."""
    practice.desk.close()
    RestoreService(practice.files.clock).restore(
        place, practice.files.store.directory, by_password(PASSWORD), is_replacing=True
    )
    practice.start()


def back_up(practice, folder: Path) -> Path:
    place = folder / "backup"
    place.mkdir()
    practice.desk.backups.take(place)
    return place


def hear(patient: WirePatient) -> None:
    """Take everything, as the page does, also what it refuses: that is dropped."""
    seqs = [seq for seq, _frame in patient.wire.waiting(patient.address, to_desk=False)]
    patient.listen()
    for seq in seqs:
        patient.wire.take(patient.address, seq, to_desk=False)


def renew(practice, patient: WirePatient) -> None:
    """A new generation, as the page makes one after a day."""
    practice.files.clock.move(DAY_MS)
    patient.session, frame = patient.session.hello(items=[], receipt=None)
    patient.wire.put(patient.address, frame, to_desk=True)
    for _ in range(3):
        practice.run()
        hear(patient)


def test_a_reply_from_a_vault_that_was_put_back_waits_until_its_patient_knows_the_new_desk(practice, tmp_path):
    patient, cid = practice.meet("Good morning")
    put_back(practice, back_up(practice, tmp_path))
    event_id = practice.reply(cid, "Good morning to you.")
    practice.run()
    hear(patient)
    assert patient.texts() == []
    assert practice.desk.channel.thread(cid).delivery[event_id] is Delivery.WAITING
    renew(practice, patient)
    assert patient.texts() == ["Good morning to you."]
    practice.run()
    assert practice.desk.channel.thread(cid).delivery[event_id] is Delivery.DELIVERED


def test_what_is_sealed_to_keys_from_after_the_backup_is_told_to_people_once_a_day(practice, tmp_path):
    patient, cid = practice.meet("Good morning")
    place = back_up(practice, tmp_path)
    renew(practice, patient)
    put_back(practice, place)
    patient.text("Into a generation that the backup does not know.")
    patient.text("Once more.")
    practice.run()
    assert practice.lines(cid) == ["Good morning"]
    assert practice.notices(cid).count("unreadable") == 1


def test_a_reply_that_was_lost_with_its_generation_is_sealed_anew_and_shown_once(practice):
    patient, cid = practice.meet("Good morning")
    event_id = practice.reply(cid, "Lost on the way.")
    practice.run()
    patient.wire.mailboxes[patient.address].frames.clear()
    renew(practice, patient)
    assert patient.texts() == []
    practice.files.clock.move(8 * DAY_MS)
    patient.text("Are you there?")
    for _ in range(2):
        practice.run()
        hear(patient)
    practice.run()
    assert patient.texts() == ["Lost on the way."]
    assert practice.desk.channel.thread(cid).delivery[event_id] is Delivery.DELIVERED
