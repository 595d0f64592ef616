"""One attachment is taken out for good: its name, its key, its chunks here and what the gateway still has of it."""

import pytest

from app.channel.attachments import seal_file
from app.channel.kinds import Kind
from app.services.erasing.redaction import MASK
from app.services.errors import RedactionFault, RedactionRefusedError
from app.store.channel import files
from app.store.upkeep import rebuild_projections, verify_log

NAME = "letter.pdf"


def _item(practice, cid, name=NAME):
    (item,) = (one for one in practice.desk.conversations.thread(cid).items if one.text == name)
    return item.event_id


def _rows(practice, cid):
    with practice.desk.ledger.reading() as connection:
        return files.files_of(connection, cid)


@pytest.fixture
def with_file(practice):
    patient, cid = practice.meet("Good morning")
    patient.attach(NAME, "application/pdf", b"%PDF-1.4 a letter")
    practice.run()
    return patient, cid, _item(practice, cid)


def test_nothing_of_it_is_left_but_a_mark(practice, with_file):
    _patient, cid, event_id = with_file
    (key,) = [event.body["file"]["key"] for event in practice.desk.ledger.log.read(cid) if "file" in event.body]
    done = practice.desk.redaction.redact(cid, event_id)
    assert done.quotes == 0
    assert practice.lines(cid) == ["Good morning", MASK]
    assert practice.desk.channel.thread(cid).files == {}
    assert _rows(practice, cid) == ()
    assert not [event for event in practice.desk.ledger.log.read(cid) if key in str(event.body)]
    practice.reopen()
    assert practice.lines(cid) == ["Good morning", MASK]


def test_the_log_still_holds_and_a_rebuild_shows_the_same(practice, with_file):
    _patient, cid, event_id = with_file
    practice.desk.redaction.redact(cid, event_id)
    log, vault = practice.desk.ledger.log, practice.desk.vault
    report = verify_log(log, vault, lambda _done, _total: None)
    assert (report.problems, report.stale_projections) == ((), 0)
    rebuild_projections(log, vault, lambda _done, _total: None)
    assert practice.lines(cid) == ["Good morning", MASK]


def test_what_the_gateway_still_has_is_dropped_there(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.channel.attach(cid, NAME, b"for nobody any more")
    practice.run()
    assert practice.wire.mailboxes[patient.address].blobs
    practice.desk.redaction.redact(cid, _item(practice, cid))
    practice.run()
    assert practice.wire.mailboxes[patient.address].blobs == {}
    patient.listen()
    (received,) = [one for one in patient.heard if one.kind is Kind.FILE]
    patient.say(Kind.MISSING, {"id": received.message_id})
    practice.run()
    assert practice.wire.mailboxes[patient.address].blobs == {}
    assert "file_asked" not in practice.notices(cid)


def test_one_that_has_not_come_whole_is_not_fetched_any_more(practice):
    patient, cid = practice.meet("Good morning")
    sealed = seal_file(b"x" * 200_000)
    chunks = practice.wire.mailboxes[patient.address].blobs[sealed.blob] = dict(enumerate(sealed.chunks))
    chunks[2] = bytes(len(chunks[2]))
    patient.say(Kind.FILE, sealed.content(NAME, "application/pdf"))
    practice.run()
    practice.desk.redaction.redact(cid, _item(practice, cid))
    practice.files.clock.move(3_600_000)
    practice.run()
    assert practice.wire.mailboxes[patient.address].blobs == {}
    assert _rows(practice, cid) == ()
    patient.listen()
    assert not {Kind.FETCHED, Kind.MISSING} & set(patient.kinds())


def test_a_part_of_its_name_is_refused_and_other_words_still_go_alone(practice, with_file):
    _patient, cid, event_id = with_file
    with pytest.raises(RedactionRefusedError) as refused:
        practice.desk.redaction.redact(cid, event_id, (0, 3))
    assert refused.value.fault is RedactionFault.IS_A_FILE
    assert practice.desk.channel.attachment(event_id) == b"%PDF-1.4 a letter"
    practice.desk.redaction.redact(cid, _item(practice, cid, "Good morning"))
    practice.desk.redaction.redact(cid, event_id)
    assert practice.lines(cid) == [MASK, MASK]


def test_a_copy_of_the_persons_data_goes_without_it(practice, with_file):
    _patient, cid, event_id = with_file
    practice.desk.redaction.redact(cid, event_id)
    (copied,) = practice.desk.subjects.copy([cid])["conversations"]
    assert copied["channel"]["files"] == []
