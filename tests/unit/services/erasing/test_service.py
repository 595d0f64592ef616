"""Erasing as a person does it: what it refuses, what it says, and that the words are nowhere afterwards."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.crypto.identities import Identity, make_user_seed
from app.domain.conversation import ComposerTab, InboxView, Origin
from app.domain.ids import ConversationId
from app.domain.office import Role
from app.services.backups import RestoreService, by_secret
from app.services.desk import Desk
from app.services.erasing.certificate import is_genuine
from app.services.erasing.plaintext_hunt import HuntPlace
from app.services.erasing.service import Erasure
from app.services.errors import NoSuchConversationError
from app.store.erasing import EraseStep, bury
from app.store.upkeep import verify_log
from tests.support.desks import TemporaryDesk
from tests.support.vaults import PASSWORD

WORDS = "my sister saw the pewter heron behind the observatory"


@pytest.fixture
def made(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(made: TemporaryDesk) -> Iterator[Desk]:
    with made.opened() as opened:
        opened.conversations.start("Bo Finch", Origin.PHONE, "an otter swims behind the observatory")
        yield opened


def start(desk: Desk, words: str = WORDS) -> ConversationId:
    cid = desk.conversations.start("Ada Quillfeather", Origin.PHONE, words)
    desk.conversations.add_note(cid, "asked about the pewter heron")
    desk.conversations.save_text(cid, ComposerTab.REPLY, "half a sentence about it")
    return cid


def erase(desk: Desk, *ids: ConversationId) -> Erasure:
    return desk.erasure.erase(ids, "request")


def test_the_preview_names_what_would_go(desk: Desk) -> None:
    cid = start(desk)
    desk.conversations.hold_reply(cid, "We will call you.", None)
    found = desk.erasure.look(cid)
    assert (found.contact_name, found.messages, found.notes, found.drafts, found.is_held) == (
        "Ada Quillfeather", 1, 1, 1, False,
    )  # fmt: skip
    assert "Ada" not in repr(found)


def test_the_certificate_says_what_was_done_and_holds_no_word_of_it(desk: Desk) -> None:
    cid = start(desk)
    done = erase(desk, cid).certificate
    assert done.conversation_ids == (cid,)
    assert [step["step"] for step in done.json["steps"]] == [*(step.value for step in EraseStep), "hunt"]
    assert done.json["bodies_removed"] == done.json["conversations"][0]["events"] - 1
    assert done.json["logs_emptied"]
    assert done.is_clean
    text = done.as_text()
    for word in ("heron", "Quillfeather", "sentence"):
        assert word not in text
    assert desk.erasure.certificates() == (done,)
    assert desk.erasure.certificate_of(cid) == done
    assert desk.erasure.certificate_of(ConversationId("never")) is None


def test_the_words_are_in_no_file_and_a_copy_that_somebody_kept_is_found(desk: Desk, tmp_path: Path) -> None:
    elsewhere = tmp_path / "backup"
    elsewhere.mkdir()
    (elsewhere / "copied by hand.txt").write_bytes(f"Note: {WORDS.upper()}".encode("utf-16"))
    desk.erasure.add_hunt_place("backup", elsewhere)
    done = erase(desk, start(desk))
    assert done.certificate.is_clean is False
    assert [hit.path.name for hit in done.hits] == ["copied by hand.txt"]
    places = {place["name"]: place["hits"] for place in done.certificate.json["hunt"]["places"]}
    assert places == {"backup": 1, "vault": 0}
    assert "copied by hand" not in done.certificate.as_text()


@pytest.mark.parametrize("form", ["word", "key", "index key"])
def test_a_single_own_word_and_each_key_are_hunted_too(desk: Desk, tmp_path: Path, form: str) -> None:
    cid, elsewhere = start(desk), tmp_path / "logs"
    elsewhere.mkdir()
    keys = desk.vault.keyring
    left = {"word": b"a Quillfeather", "key": keys.key_for(cid), "index key": keys.index_key.hex().encode()}[form]
    (elsewhere / "log").write_bytes(left if form != "word" else b"the heron, of pewter, by my sister: observatory")
    desk.erasure.places = (HuntPlace("logs", elsewhere),)
    # "observatory" also stands in the other conversation, so it is nobody's own; no own word is left in that line.
    assert erase(desk, cid).certificate.is_clean is (form == "word")


def test_a_word_that_no_other_conversation_holds_is_its_own(desk: Desk, tmp_path: Path) -> None:
    cid, elsewhere = start(desk, "please call my solicitor about the marzipanery"), tmp_path / "logs"
    elsewhere.mkdir()
    (elsewhere / "log").write_text("spelling: Marzipanery?")
    desk.erasure.places = (HuntPlace("logs", elsewhere),)
    assert erase(desk, cid).certificate.is_clean is False


def test_many_go_in_one_run_with_one_certificate(desk: Desk) -> None:
    ids = [start(desk, f"{WORDS} number {number}") for number in range(9)]
    done = erase(desk, *ids).certificate
    assert done.conversation_ids == tuple(ids)
    assert done.is_clean
    assert len(desk.conversations.inbox(InboxView.OPEN)) == 1
    assert verify_log(desk.ledger.log, desk.vault, lambda _done, _total: None).is_sound


def test_the_signature_is_over_everything(desk: Desk) -> None:
    genuine = dict(erase(desk, start(desk)).certificate.json)
    assert is_genuine(genuine)
    assert is_genuine(genuine, desk.vault.signing_key)
    assert not is_genuine(genuine, Identity(make_user_seed()).public.signing_key)
    for change in _changes(genuine):
        assert not is_genuine(change)


def test_what_is_not_a_certificate_is_not_genuine() -> None:
    for wrong in (None, [], {}, {"format": "vestibule/1 erasure", "signature": {"key": "zz", "value": ""}}):
        assert not is_genuine(wrong)


def test_keyring_backups_are_replaced_once_the_key_is_gone(desk: Desk) -> None:
    cid, had_key = start(desk), []
    desk.erasure.on_keyring_rewritten(lambda: had_key.append(desk.vault.keyring.has(cid)) or ["disk"])
    done = erase(desk, cid).certificate
    assert had_key == [False]
    assert done.json["keyring"]["backups_replaced"] == ["disk"]


def test_backups_are_hunted_through_and_open_nothing_any_more(desk: Desk, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    cid = start(desk)
    desk.backups.places = (disk,)
    desk.backups.take(disk)
    done = erase(desk, cid).certificate
    assert done.is_clean
    assert {place["name"] for place in done.json["hunt"]["places"]} == {"vault", "backup"}
    assert len(done.json["keyring"]["backups_replaced"]) == 1
    restored = tmp_path / "restored"
    report = RestoreService().restore(disk, restored, by_secret(PASSWORD))
    assert report.erased == 1
    everything = b"".join(
        path.read_bytes() for folder in (disk, restored) for path in folder.rglob("*") if path.is_file()
    )
    assert b"heron" not in everything


def test_listeners_are_told_that_anything_may_have_changed(desk: Desk) -> None:
    cid, told = start(desk), []
    desk.conversations.on_change(told.append)
    erase(desk, cid)
    assert "office" in told


def test_what_does_not_exist_is_refused_and_nothing_goes(desk: Desk) -> None:
    cid = start(desk)
    with pytest.raises(NoSuchConversationError):
        erase(desk, cid, ConversationId("never"))
    with pytest.raises(ValueError, match="erasure"):
        desk.erasure.erase([cid], "because")
    with pytest.raises(ValueError, match="erasure"):
        desk.erasure.erase([], "request")
    assert desk.conversations.thread(cid)


def test_an_erasure_interrupted_before_its_key_went_is_hunted_for_at_the_next_opening(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        cid = start(desk)
        bury(desk.ledger.log, [cid], "request", now_ms=desk.ledger.now_ms())
    with made.opened() as desk:
        assert not desk.ledger.keys.holds(cid)
        done = desk.erasure.finish_left()
        assert done is not None
        assert done.is_clean
        assert done.json["hunt"]["texts"] > 0
        assert done.json["hunt"]["keys"] > 0
        assert is_genuine(dict(done.json))
        assert desk.erasure.certificate_of(cid) == done
        assert desk.erasure.certify_left() is None
    with made.opened() as desk:
        assert desk.erasure.left_to_hunt is None


def test_the_hunt_made_up_for_finds_what_was_left_lying_about(made: TemporaryDesk, tmp_path: Path) -> None:
    with made.opened() as desk:
        cid = start(desk)
        words = next(item.text for item in desk.conversations.thread(cid).items if len(item.text) > 16)
        bury(desk.ledger.log, [cid], "request", now_ms=desk.ledger.now_ms())
    beside = tmp_path / "left"
    beside.mkdir()
    (beside / "copied.txt").write_text(words, encoding="utf-8")
    with made.opened() as desk:
        desk.erasure.add_hunt_place("left", beside)
        done = desk.erasure.finish_left()
        assert done is not None
        assert done.is_clean is False


def test_an_erasure_interrupted_after_its_key_went_gets_a_certificate_that_says_there_was_no_hunt(
    made: TemporaryDesk,
) -> None:
    with made.opened() as desk:
        cid = start(desk)
        bury(desk.ledger.log, [cid], "request", now_ms=desk.ledger.now_ms())
        desk.ledger.keys.drop(cid)
        desk.ledger.keys.save()
    with made.opened() as desk:
        done = desk.erasure.certificate_of(cid)
        assert done is not None
        assert done.is_clean is None
        assert is_genuine(dict(done.json))
        assert desk.erasure.certify_left() is None


def test_who_may_not_erase_leaves_the_certificate_to_somebody_who_may(made: TemporaryDesk) -> None:
    with made.opened() as desk:
        cid = start(desk)
        bury(desk.ledger.log, [cid], "request", now_ms=desk.ledger.now_ms())
    with made.opened() as desk:
        desk.vault.person = replace(desk.vault.person, role=Role.FRONT_DESK)
        assert desk.erasure.finish_left() is None
        assert not desk.ledger.keys.holds(cid)


def _changes(genuine: dict[str, object]) -> Iterator[dict[str, object]]:
    for name in genuine:
        changed = copy.deepcopy(genuine)
        changed[name] = "other"
        yield changed
    dropped = copy.deepcopy(genuine)
    del dropped["hunt"]
    yield dropped
