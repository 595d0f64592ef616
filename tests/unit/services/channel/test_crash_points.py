"""Nothing is lost and nothing comes twice, wherever the program dies; a restored vault is another desk."""

import pytest

from app.channel.kinds import Kind
from app.domain.channel import Delivery
from app.domain.conversation import InboxView
from app.domain.events import EventKind
from app.domain.post_sizes import read_envelope
from app.services.backups import RestoreService, by_password
from app.services.channel.desk_key import DESK_KEY_NAME
from app.store.channel import outbox
from app.store.errors import DiskFullError
from tests.support.vaults import PASSWORD


def test_what_died_between_commit_and_taken_comes_again_and_is_not_shown_twice(practice):
    patient, cid = practice.meet("Good morning")
    practice.wire.is_deaf = True
    patient.text("Only once.")
    practice.wire.links[0].deliver()
    practice.wire.is_deaf = False
    practice.reopen()
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Only once."]
    assert practice.wire.waiting(patient.address, to_desk=True) == []
    patient.listen()
    assert patient.session.line.gap_since_ms() is None


def test_a_hello_that_died_after_the_commit_is_answered_once_more_with_the_same_bytes(practice):
    patient = practice.invite()
    practice.wire.is_deaf = True
    patient.hello("Good morning")
    practice.wire.links[0].deliver()
    practice.wire.is_deaf = False
    practice.reopen()
    practice.run()
    answers = practice.wire.waiting(patient.address, to_desk=False)
    assert len(answers) == 1
    (row,) = practice.desk.conversations.inbox(InboxView.OPEN)
    assert practice.lines(row.conversation_id) == ["Good morning"]


def test_a_reply_that_died_in_the_outbox_leaves_at_the_next_start_and_arrives_once(practice):
    patient, cid = practice.meet("Good morning")
    practice.wire.is_up = False
    event_id = practice.reply(cid, "Come at nine.")
    practice.desk.vault.abandon()  # as a crash leaves it
    practice.wire.is_up = True
    practice.start()
    practice.run()
    patient.listen()
    practice.run()
    assert patient.texts() == ["Come at nine."]
    assert practice.desk.channel.delivery(cid)[event_id] is Delivery.DELIVERED


def test_a_frame_that_was_put_and_not_noted_is_put_again_with_the_same_bytes(practice):
    patient, cid = practice.meet("Good morning")
    practice.reply(cid, "Come at nine.")
    with practice.desk.ledger.reading() as connection:
        (row,) = outbox.unsent(connection, 10)
    practice.wire.put(row.address, row.frame, to_desk=False)
    before = practice.wire.puts
    practice.reopen()
    practice.run()
    assert practice.wire.puts == before
    patient.listen()
    assert patient.texts() == ["Come at nine."]


def test_a_mailbox_that_was_lost_costs_time_and_no_message(practice):
    patient, cid = practice.meet("Good morning")
    practice.reply(cid, "Come at nine.")
    practice.run()
    box = practice.wire.mailboxes[patient.address]
    box.frames.clear()
    box.known.clear()
    practice.reopen()
    practice.run()
    patient.listen()
    assert patient.texts() == ["Come at nine."]


def test_every_start_sends_in_a_chain_of_its_own(practice):
    patient, cid = practice.meet("Good morning")
    practice.reply(cid, "One.")
    practice.run()
    practice.reopen()
    practice.reply(cid, "Two.")
    practice.run()
    frames = [read_envelope(frame) for _seq, frame in practice.wire.waiting(patient.address, to_desk=False)]
    assert len({frame.chain for frame in frames}) == 2
    patient.listen()
    assert patient.texts() == ["One.", "Two."]


def test_a_write_that_fails_changes_nothing_and_the_gateway_keeps_the_frame(practice, monkeypatch):
    patient, cid = practice.meet("Good morning")
    patient.text("Kept.")
    with monkeypatch.context() as broken:
        broken.setattr(practice.desk.ledger.vault.keyring, "save", _fail)
        practice.wire.links[0].deliver()
    assert practice.lines(cid) == ["Good morning"]
    assert len(practice.wire.waiting(patient.address, to_desk=True)) == 1
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Kept."]


def test_a_vault_from_a_backup_is_another_desk_and_goes_on_talking(practice, tmp_path):
    patient, cid = practice.meet("Good morning")
    desk_before = practice.desk.channel._keys.standing.identity.desk
    place = tmp_path / "backup"
    place.mkdir()
    practice.desk.backups.take(place)
    practice.desk.close()
    assert not any(path.name == DESK_KEY_NAME for path in place.rglob("*"))
    target = practice.files.store.directory
    service = RestoreService(practice.files.clock)
    service.restore(place, target, by_password(PASSWORD), is_replacing=True)
    practice.start()
    assert practice.desk.channel._keys.standing.identity.desk != desk_before
    patient.text("Still there?")
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Still there?"]


def _fail() -> None:
    raise DiskFullError


