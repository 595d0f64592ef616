"""A file is at the desk when all of it is stored there; what a gateway lost is asked for again, on both sides."""

import pytest

from app.channel.attachments import seal_file
from app.channel.kinds import Kind
from app.services.channel.file_fates import AGAIN_MS
from app.services.errors import ChannelFault, ChannelRefusedError


def _said(patient, kind):
    patient.listen()
    return [one.content["id"] for one in patient.heard if one.kind is kind]


def test_a_visitor_hears_that_a_file_is_here_once_all_of_it_is(practice):
    patient, cid = practice.meet("Good morning")
    sealed = seal_file(b"x" * 100_000)
    practice.wire.mailboxes[patient.address].blobs[sealed.blob] = chunks = dict(enumerate(sealed.chunks))
    good = chunks[1]
    chunks[1] = good[:-1] + bytes([good[-1] ^ 1])
    message_id = patient.say(Kind.FILE, sealed.content("scan.pdf", "application/pdf"))
    practice.run()
    assert _said(patient, Kind.FETCHED) == _said(patient, Kind.MISSING) == []
    chunks[1] = good
    practice.files.clock.move(61_000)
    practice.run()
    assert _said(patient, Kind.FETCHED) == [message_id]
    (info,) = practice.desk.channel.thread(cid).files.values()
    assert info.is_here


def test_a_file_that_came_before_the_browser_proved_itself_is_told_of_once_it_has(practice):
    patient = practice.invite()
    patient.session, item = patient.session.compose(Kind.FILE, _left(practice, patient), patient.now_ms())
    patient.session, hello = patient.session.hello(items=[item], receipt=patient.receipt())
    practice.wire.put(patient.address, hello, to_desk=True)
    practice.run()
    assert _said(patient, Kind.FETCHED) == []
    practice.run()
    assert _said(patient, Kind.FETCHED) == [item.message_id]


def test_a_file_that_the_gateway_lost_is_asked_for_again_and_the_thread_says_so(practice):
    patient, cid = practice.meet("Good morning")
    lost = patient.say(Kind.FILE, seal_file(b"x").content("scan.pdf", "application/pdf"))
    practice.run()
    assert _said(patient, Kind.MISSING) == [lost]
    ((event_id, info),) = practice.desk.channel.thread(cid).files.items()
    assert info.is_lost
    assert not info.is_here
    assert "file_lost" in practice.notices(cid)
    with pytest.raises(ChannelRefusedError) as refused:
        practice.desk.channel.attachment(event_id)
    assert refused.value.fault is ChannelFault.FILE_LOST
    again = patient.say(Kind.FILE, _left(practice, patient))
    practice.run()
    assert _said(patient, Kind.MISSING) == [lost]
    assert _said(patient, Kind.FETCHED) == [again]


def test_a_file_that_is_never_what_was_described_counts_as_lost_in_the_end(practice):
    patient, cid = practice.meet("Good morning")
    content = _left(practice, patient)
    practice.wire.mailboxes[patient.address].blobs[content["blob"]][0] = bytes(65_553)
    message_id = patient.say(Kind.FILE, content)
    for _ in range(4):
        practice.run()
        practice.files.clock.move(3_600_000)
    assert _said(patient, Kind.MISSING) == [message_id]
    assert practice.notices(cid).count("file_lost") == 1


def test_our_file_that_the_gateway_lost_is_left_there_again_and_named_again(practice):
    patient, cid = practice.meet("Good morning")
    event_id = practice.desk.channel.attach(cid, "form.pdf", b"a form")
    practice.run()
    patient.listen()
    (received,) = [one for one in patient.heard if one.kind is Kind.FILE]
    practice.run()
    practice.wire.mailboxes[patient.address].blobs.clear()
    patient.say(Kind.MISSING, {"id": received.message_id})
    practice.run()
    patient.listen()
    assert [one.message_id for one in patient.heard if one.kind is Kind.FILE] == [received.message_id] * 2
    assert patient.fetch(received) == b"a form"
    assert "file_asked" in practice.notices(cid)
    assert not practice.desk.channel.thread(cid).files[event_id].is_fetched
    patient.say(Kind.FETCHED, {"id": received.message_id})
    practice.run()
    assert practice.desk.channel.thread(cid).files[event_id].is_fetched


def test_asking_again_and_again_does_not_keep_the_desk_uploading(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.channel.attach(cid, "form.pdf", b"a form")
    practice.run()
    patient.listen()
    (received,) = [one for one in patient.heard if one.kind is Kind.FILE]
    for _ in range(5):
        patient.say(Kind.MISSING, {"id": received.message_id})
        practice.run()
    assert practice.notices(cid).count("file_asked") == 1
    practice.files.clock.move(AGAIN_MS)
    patient.say(Kind.MISSING, {"id": received.message_id})
    practice.run()
    assert practice.notices(cid).count("file_asked") == 2


@pytest.mark.parametrize("kind", [Kind.FETCHED, Kind.MISSING])
def test_word_of_a_file_that_is_none_of_ours_changes_nothing(practice, kind):
    patient, cid = practice.meet("Good morning")
    own = patient.say(Kind.FILE, _left(practice, patient))
    practice.run()
    before = practice.notices(cid)
    for one in (own, bytes(16)):
        patient.say(kind, {"id": one})
    practice.run()
    assert practice.notices(cid) == before
    assert all(not info.is_fetched for info in practice.desk.channel.thread(cid).files.values())


def _left(practice, patient):
    sealed = seal_file(b"what was scanned")
    practice.wire.mailboxes[patient.address].blobs[sealed.blob] = dict(enumerate(sealed.chunks))
    return sealed.content("scan.pdf", "application/pdf")
