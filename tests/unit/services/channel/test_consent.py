"""Consent: given with a version, kept as it was signed, withdrawn at any moment; no model without it."""

import json
from base64 import b64decode

import pytest

from app.channel.kinds import Kind
from app.channel.receipts import Receipt, receipt_object
from app.channel.signing import Signed
from app.domain.channel import MAX_FILE_BYTES
from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ProposalId
from app.domain.proposal import Proposal, ProposalAction
from app.domain.strict_json import from_base64
from app.services.errors import ChannelFault, ChannelRefusedError


def proposal(cid) -> Proposal:
    return Proposal(
        proposal_id=ProposalId("P"),
        conversation_id=cid,
        based_on=None,
        action=ProposalAction.PROPOSE,
        text="Come at nine.",
        sentences=(),
        sources=(),
        warnings=(),
        model_name="m",
        first_token_ms=None,
        total_ms=1,
    )


def test_the_receipt_that_is_kept_is_the_one_that_was_signed(practice):
    patient, cid = practice.meet("Good morning", language="es")
    (event,) = [one for one in practice.desk.ledger.log.read(cid) if one.kind is EventKind.CONSENT_GIVEN]
    signed = Signed(from_base64(str(event.body["receipt"])), from_base64(str(event.body["signature"])))
    verify = patient.session.signer.public
    receipt = Receipt.open(signed, verify, office=patient.document.office_id, address=patient.address)
    assert (receipt.notice_version, receipt.language, receipt.assistant) == (1, "es", True)
    peer = practice.desk.channel.peer(cid)
    assert (peer.consent_version, peer.language, peer.assistant_allowed) == (1, "es", True)


def test_whoever_talks_without_the_assistant_is_never_given_to_a_model(practice):
    _patient, cid = practice.meet("Good morning", assistant=False)
    assert not practice.desk.channel.may_propose(cid)
    with pytest.raises(ChannelRefusedError) as refused:
        practice.desk.conversations.record_proposal(cid, proposal(cid))
    assert refused.value.fault is ChannelFault.NO_CONSENT


def test_without_a_consent_there_is_a_conversation_and_no_model(practice):
    _patient, cid = practice.meet("Good morning", has_consent=False)
    assert practice.lines(cid) == ["Good morning"]
    assert not practice.desk.channel.may_propose(cid)


def test_a_conversation_of_another_door_is_the_offices_own(practice):
    cid = practice.desk.conversations.start("Bo Reed", Origin.PHONE, "Hello")
    assert practice.desk.conversations.may_propose(cid)


