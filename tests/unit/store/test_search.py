"""The search index: finds what people type, lags without harm, and forgets what it must."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from app.domain.conversation import Origin
from app.domain.events import EventKind
from app.domain.ids import ConversationId
from app.services.desk import Desk
from app.store.cipher import BEGIN_IMMEDIATE
from app.store.excerpt import query_words
from app.store.logged import NewEvent
from app.store.search import IndexEntry, SearchIndex, entry_of
from tests.support.desks import TemporaryDesk


@pytest.fixture
def house(tmp_path: Path) -> TemporaryDesk:
    return TemporaryDesk(tmp_path)


@pytest.fixture
def desk(house: TemporaryDesk) -> Iterator[Desk]:
    with house.opened() as desk:
        yield desk


def start(desk: Desk, name: str, words: str) -> ConversationId:
    return desk.conversations.start(name, Origin.PHONE, words)


def texts(desk: Desk, query: str) -> list[str]:
    return [hit.excerpt for hit in desk.conversations.search(query)]


def pages_of(desk: Desk) -> bytes:
    """Everything the index holds, decrypted."""
    with desk.vault.index_engine().connect() as connection:
        blocks = [
            bytes(block)
            for table in ("words_data", "names_data")
            for block in connection.execute(text(f"SELECT block FROM {table}")).scalars()
        ]
    return b"".join(blocks)


def test_all_words_must_stand_in_one_message(desk: Desk) -> None:
    start(desk, "Ada", "my ankle is swollen since Tuesday")
    start(desk, "Bo", "swollen knee")
    assert texts(desk, "swollen ankle ") == ["my ankle is swollen since Tuesday"]


def test_the_last_word_may_be_unfinished_and_the_others_not(desk: Desk) -> None:
    start(desk, "Ada", "my ankle is swollen since Tuesday")
    assert texts(desk, "swollen ank")
    assert not texts(desk, "swol ankle ")
    assert not texts(desk, "swollen ank ")


def test_one_letter_finds_names_and_no_words_of_messages_that_only_begin_with_it(desk: Desk) -> None:
    start(desk, "Ada", "plan b for my knee")
    assert texts(desk, "k") == []
    assert texts(desk, "b") == ["plan b for my knee"]
    assert texts(desk, "a") == ["plan b for my knee"]


@pytest.mark.parametrize("query", ["munoz", "Muñoz", "MUÑOZ", "mun", "m"])
def test_accents_and_case_do_not_matter_in_names(desk: Desk, query: str) -> None:
    start(desk, "Inés Muñoz", "Hello?")
    assert [hit.contact_name for hit in desk.conversations.search(query)] == ["Inés Muñoz"]


def test_a_name_leads_to_the_newest_message_of_its_conversation(desk: Desk) -> None:
    cid = start(desk, "Ada Quill", "first")
    newest = desk.conversations.receive(cid, "second")
    desk.conversations.add_note(cid, "a note")
    hit = desk.conversations.search("quill")[0]
    assert (hit.event_id, hit.excerpt, hit.marks) == (newest, "second", ())


def test_notes_and_sent_replies_are_found_and_unsent_text_is_not(desk: Desk) -> None:
    cid = start(desk, "Ada", "Hello?")
    desk.conversations.add_note(cid, "wheelchair at the back door")
    desk.conversations.release_reply(desk.conversations.hold_reply(cid, "bring your spectacles", None).held_id)
    held = desk.conversations.hold_reply(cid, "umbrella", None)
    assert texts(desk, "wheelchair") == ["wheelchair at the back door"]
    assert texts(desk, "spectacles") == ["bring your spectacles"]
    assert texts(desk, "umbrella") == []
    desk.conversations.release_reply(held.held_id)
    assert texts(desk, "umbrella") == ["umbrella"]


def test_newest_hits_come_first_and_the_limit_holds(desk: Desk) -> None:
    cid = start(desk, "Ada", "ankle 0")
    for number in range(1, 6):
        desk.conversations.receive(cid, f"ankle {number}")
    hits = desk.conversations.search("ankle", limit=3)
    assert [hit.excerpt for hit in hits] == ["ankle 5", "ankle 4", "ankle 3"]


SYNTAX = [
    '"',
    "'",
    "a OR",
    "NEAR(",
    "text:x",
    "*",
    "^a",
    "-a",
    "a AND NOT",
    "(",
    "{",
    "+",
    "\0",
    "\ud800",
    "%",
    "--",
    "a" * 999,
]


@pytest.mark.parametrize("query", SYNTAX)
def test_nothing_that_is_typed_is_bad_syntax(desk: Desk, query: str) -> None:
    start(desk, "Ada", "a near or not and text")
    desk.conversations.search(query)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=40))
def test_no_text_at_all_makes_a_search_fail(desk: Desk, query: str) -> None:
    desk.conversations.search(query)


def test_operators_are_ordinary_words(desk: Desk) -> None:
    start(desk, "Ada", "salt or pepper")
    start(desk, "Bo", "salt")
    assert texts(desk, "salt OR vinegar ") == []
    assert texts(desk, "salt OR pepper ") == ["salt or pepper"]


def test_an_index_that_was_left_behind_catches_up(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        start(desk, "Ada", "ankle")
        assert texts(desk, "ankle")
        start(desk, "Bo", "elbow")
    with house.opened() as desk:
        assert desk.conversations.catch_up_index() == 2
        assert texts(desk, "elbow") == ["elbow"]
        assert desk.conversations.catch_up_index() == 0


def test_an_old_index_put_back_catches_up(house: TemporaryDesk) -> None:
    index = house.store.directory / "index.db"
    with house.opened() as desk:
        start(desk, "Ada", "ankle")
        assert texts(desk, "ankle")
    old = index.read_bytes()
    with house.opened() as desk:
        start(desk, "Bo", "elbow")
        assert texts(desk, "elbow")
    index.write_bytes(old)
    with house.opened() as desk:
        assert texts(desk, "elbow") == ["elbow"]


def test_an_index_of_another_history_is_built_again(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        start(desk, "Ada", "ankle")
        assert texts(desk, "ankle")
        engine = desk.vault.index_engine()
        with engine.connect().execution_options(**{BEGIN_IMMEDIATE: True}) as connection, connection.begin():
            connection.execute(text("UPDATE progress SET hash = randomblob(32)"))
            connection.execute(text("INSERT INTO words(rowid, text) VALUES (2, 'stranger')"))
    with house.opened() as desk:
        assert texts(desk, "ankle") == ["ankle"]
        assert desk.index.search(query_words("stranger"), limit=5).seqs == ()


def test_a_lost_index_is_built_again_under_a_new_key(house: TemporaryDesk) -> None:
    with house.opened() as desk:
        start(desk, "Ada", "ankle")
        assert texts(desk, "ankle")
        old_key = desk.vault.keyring.index_key
    (house.store.directory / "index.db").unlink()
    with house.opened() as desk:
        assert texts(desk, "ankle") == ["ankle"]
        assert desk.vault.keyring.index_key != old_key


def test_a_damaged_page_of_the_index_is_mended_while_people_search(house: TemporaryDesk) -> None:
    path = house.store.directory / "index.db"
    with house.opened() as desk:
        cid = start(desk, "Ada", "ankle")
        for number in range(400):
            desk.ledger.log.append(_messages(cid, number), now_ms=house.clock())
        assert texts(desk, "ankle")
    damaged = bytearray(path.read_bytes())
    for page in range(4096 + 2000, len(damaged), 4096):
        damaged[page] ^= 1
    path.write_bytes(damaged)
    with house.opened() as desk:
        assert texts(desk, "ankle") == ["ankle"]
        assert texts(desk, "w399") == ["w399 x399"]


def _messages(cid: ConversationId, number: int) -> list:
    return [NewEvent(cid, EventKind.NOTE_ADDED, {"text": f"w{number} x{number}", "author": None})]


def test_removed_words_are_gone_from_the_pages_at_once(desk: Desk) -> None:
    start(desk, "Zyxwina Quill", "my canaryword is swollen")
    start(desk, "Bo", "something else")
    assert texts(desk, "canaryword")
    assert b"canaryword" in pages_of(desk)
    assert b"zyxwina" in pages_of(desk)
    entries = _entries(desk.index, desk)
    desk.index.remove(entry for entry in entries if "canaryword" in entry.text or entry.text == "Zyxwina Quill")
    assert b"canaryword" not in pages_of(desk)
    assert b"zyxwina" not in pages_of(desk)
    assert texts(desk, "canaryword") == []
    assert texts(desk, "something") == ["something else"]


def test_the_index_file_holds_no_sentence(desk: Desk) -> None:
    start(desk, "Ada", "my ankle is swollen")
    assert texts(desk, "ankle")
    assert b"ankle is swollen" not in pages_of(desk)


def _entries(index: SearchIndex, desk: Desk) -> list[IndexEntry]:
    found = [entry_of(entry) for entry in desk.ledger.log.read_after(0, 100)]
    return [entry for entry in found if entry is not None]
