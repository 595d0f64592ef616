"""What a patient may ask again and again, how many strangers may begin, and a clock that runs years ahead."""

from dataclasses import replace

from app.channel.documents import OfficeDocument
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.domain.conversation import InboxView
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.services.channel import hellos
from tests.support.wire import Mailbox, WirePatient
from tests.unit.services.channel.conftest import NOTICE

DAY_MS = 86_400_000


def swap_last_two(practice, patient: WirePatient) -> None:
    """Let the gateway deliver the second of two frames first."""
    box = practice.wire.mailboxes[patient.address]
    (one, _, first), (two, _, second) = box.frames[-2:]
    box.frames[-2:] = [(one, True, second), (two, True, first)]


def test_a_wish_to_be_erased_that_is_said_twenty_times_is_one_request(practice):
    patient, cid = practice.meet("Good morning")
    for _ in range(20):
        patient.say(Kind.ERASE, {})
    practice.run()
    kinds = [event.kind for event in (*practice.desk.ledger.log.read(cid), *practice.desk.ledger.log.read(OFFICE))]
    assert kinds.count(EventKind.ERASURE_ASKED) == 20
    assert kinds.count(EventKind.SUBJECT_REQUEST_TAKEN) == 1


def test_more_strangers_than_an_hour_takes_wait_for_another_and_junk_counts_for_nothing(practice, monkeypatch):
    monkeypatch.setattr(hellos, "MAX_STRANGERS", 2)
    practice.desk.channel.set_notice(replace(NOTICE, is_open_door=True))
    document = OfficeDocument.open(
        practice.wire.document, practice.desk.channel._keys.office_id, now_s=practice.files.clock() // 1000
    )

    def comes(number: int, *, is_junk: bool = False) -> None:
        address = bytes([number]) * 16
        practice.wire.mailboxes[address] = Mailbox(b"", 0)
        session = PatientSession.begin(document, address, b"p" * 32 if is_junk else None)
        WirePatient(practice.wire, session, address, document, practice.files.clock).hello("Is there a free hour?")
        practice.run()

    for number in range(1, 5):
        comes(number, is_junk=True)
    for number in range(5, 8):
        comes(number)
    assert len(practice.desk.conversations.inbox(InboxView.OPEN)) == 2
    practice.files.clock.move(3_600_000)
    comes(8)
    assert len(practice.desk.conversations.inbox(InboxView.OPEN)) == 3


def test_a_clock_that_runs_years_ahead_closes_no_conversation(practice):
    _patient, cid = practice.meet("Good morning")
    practice.desk.close()
    practice.files.clock.move(4 * 365 * DAY_MS)
    practice.start()
    practice.run()
    assert practice.desk.channel.thread(cid) is not None
    practice.reply(cid, "Good morning to you.")


def test_a_consent_that_comes_behind_the_withdrawal_is_on_record_and_allows_nothing(practice):
    patient = practice.invite()
    patient.hello("Good morning")
    patient.session, item = patient.session.compose(Kind.WITHDRAW, {}, patient.now_ms())
    patient.session, frame = patient.session.hello(items=[item], receipt=None)
    patient.wire.put(patient.address, frame, to_desk=True)
    swap_last_two(practice, patient)
    practice.run()
    (row,) = practice.desk.conversations.inbox(InboxView.OPEN)
    peer = practice.desk.channel.thread(row.conversation_id).peer
    assert peer.consent_version == 1
    assert not peer.assistant_allowed