def test_withdrawing_sets_the_proposal_aside_in_the_same_moment(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.conversations.record_proposal(cid, proposal(cid))
    assert practice.desk.conversations.thread(cid).proposal is not None
    patient.say(Kind.WITHDRAW, {})
    practice.run()
    assert practice.desk.conversations.thread(cid).proposal is None
    assert not practice.desk.channel.may_propose(cid)
    assert "consent_withdrawn" in practice.notices(cid)


def test_the_visitors_own_switch_turns_the_assistant_off_and_on(practice):
    patient, cid = practice.meet("Good morning")
    allowed = []
    for is_on in (False, True):
        patient.say(Kind.ASSISTANT, {"on": is_on})
        practice.run()
        allowed.append(practice.desk.channel.may_propose(cid))
    assert allowed == [False, True]


def test_a_switch_that_stands_on_no_consent_turns_nothing_on(practice):
    patient, cid = practice.meet("Good morning", has_consent=False)
    patient.say(Kind.ASSISTANT, {"on": True})
    practice.run()
    assert not practice.desk.channel.may_propose(cid)


def test_a_consent_that_comes_later_counts_and_one_to_a_text_never_shown_does_not(practice):
    patient, cid = practice.meet("Good morning", has_consent=False)
    consent = Receipt(
        patient.document.office_id, b"n" * 32, 9, "en", b"s" * 32, assistant=True, address=patient.address, at_ms=1
    )
    patient.say(Kind.CONSENT, {"receipt": receipt_object(consent.sign(patient.session.signer))})
    practice.run()
    assert not practice.desk.channel.may_propose(cid)
    patient.say(Kind.CONSENT, {"receipt": receipt_object(patient.receipt())})
    practice.run()
    assert practice.desk.channel.may_propose(cid)
    assert practice.desk.channel.status().refused_frames == 1
    patient.listen()
    assert Kind.RECEIPT in patient.kinds()


def test_a_consent_that_was_held_back_does_not_undo_a_withdrawal(practice):
    patient, cid = practice.meet("Good morning", has_consent=False)
    patient.say(Kind.CONSENT, {"receipt": receipt_object(patient.receipt())})
    held_back = practice.wire.mailboxes[patient.address].frames.pop()
    patient.say(Kind.WITHDRAW, {})
    practice.run()
    practice.wire.mailboxes[patient.address].frames.append((practice.wire.seq + 3, *held_back[1:]))
    practice.run()
    assert "consent_given:1" in practice.notices(cid)
    assert not practice.desk.channel.may_propose(cid)


def test_what_comes_behind_a_later_message_says_so(practice):
    patient, cid = practice.meet("Good morning")
    patient.text("First.")
    held_back = practice.wire.mailboxes[patient.address].frames.pop()
    patient.text("Second.")
    practice.run()
    practice.wire.mailboxes[patient.address].frames.append((practice.wire.seq + 3, *held_back[1:]))
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Second.", "First."]
    assert practice.notices(cid)[-1] == "late"


def test_what_is_missing_for_too_long_is_told_once(practice):
    patient, cid = practice.meet("Good morning")
    patient.text("Lost.")
    practice.wire.mailboxes[patient.address].frames.pop()
    patient.text("Second.")
    practice.run()
    assert "gap" not in practice.notices(cid)
    practice.files.clock.move(31_000)
    for _ in range(3):
        practice.desk.channel.keep_up()
    assert practice.notices(cid).count("gap") == 1
    assert [alarm.kind.value for alarm in practice.desk.channel.peer(cid).alarms] == ["gap"]


def test_a_wish_to_be_erased_stands_in_the_register_with_the_laws_own_clock(practice):
    patient, cid = practice.meet("Good morning")
    patient.say(Kind.ERASE, {})
    practice.run()
    (request,) = practice.desk.subjects.register()
    assert (request.kind.value, request.conversation_ids, request.identity) == ("erase", (cid,), "channel")
    assert request.due_on > request.received_on


def test_a_file_that_is_not_what_was_described_is_not_taken_for_it(practice):
    patient, cid = practice.meet("Good morning")
    patient.attach("scan.pdf", "application/pdf", b"x" * 100_000)
    (chunks,) = practice.wire.mailboxes[patient.address].blobs.values()
    good = chunks[1]
    chunks[1] = good[:-1] + bytes([good[-1] ^ 1])
    practice.run()
    (info,) = practice.desk.channel.thread(cid).files.values()
    assert not info.is_here
    chunks[1] = good
    practice.files.clock.move(61_000)
    practice.run()
    (info,) = practice.desk.channel.thread(cid).files.values()
    assert info.is_here
    assert practice.wire.mailboxes[patient.address].blobs == {}


def test_more_files_than_anybody_looks_at_come_when_somebody_asks(practice, monkeypatch):
    monkeypatch.setattr("app.services.channel.files_moving.MAX_FILES", 2)
    patient, cid = practice.meet("Good morning")
    for number in range(4):
        patient.attach(f"{number}.pdf", "application/pdf", bytes([number]) * 10)
    practice.run()
    found = practice.desk.channel.thread(cid).files
    assert sorted(info.is_here for info in found.values()) == [False, False, True, True]
    late = next(event_id for event_id, info in found.items() if not info.is_here)
    with pytest.raises(ChannelRefusedError):
        practice.desk.channel.attachment(late)
    practice.run()
    assert len(practice.desk.channel.attachment(late)) == 10


def test_ending_and_asking_to_be_erased_are_told_to_people(practice):
    patient, cid = practice.meet("Good morning")
    patient.say(Kind.ERASE, {})
    patient.say(Kind.END, {})
    practice.run()
    peer = practice.desk.channel.peer(cid)
    assert peer.has_ended
    assert peer.asked_erasure_ms is not None
    assert {"erasure_asked", "visitor_ended"} <= set(practice.notices(cid))


def test_a_file_comes_whole_and_one_goes_back(practice):
    patient, cid = practice.meet("Good morning")
    data = bytes(range(256)) * 900
    patient.attach("scan.pdf", "application/pdf", data)
    practice.run()
    (event_id,) = practice.desk.channel.thread(cid).files
    info = practice.desk.channel.thread(cid).files[event_id]
    assert (info.name, info.media_type, info.size, info.is_here) == ("scan.pdf", "application/pdf", len(data), True)
    assert practice.desk.channel.attachment(event_id) == data
    assert practice.wire.mailboxes[patient.address].blobs == {}
    sent = practice.desk.channel.attach(cid, "../form.PDF", data[::-1])
    practice.run()
    patient.listen()
    received = next(one for one in patient.heard if one.kind is Kind.FILE)
    assert (received.content["name"], received.content["type"]) == ("form.PDF", "application/pdf")
    assert patient.fetch(received) == data[::-1]
    practice.run()
    assert practice.desk.channel.delivery(cid)[sent].value == "delivered"


@pytest.mark.parametrize(
    ("data", "fault"),
    [(b"", ChannelFault.FILE_EMPTY), (bytes(MAX_FILE_BYTES + 1), ChannelFault.FILE_TOO_LARGE)],
    ids=["empty", "too large"],
)
def test_a_file_that_is_none_or_too_large_is_refused(practice, data, fault):
    _patient, cid = practice.meet("Good morning")
    with pytest.raises(ChannelRefusedError) as refused:
        practice.desk.channel.attach(cid, "a.pdf", data)
    assert refused.value.fault is fault


def test_a_copy_of_somebodys_data_holds_what_they_agreed_to_and_their_files(practice):
    patient, cid = practice.meet("Good morning")
    patient.attach("scan.pdf", "application/pdf", b"what was scanned")
    patient.say(Kind.WITHDRAW, {})
    practice.run()
    (copied,) = practice.desk.subjects.copy([cid])["conversations"]
    channel = copied["channel"]
    assert [one["what"] for one in channel["consents"]] == ["consent_given", "consent_withdrawn"]
    (file,) = channel["files"]
    assert (file["name"], b64decode(file["base64"])) == ("scan.pdf", b"what was scanned")
    json.dumps(copied)


def test_whoever_came_by_another_door_has_nothing_of_it_in_a_copy(practice):
    cid = practice.desk.conversations.start("Bo Reed", Origin.PHONE, "Hello")
    (copied,) = practice.desk.subjects.copy([cid])["conversations"]
    assert "channel" not in copied