@pytest.mark.parametrize("times", [1, 3])
def test_the_same_frame_again_and_again_is_one_message_and_acknowledged_each_time(practice, times):
    patient, cid = practice.meet("Good morning")
    patient.text("Once.")
    (waiting,) = practice.wire.waiting(patient.address, to_desk=True)
    practice.run()
    for seq in range(times):
        practice.desk.channel._line._on_frame(patient.address, 10_000 + seq, waiting[1])
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Once."]
    received = [one for one in practice.desk.ledger.log.read(cid) if one.kind is EventKind.MESSAGE_RECEIVED]
    assert len(received) == 2
    patient.listen()
    assert patient.kinds().count(Kind.ACK) >= 2


def test_what_does_not_hold_is_counted_and_changes_nothing(practice):
    patient, cid = practice.meet("Good morning")
    frame = bytearray(patient.wire.stored[-1])
    before = practice.desk.ledger.log.tail()
    for untrusted in (b"", b"\1" * 400, bytes(frame[:-1]) + bytes([frame[-1] ^ 1])):
        practice.desk.channel._line._on_frame(patient.address, 1, untrusted)
    practice.desk.channel._line._on_frame(b"?" * 16, 1, bytes(frame))
    assert practice.desk.ledger.log.tail() == before
    assert practice.desk.channel.status().refused_frames == 4
    patient.text("Good all the same.")
    practice.run()
    assert practice.lines(cid)[-1] == "Good all the same."


def test_what_could_not_be_kept_is_not_let_go_by_what_comes_behind_it(practice, monkeypatch):
    patient, cid = practice.meet("Good morning")
    patient.text("First.")
    patient.text("Second.")
    save, failures = practice.desk.ledger.vault.keyring.save, iter([True])

    def fail_once() -> None:
        if next(failures, False):
            raise DiskFullError
        save()

    with monkeypatch.context() as broken:
        broken.setattr(practice.desk.ledger.vault.keyring, "save", fail_once)
        practice.wire.links[0].deliver()
    assert practice.lines(cid) == ["Good morning"]
    assert len(practice.wire.waiting(patient.address, to_desk=True)) == 2
    practice.wire.links[0].come_back()
    practice.run()
    assert practice.lines(cid) == ["Good morning", "First.", "Second."]


def test_a_mailbox_that_is_full_holds_nobody_else_up(practice):
    sleeper, first = practice.meet("Good morning", name="Ada Quill")
    waker, second = practice.meet("Good morning", name="Bo Reed")
    practice.wire.full.add(sleeper.address)
    for number in range(70):
        practice.reply(first, f"Number {number}.")
    practice.reply(second, "Come at nine.")
    practice.run()
    waker.listen()
    assert waker.texts() == ["Come at nine."]
    practice.wire.full.clear()
    practice.files.clock.move(61_000)
    practice.run()
    sleeper.listen()
    assert len(sleeper.texts()) == 70


def test_a_gateway_that_loses_a_mailbox_while_the_console_is_open_gets_it_all_again(practice):
    patient, cid = practice.meet("Good morning")
    practice.reply(cid, "Come at nine.")
    practice.run()
    box = practice.wire.mailboxes[patient.address]
    box.frames.clear()
    box.known.clear()
    practice.wire.links[0].come_back()
    practice.run()
    patient.listen()
    assert patient.texts() == ["Come at nine."]


def test_a_key_that_cannot_be_read_now_is_not_replaced(practice, monkeypatch):
    practice.desk.close()
    practice.desk = practice.files.open()
    path = practice.files.store.directory / DESK_KEY_NAME
    before = path.read_bytes()
    path.chmod(0o000)
    monkeypatch.setattr("app.services.channel.desk_key.read_bounded", _refuse_to_read)
    with pytest.raises(PermissionError):
        practice.desk.channel._keys.standing  # noqa: B018
    path.chmod(0o600)
    assert path.read_bytes() == before


def _refuse_to_read(_path: object, _limit: int) -> bytes:
    raise PermissionError


def test_everything_that_was_said_in_many_hellos_is_acknowledged_at_once(practice):
    patient = practice.invite()
    for number in range(6):
        patient.hello(f"Early {number}", has_consent=False)
    practice.run()
    patient.listen()
    practice.run()
    told = {chain for one in patient.listen(acknowledges=False) for chain, _height in one.delivered}
    assert len(told) == 7  # six hellos, and the chain of the frame that proved the browser


def test_a_file_that_was_lost_with_its_mailbox_is_left_there_again(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.channel.attach(cid, "form.pdf", b"a form")
    practice.run()
    practice.wire.mailboxes.clear()
    practice.wire.links[0].come_back()
    practice.run()
    patient.listen()
    received = next(one for one in patient.heard if one.kind is Kind.FILE)
    assert patient.fetch(received) == b"a form"


def test_a_reply_is_taken_by_a_new_desk_that_is_not_connected(practice):
    _patient, cid = practice.meet("Good morning")
    practice.desk.close()
    (practice.files.store.directory / DESK_KEY_NAME).unlink()
    practice.desk = practice.files.open()
    event_id = practice.reply(cid, "Come at nine.")
    assert practice.lines(cid)[-1] == "Come at nine."
    assert practice.desk.channel.delivery(cid)[event_id] is Delivery.WAITING
