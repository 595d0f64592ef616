"""The office file: one good one, and every mutation of it refused."""

import json

import pytest

from app.domain.strict_json import to_base64
from app.gateway.errors import OfficeFileError
from app.gateway.office_file import read_document, read_office_file
from tests.support.channel import Office
from tests.support.gateways import write_office_file


@pytest.fixture
def fields(tmp_path):
    return json.loads(write_office_file(tmp_path, Office()).read_bytes())


def read(fields):
    return read_office_file(json.dumps(fields).encode())


def test_a_good_file_tells_the_office_its_hash_and_its_document(fields):
    found = read(fields)
    assert found.office == Office().id
    assert (found.document.seq, found.document.opens_door) == (1, False)
    assert json.loads(found.document.raw) == fields["document"]
    assert (repr(found), repr(found.document)) == ("<OfficeFile>", "<OfficeDocument seq 1>")


def test_the_cards_open_door_is_seen(tmp_path):
    assert read_document(Office(open_door=True).document_json()).opens_door


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda fields: fields.update(v=2), "other_fields"),
        (lambda fields: fields.update(v=True), "other_fields"),
        (lambda fields: fields.update(more=1), "other_fields"),
        (lambda fields: fields.pop("token_hash"), "other_fields"),
        (lambda fields: fields.update(token_hash=to_base64(bytes(31))), "not_base64"),
        (lambda fields: fields.update(office="?"), "not_base64"),
        (lambda fields: fields.update(office=to_base64(bytes(32))), "another_office"),
        (lambda fields: fields.update(document=[]), "document"),
        (lambda fields: fields["document"].update(v=3), "document"),
        (lambda fields: fields["document"].pop("notice"), "document"),
        (lambda fields: fields["document"].update(card="e30"), "document"),
        (lambda fields: fields["document"].update(card_sig=to_base64(bytes(63))), "document"),
        (lambda fields: fields["document"].update(notice=to_base64(b"[]")), "document"),
        (lambda fields: fields["document"].update(certificate=to_base64(b'{"root":1}')), "document"),
    ],
)
def test_one_mutation_from_a_good_file_is_refused(fields, spoil, code):
    spoil(fields)
    with pytest.raises(OfficeFileError) as caught:
        read(fields)
    assert caught.value.code == code


def test_a_card_of_another_root_is_refused(fields):
    other = Office(root=Office().admin)
    document = json.loads(other.document_json())
    fields["document"]["certificate"] = document["certificate"]
    with pytest.raises(OfficeFileError) as caught:
        read(fields)
    assert caught.value.code == "another_office"


@pytest.mark.parametrize("card", [{"seq": "1"}, {"seq": -1}, {"seq": True}, {"open_door": 1}, {"open_door": None}])
def test_a_card_without_its_number_or_its_door_is_refused(fields, card):
    raw = json.loads(Office().cards[0][0].data) | card
    fields["document"]["card"] = to_base64(json.dumps(raw).encode())
    with pytest.raises(OfficeFileError) as caught:
        read(fields)
    assert caught.value.code == "card"


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff", b'{"v":1,"v":1}', b"x" * 100_000])
def test_what_is_no_json_object_is_refused(raw):
    with pytest.raises(OfficeFileError) as caught:
        read_office_file(raw)
    assert caught.value.code == "not_json"
