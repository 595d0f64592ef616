"""Walls at a real desk: who is outside learns nothing through any door, and who is within loses nothing."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from app.compliance.subject_requests import RequestKind
from app.crypto.passwords import FLOOR
from app.domain.contact import NOTHING_KNOWN
from app.domain.conversation import ComposerTab, IdentityMeans, InboxView, Origin, Urgency
from app.domain.events import EventKind
from app.domain.ids import ConversationId, EventId, PersonId
from app.domain.walls import WallFault
from app.services.backups import RestoreService
from app.services.desk import Desk
from app.services.errors import HeldReplyGoneError, NoSuchConversationError, NotYoursError, ServiceError
from app.services.walls.errors import WallRefusedError
from app.store.audit_query import AuditFilter
from app.store.conversation_keys import oldest_first
from app.store.erasing import shed_keyless
from app.store.errors import StoreError, UnknownConversationError
from app.store.search import SearchIndex
from tests.support.people import open_as
from tests.support.walled import WalledOffice, _office

NAME, WORDS = "Zephyrine Quillfeather", "the marmalade inheritance dispute"
OTHER_NAME, OTHER_WORDS = "Ada Park", "do you have free parking"


@pytest.fixture
def office(tmp_path: Path) -> WalledOffice:
    return WalledOffice(tmp_path)


@pytest.fixture
def walled(office: WalledOffice) -> ConversationId:
    """A conversation that Dr Vale alone is within, beside an ordinary one."""
    with office.sit("vale") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        desk.conversations.add_note(cid, f"note on {WORDS}")
        desk.conversations.save_text(cid, ComposerTab.REPLY, f"about {WORDS}")
        desk.conversations.set_urgency(cid, Urgency.EMERGENCY)
        desk.holds.add(cid, owner="Dr Vale", reason="a dispute", review_on=date(2027, 1, 1))
        desk.subjects.take(RequestKind.ACCESS, [cid], IdentityMeans.CALLED_BACK, "eu", desk.subjects.today())
        desk.conversations.start(OTHER_NAME, Origin.PHONE, OTHER_WORDS)
        desk.conversations.catch_up_index()
        desk.walls.set(cid, [office.id_of("vale")])
        return cid


@pytest.fixture
def outside(office: WalledOffice, walled: ConversationId) -> Iterator[Desk]:
    with office.sit("otto") as desk:
        yield desk


def test_who_is_within_reads_writes_and_finds_it_as_before(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("vale") as desk:
        assert desk.conversations.thread(walled).contact_name == NAME
        assert next(row.conversation_id for row in desk.conversations.inbox(InboxView.OPEN)) == walled
        assert desk.conversations.counts().open == 2
        assert desk.conversations.counts().emergencies == 1
        assert {hit.conversation_id for hit in desk.conversations.search("marmalade")} == {walled}
        assert {hit.conversation_id for hit in desk.conversations.search("quillf")} == {walled}
        assert desk.conversations.search("marmalade parking") == ()
        desk.conversations.add_note(walled, "one more tangerine")
        assert len(desk.conversations.search("tangerine")) == 1
        view = desk.walls.of(walled)
        assert view is not None
        assert [person.display_name for person in view.people] == ["Dr Vale"]
        assert view.is_out_of_reach


READINGS: dict[str, Callable[[Desk, ConversationId], object]] = {
    "inbox": lambda desk, _cid: [desk.conversations.inbox(view) for view in InboxView],
    "counts": lambda desk, _cid: desk.conversations.counts(),
    "search words": lambda desk, _cid: desk.conversations.search("marmalade"),
    "search name": lambda desk, _cid: desk.conversations.search("zephyrine"),
    "subjects find": lambda desk, _cid: desk.subjects.find(NAME),
    "subjects names": lambda desk, cid: desk.subjects.names_of([cid]),
    "subjects register": lambda desk, _cid: desk.subjects.register(),
    "holds": lambda desk, _cid: (desk.holds.all(), desk.holds.held_ids()),
    "retention preview": lambda desk, _cid: desk.retention.preview().plan,
    "retention names": lambda desk, cid: desk.retention.names_of([cid]),
    "held replies": lambda desk, _cid: desk.conversations.recover_held(),
    "answers": lambda desk, _cid: desk.conversations.articles(),
    "second people": lambda desk, _cid: desk.emergency.second_people(),
    "certificates": lambda desk, _cid: desk.erasure.certificates(),
    "people": lambda desk, _cid: desk.membership.list(),
    "wake": lambda desk, _cid: desk.conversations.wake_snoozed(),
}
"""Everything that answers without being given a conversation that one may see."""


@pytest.mark.parametrize("reading", READINGS)
def test_no_list_count_or_search_tells_of_it(outside: Desk, walled: ConversationId, reading: str) -> None:
    said = repr(READINGS[reading](outside, walled)).lower()
    for leak in (NAME, "zephyrine", "marmalade", "dispute", walled):
        assert leak.lower() not in said


def test_the_numbers_are_those_of_an_office_that_never_had_it(outside: Desk) -> None:
    counts = outside.conversations.counts()
    assert (counts.open, counts.emergencies, counts.unassigned) == (1, 0, 1)
    assert [row.contact_name for row in outside.conversations.inbox(InboxView.OPEN)] == [OTHER_NAME]
    assert outside.retention.preview().plan.total == 1
    assert outside.holds.all() == ()
    assert outside.subjects.register() == ()


ACTS: dict[str, Callable[[Desk, ConversationId], object]] = {
    "thread": lambda desk, cid: desk.conversations.thread(cid),
    "export": lambda desk, cid: desk.conversations.export(cid),
    "copy": lambda desk, cid: desk.subjects.copy([cid]),
    "receive": lambda desk, cid: desk.conversations.receive(cid, "x"),
    "note": lambda desk, cid: desk.conversations.add_note(cid, "x"),
    "save": lambda desk, cid: desk.conversations.save_text(cid, ComposerTab.NOTE, "x"),
    "assign": lambda desk, cid: desk.conversations.assign(cid, desk.person.person_id),
    "urgency": lambda desk, cid: desk.conversations.set_urgency(cid, Urgency.ROUTINE),
    "identity": lambda desk, cid: desk.conversations.raise_identity(cid, None),
    "snooze": lambda desk, cid: desk.conversations.snooze(cid, 2_000_000_000_000),
    "done": lambda desk, cid: desk.conversations.mark_done(cid),
    "reopen": lambda desk, cid: desk.conversations.reopen(cid),
    "seen": lambda desk, cid: desk.conversations.mark_seen(cid),
    "hold reply": lambda desk, cid: desk.conversations.hold_reply(cid, "x", None),
    "look": lambda desk, cid: desk.erasure.look(cid),
    "erase": lambda desk, cid: desk.erasure.erase([cid], "mistake"),
    "redact": lambda desk, cid: desk.redaction.redact(cid, EventId("x")),
    "hold": lambda desk, cid: desk.holds.add(cid, owner="O", reason="r", review_on=date(2027, 1, 1)),
    "classify": lambda desk, cid: desk.retention.classify(cid, ""),
    "class": lambda desk, cid: desk.retention.class_of(cid),
    "request": lambda desk, cid: desk.subjects.take(RequestKind.ERASE, [cid], IdentityMeans.CALLED_BACK, "eu"),
    "details": lambda desk, cid: desk.contacts.details(cid),
    "describe": lambda desk, cid: desk.contacts.describe(cid, NOTHING_KNOWN),
    "wall": lambda desk, cid: desk.walls.set(cid, [desk.person.person_id]),
    "wall of": lambda desk, cid: desk.walls.of(cid),
    "lower": lambda desk, cid: desk.walls.lower(cid),
}
"""Everything that is done to one conversation."""


@pytest.mark.parametrize("act", ACTS)
def test_every_act_answers_as_for_a_conversation_that_never_was(
    outside: Desk, walled: ConversationId, act: str
) -> None:
    refusals = []
    for cid in (walled, ConversationId("01JZZZZZZZZZZZZZZZZZZZZZZZ")):
        before = outside.ledger.log.tail().seq
        with pytest.raises((ServiceError, StoreError)) as caught:
            ACTS[act](outside, cid)
        refusals.append((type(caught.value), str(caught.value)))
        assert outside.ledger.log.tail().seq == before
    assert refusals[0] == refusals[1] == (NoSuchConversationError, "no_such_conversation")


def test_a_held_reply_behind_a_wall_is_nobodys_to_recall(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("vale") as desk:
        held = desk.conversations.hold_reply(walled, "Come at nine.", None)
        desk.vault.close()  # the reply stays held
    with office.sit("otto") as desk, pytest.raises(HeldReplyGoneError):
        desk.conversations.recall_reply(held.held_id)
    with office.sit("vale") as desk:
        assert desk.conversations.thread(walled).unsent_reply == "Come at nine."


def test_no_byte_of_the_vault_opens_for_who_is_outside_whatever_they_ask_the_store(
    outside: Desk, walled: ConversationId
) -> None:
    with pytest.raises(UnknownConversationError):
        outside.ledger.log.read(walled)
    after = [one for one in outside.ledger.log.read_after(0, 10_000) if one.event.conversation_id == walled]
    assert after
    assert all(not one.event.body for one in after)
    with pytest.raises(UnknownConversationError):
        outside.vault.keyring.key_for(walled)


def test_the_search_index_holds_none_of_its_words_even_for_who_opens_the_file(
    office: WalledOffice, walled: ConversationId
) -> None:
    with office.sit("otto") as desk:
        desk.conversations.catch_up_index()
        places = set(desk.ledger.log.seqs_of(walled))
        from app.store.excerpt import query_words  # noqa: PLC0415

        for words in ("marmalade", "zephyrine", "note"):
            matches = desk.index.search(query_words(words + " "), limit=100)
            assert not places & {*matches.seqs, *matches.name_seqs}
        desk.index.rebuild()
        assert desk.conversations.search("marmalade") == ()
    with office.sit("vale") as desk:
        assert len(desk.conversations.search("marmalade")) == 2


def test_auditor_and_it_see_ids_and_kinds_and_never_a_word_of_it(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("quinn") as desk:
        entries = repr(desk.audit.entries(AuditFilter(has_quiet=True), limit=1000))
        assert NAME not in entries
        assert "marmalade" not in entries
        with pytest.raises(NotYoursError):
            desk.emergency.second_people()
        assert desk.audit.verify().is_sound
    with office.sit("iris") as desk, pytest.raises(NotYoursError):
        desk.walls.lower(walled)


def test_the_log_is_whole_for_everybody_and_a_rebuild_outside_leaves_it_as_it_stands(
    office: WalledOffice, walled: ConversationId
) -> None:
    with office.sit("otto") as desk:
        assert desk.audit.verify().is_sound
        desk.conversations.rebuild_projections()
        assert desk.conversations.counts().open == 1
        assert desk.audit.verify().is_sound
    with office.sit("vale") as desk:
        assert desk.conversations.counts().open == 2
        assert desk.conversations.thread(walled).contact_name == NAME
        before = desk.conversations.thread(walled)
        desk.conversations.rebuild_projections()
        assert desk.conversations.thread(walled) == before
        assert desk.conversations.counts().open == 2


def test_a_wall_that_is_lowered_gives_everything_back(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("vale") as desk:
        desk.walls.lower(walled)
        with pytest.raises(WallRefusedError) as caught:
            desk.walls.lower(walled)
        assert caught.value.fault is WallFault.NO_WALL
    with office.sit("noor") as desk:
        assert desk.conversations.thread(walled).contact_name == NAME
        assert len(desk.conversations.search("marmalade")) == 2
        assert desk.conversations.counts().open == 2
        assert [hit.contact_name for hit in desk.conversations.search("zephyrine")] == [NAME]


def test_whoever_raises_a_wall_may_leave_themselves_out(office: WalledOffice) -> None:
    with office.sit("otto") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        desk.walls.set(cid, [office.id_of("vale")])
        with pytest.raises(NoSuchConversationError):
            desk.conversations.thread(cid)
        assert desk.conversations.counts().open == 0
    with office.sit("vale") as desk:
        assert desk.conversations.thread(cid).contact_name == NAME
        kinds = [event.kind for event in desk.ledger.log.read(cid)]
        assert kinds[-1] is EventKind.WALL_SET


def test_moving_a_wall_lets_somebody_in_and_another_one_out(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("vale") as desk:
        desk.walls.set(walled, [office.id_of("vale"), office.id_of("noor")])
    with office.sit("noor") as desk:
        known = oldest_first(desk.ledger.keys.key_for(walled))
        assert desk.conversations.thread(walled).contact_name == NAME
        with pytest.raises(NotYoursError):
            desk.walls.lower(walled)
    with office.sit("vale") as desk:
        desk.walls.set(walled, [office.id_of("vale"), office.id_of("otto")])
        desk.conversations.add_note(walled, "after Noor")
        assert bytes(desk.ledger.keys.key_for(walled)) not in known
        view = desk.walls.of(walled)
        assert view is not None
        assert not view.is_out_of_reach
    with office.sit("noor") as desk, pytest.raises(NoSuchConversationError):
        desk.conversations.thread(walled)
    with office.sit("otto") as desk:
        assert desk.conversations.thread(walled).contact_name == NAME


@pytest.mark.parametrize(
    ("people", "fault"),
    [([], WallFault.NOBODY_NAMED), (["nobody"], WallFault.NOBODY_NAMED), (["quinn"], WallFault.NEVER_A_MESSAGE)],
)
def test_a_wall_names_people_who_may_read_messages(office: WalledOffice, people: list[str], fault: WallFault) -> None:
    with office.sit("vale") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        with pytest.raises(WallRefusedError) as caught:
            desk.walls.set(cid, [PersonId(one) for one in people])
        assert caught.value.fault is fault
        assert desk.walls.of(cid) is None


def test_the_front_desk_raises_no_wall(office: WalledOffice) -> None:
    with office.sit("noor") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        with pytest.raises(NotYoursError):
            desk.walls.set(cid, [office.id_of("noor")])


def test_a_backup_restored_by_somebody_outside_keeps_it_and_keeps_it_hidden(
    office: WalledOffice, walled: ConversationId, tmp_path: Path
) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with office.sit("otto") as desk:
        desk.backups.take(place)
    otto = _office().unlocked["otto"]
    target = tmp_path / "back"
    report = RestoreService().restore(place, target, lambda folder: open_as(folder, otto.person.person_id, otto.seed))
    assert report.erased == 0
    vale = _office().unlocked["vale"]
    with Desk.over(open_as(target, otto.person.person_id, otto.seed)) as desk:
        assert not desk.ledger.keys.has(walled)
        assert shed_keyless(desk.ledger.log, desk.vault, now_ms=1) == ()
    with Desk.over(open_as(target, vale.person.person_id, vale.seed)) as desk:
        assert desk.conversations.thread(walled).contact_name == NAME


def test_backups_of_before_the_wall_lose_the_open_key(office: WalledOffice, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with office.sit("vale") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        desk.backups.places = (place,)
        desk.backups.take(place)
        desk.walls.set(cid, [office.id_of("vale")])
    target, otto = tmp_path / "back", _office().unlocked["otto"]
    RestoreService().restore(place, target, lambda folder: open_as(folder, otto.person.person_id, otto.seed))
    with Desk.over(open_as(target, otto.person.person_id, otto.seed)) as desk:
        assert not desk.ledger.keys.has(cid)


def test_an_administrator_within_erases_it_with_a_clean_hunt(office: WalledOffice, walled: ConversationId) -> None:
    with office.sit("vale") as desk:
        hold = desk.holds.of(walled)[0]
        desk.walls.set(walled, [office.id_of("vale"), office.id_of("otto"), office.id_of("mara")])
    with office.sit("mara") as desk:
        desk.holds.release(hold.hold_id, "settled")
        erasure = desk.erasure.erase([walled], "request")
        assert erasure.certificate.is_clean
    with office.sit("vale") as desk:
        assert not desk.ledger.keys.holds(walled)
        with pytest.raises(NoSuchConversationError):
            desk.conversations.thread(walled)


def test_who_is_let_go_loses_the_wall_and_the_one_left_gets_a_fresh_key(
    office: WalledOffice, walled: ConversationId
) -> None:
    with office.sit("vale") as desk:
        desk.walls.set(walled, [office.id_of("vale"), office.id_of("noor")])
    with office.sit("noor") as desk:
        known = oldest_first(desk.ledger.keys.key_for(walled))
    with office.sit("otto") as desk:
        assert desk.walls.only_within(office.id_of("vale")) == 0
        desk.membership.disable(office.id_of("noor"))
        assert desk.walls.only_within(office.id_of("vale")) == 1
        desk.rotate_and_close()
    with office.sit("vale") as desk:
        assert desk.ledger.keys.is_stale(walled)
        desk.conversations.add_note(walled, "after the farewell")
        assert bytes(desk.ledger.keys.key_for(walled)) not in known
        assert office.id_of("noor") not in desk.ledger.keys.box_keys_of(walled)
        assert [item.text for item in desk.conversations.thread(walled).items][-1] == "after the farewell"


def test_letting_somebody_go_whose_conversation_is_behind_a_wall_works_from_outside(
    office: WalledOffice, walled: ConversationId
) -> None:
    with office.sit("vale") as desk:
        desk.conversations.assign(walled, office.id_of("noor"))
    with office.sit("otto") as desk:
        assert desk.membership.disable(office.id_of("noor")) == 0


def test_a_reset_sign_in_is_outside_until_somebody_within_lets_them_in_again(
    office: WalledOffice, walled: ConversationId
) -> None:
    with office.sit("vale") as desk:
        desk.walls.set(walled, [office.id_of("vale"), office.id_of("noor")])
    with office.sit("otto") as desk:
        desk.vault.people.set_password(office.id_of("noor"), "another long password here", kdf=FLOOR)
        seed = desk.vault.people.prove(office.id_of("noor"), "another long password here").seed
    noor = office.id_of("noor")
    with Desk.over(open_as(office.directory, noor, seed), office.clock) as desk, pytest.raises(NoSuchConversationError):
        desk.conversations.thread(walled)
    with office.sit("vale") as desk:
        view = desk.walls.of(walled)
        assert view is not None
        assert [person.person_id for person in view.without_key] == [noor]
        desk.walls.set(walled, [person.person_id for person in view.people])
    with Desk.over(open_as(office.directory, noor, seed), office.clock) as desk:
        assert desk.conversations.thread(walled).contact_name == NAME


def test_the_printed_code_opens_what_is_behind_every_wall(office: WalledOffice, walled: ConversationId) -> None:
    from app.store.vault import VaultFiles  # noqa: PLC0415
    from tests.support.vaults import _template  # noqa: PLC0415

    with Desk.over(VaultFiles.open_with_recovery(office.directory, _template().code), office.clock) as desk:
        assert desk.conversations.thread(walled).contact_name == NAME
        desk.walls.set(walled, [office.id_of("otto")])
    with office.sit("otto") as desk:
        assert desk.conversations.thread(walled).contact_name == NAME


def test_no_word_of_it_stands_in_the_errors_of_a_hostile_walk(outside: Desk, walled: ConversationId) -> None:
    """A colleague tries every public method of every service with the id, a name or nothing."""
    tried = 0
    for service in vars(outside).values():
        if not type(service).__module__.startswith("app.services."):
            continue
        for name in dir(type(service)):
            method = getattr(type(service), name, None)
            if name.startswith("_") or not callable(method) or name in {"close", "rotate_and_close", "disable"}:
                continue
            for arguments in ((), (walled,), ([walled],), (NAME,), (walled, "x")):
                said = ""
                with suppress(Exception):
                    tried += 1
                    found = getattr(service, name)(*arguments)
                    said = repr(list(found) if hasattr(found, "__next__") else found)
                for leak in ("Zephyrine", "marmalade"):
                    assert leak not in said.replace(repr(NAME), ""), name
    assert tried > 200


@pytest.mark.parametrize("step", ["adopt", "renew"])
def test_a_wall_that_a_crash_cut_short_stands_and_leaves_no_word_in_the_index(
    office: WalledOffice, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The keyring and the key of the index are one write; whatever dies behind it, the old index file opens nothing."""

    def dies(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with office.sit("vale") as desk:
        cid = desk.conversations.start(NAME, Origin.PHONE, WORDS)
        desk.conversations.catch_up_index()
        with monkeypatch.context() as patched:
            patched.setattr(SearchIndex, step, dies)
            if step == "renew":
                patched.setattr(SearchIndex, "stage_without", lambda *_arguments: None)
            with pytest.raises(KeyboardInterrupt):
                desk.walls.set(cid, [office.id_of("vale")])
    with office.sit("otto") as desk:
        assert desk.ledger.keys.is_walled_off(cid)
        assert desk.conversations.search("marmalade") == ()
        assert desk.conversations.counts().open == 0
    with office.sit("vale") as desk:
        assert len(desk.conversations.search("marmalade")) == 1
        assert desk.walls.of(cid) is not None
