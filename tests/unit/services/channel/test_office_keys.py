"""The office's keys: a root on paper, a card key certified by it, mailbox keys that come and go; who may do what."""

import json
from dataclasses import replace
from datetime import time

import pytest
from sqlalchemy import select

from app.channel.digests import token_hash
from app.channel.documents import OfficeDocument
from app.channel.issuing import notice_digest
from app.channel.kinds import Kind
from app.channel.patient_session import PatientSession
from app.crypto.errors import RecoveryCodeError
from app.crypto.recovery_code import RecoveryCode
from app.domain.channel import GatewayPlace, InvitationState, LinkPhase
from app.domain.conversation import InboxView
from app.domain.events import EventKind
from app.domain.ids import OFFICE
from app.domain.office import Role
from app.domain.office_hours import Hours
from app.domain.strict_json import from_base64
from app.services.errors import ChannelFault, ChannelRefusedError, NotYoursError
from app.store.channel import secrets
from app.store.channel.tables import OF_CONVERSATION
from app.store.signing_in import unlock_with_password
from app.store.slots import read_slot_file
from tests.support.desks import TemporaryDesk
from tests.support.vaults import PASSWORD
from tests.support.wire import PLACE, Mailbox, WirePatient
from tests.unit.services.channel.conftest import NOTICE, Practice

DAY_MS = 86_400_000


def as_role(practice: Practice, role: Role) -> None:
    """The same person, as if an administrator had given them another role and they had signed in again."""
    vault = practice.desk.ledger.vault
    vault.person = replace(vault.person, role=role)


def refused(act) -> ChannelFault:
    with pytest.raises(ChannelRefusedError) as found:
        act()
    return found.value.fault


def test_the_root_is_shown_proved_by_typing_and_kept_nowhere(tmp_path):
    with TemporaryDesk(tmp_path).open() as desk:
        channel = desk.channel
        assert refused(lambda: channel.turn_on(PLACE)) is ChannelFault.NO_KEYS
        code = channel.make_office_keys()
        assert not channel.status().has_office_keys
        with pytest.raises(RecoveryCodeError):
            channel.confirm_office_keys(code[:-1] + ("0" if code[-1] != "0" else "1"))
        assert refused(lambda: channel.confirm_office_keys(str(RecoveryCode.generate()))) is ChannelFault.WRONG_CODE
        words = channel.confirm_office_keys(code.lower().replace("-", " "))
        assert channel.status().fingerprint == words
        assert [len(group) for group in words.split()] == [4] * 8
        assert refused(channel.make_office_keys) is ChannelFault.HAS_KEYS
        assert refused(channel.office_file) is ChannelFault.NO_NOTICE
        assert refused(lambda: channel.turn_on(PLACE)) is ChannelFault.NO_NOTICE
        kinds = [event.kind for event in desk.ledger.log.read(OFFICE)]
        assert EventKind.OFFICE_KEYS_MADE in kinds
        secret = RecoveryCode.parse(code).secret
        with desk.ledger.reading() as connection:
            kept = [secrets.read_secret(connection, desk.ledger.keys, name) for name in ("card:1", "token")]
        assert None not in kept
        assert secret not in kept


def test_what_it_gets_for_the_gateway_holds_a_document_that_patients_trust(practice):
    file = json.loads(practice.desk.channel.office_file())
    office = from_base64(file["office"])
    document = OfficeDocument.open(
        json.dumps(file["document"], separators=(",", ":")).encode(), office, now_s=practice.files.clock() // 1000
    )
    assert (document.notice.phone, document.notice.version) == (NOTICE.phone, 1)
    assert from_base64(file["token_hash"]) == token_hash(practice.desk.channel._keys.token)


def test_a_week_later_the_card_is_another_and_the_old_key_still_opens_for_two_weeks(practice):
    patient = practice.invite()
    before = practice.wire.document
    practice.files.clock.move(7 * DAY_MS)
    practice.run()
    assert practice.wire.document != before
    patient.hello("Written to last week's card")
    practice.run()
    (row,) = practice.desk.conversations.inbox(InboxView.OPEN)
    assert practice.lines(row.conversation_id) == ["Written to last week's card"]


def test_two_weeks_after_it_was_replaced_a_mailbox_key_opens_nowhere(practice):
    patient = practice.invite()
    with practice.desk.ledger.reading() as connection:
        (card,) = secrets.read_documents(connection, "card")
    for _ in range(4):
        practice.files.clock.move(7 * DAY_MS)
        practice.desk.channel.keep_up()
    with practice.desk.ledger.reading() as connection:
        assert secrets.read_secret(connection, practice.desk.ledger.keys, f"mailbox:{card.seq}") is None
        newest = secrets.read_document(connection, "card")
        assert secrets.read_secret(connection, practice.desk.ledger.keys, f"mailbox:{newest.seq}") is not None
    patient.hello("Too late")
    practice.run()
    assert practice.desk.conversations.inbox(InboxView.OPEN) == ()
    assert practice.desk.channel._receiving.refused["card"] == 1


def test_a_new_card_asks_each_patient_for_a_new_generation_and_talking_goes_on(practice):
    patient, cid = practice.meet("Good morning")
    practice.files.clock.move(8 * DAY_MS)
    practice.run()
    practice.reply(cid, "Come at nine.")
    practice.run()
    patient.listen()
    assert patient.texts() == ["Come at nine."]
    assert Kind.RENEW in patient.kinds()
    document = OfficeDocument.open(
        practice.wire.document, patient.document.office_id, now_s=practice.files.clock() // 1000
    )
    patient.session = patient.session.with_document(document)
    patient.hello("In the new generation", has_consent=False)
    practice.run()
    patient.listen()
    practice.run()
    practice.reply(cid, "So be it.")
    practice.run()
    patient.listen()
    assert practice.lines(cid)[-2:] == ["In the new generation", "So be it."]
    assert patient.texts()[-1] == "So be it."


def test_what_patients_read_counts_up_only_when_they_agree_to_something_else(practice):
    channel = practice.desk.channel
    assert channel.set_notice(replace(NOTICE, is_open_door=True)).version == 1
    assert channel.set_notice(replace(NOTICE, keeps_days=60)).version == 2
    document = OfficeDocument.open(
        practice.wire.document, channel._keys.office_id, now_s=practice.files.clock() // 1000
    )
    assert (document.notice.version, document.card.notice) == (2, notice_digest(document.notice_data))
    assert refused(lambda: channel.set_notice(replace(NOTICE, phone=""))) is ChannelFault.NOTICE


def test_the_paper_is_needed_again_after_years_and_the_wrong_one_does_nothing(tmp_path):
    with TemporaryDesk(tmp_path).open() as desk:
        code = desk.channel.make_office_keys()
        desk.channel.confirm_office_keys(code, NOTICE)
        before = desk.channel._keys.standing.document.certificate
        assert refused(lambda: desk.channel.recertify(str(RecoveryCode.generate()))) is ChannelFault.WRONG_CODE
        desk.channel.recertify(code)
        after = desk.channel._keys.standing.document.certificate
        assert (after.root, after.seq) == (before.root, before.seq + 1)
        assert after.admin != before.admin


def test_a_clock_that_was_wrong_stops_no_conversation(practice):
    _patient, cid = practice.meet("Good morning")
    practice.files.clock.move(-40 * DAY_MS)
    practice.desk.close()
    practice.desk = practice.files.open()
    assert practice.desk.channel.peer(cid) is not None


@pytest.mark.parametrize(
    "place",
    [
        GatewayPlace("", 443, "https://chat.example/"),
        GatewayPlace("chat.example", 0, "https://chat.example/"),
        GatewayPlace("chat.example", 443, "chat.example"),
        GatewayPlace("chat.example", 443, "https://chat.example/", is_tls=False),
    ],
    ids=["no host", "no port", "no address", "in clear"],
)
def test_a_place_that_is_none_is_refused(practice, place):
    assert refused(lambda: practice.desk.channel.turn_on(place)) is ChannelFault.PLACE


def test_a_demo_vault_talks_to_this_machine_alone(tmp_path):
    practice = Practice.open(tmp_path, is_demo=True)
    with practice.desk:
        place = GatewayPlace("chat.example", 443, "https://chat.example/")
        assert refused(lambda: practice.desk.channel.turn_on(place)) is ChannelFault.DEMO


def test_off_is_off_and_on_again_is_the_same_gateway(practice):
    channel = practice.desk.channel
    assert channel.status().phase is LinkPhase.ON
    channel.turn_off()
    assert (channel.status().phase, channel.status().is_on) == (LinkPhase.OFF, False)
    assert not channel.start()
    assert refused(channel.holdings) is ChannelFault.IS_OFF
    assert channel.status().gateway == PLACE


def test_what_the_gateway_holds_is_shown_with_names_and_wiped_on_request(practice):
    patient, cid = practice.meet("Good morning")
    practice.reply(cid, "Come at nine.")
    practice.run()
    holdings = practice.desk.channel.holdings()
    (held,) = holdings.mailboxes
    assert (held.contact_name, held.conversation_id, held.to_patient.count) == ("Ada Quill", cid, 1)
    assert practice.desk.channel.wipe() == 1
    assert practice.wire.mailboxes == {}
    practice.run()
    patient.listen()
    assert patient.texts() == ["Come at nine."]  # made again, and sent once more


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.IT])
def test_whoever_never_sees_a_message_sees_no_name_and_invites_nobody(practice, role):
    _patient, cid = practice.meet("Good morning")
    channel = practice.desk.channel
    as_role(practice, role)
    assert channel.status().is_on
    assert {held.contact_name for held in channel.holdings().mailboxes} == {None}
    for act in (
        channel.invitations,
        lambda: channel.invite("Bo Reed"),
        lambda: channel.thread(cid),
        lambda: channel.delivery(cid),
        lambda: channel.verify(cid),
        lambda: channel.attach(cid, "a.pdf", b"x"),
        channel.turn_off,
        channel.wipe,
        channel.office_file,
    ):
        with pytest.raises(NotYoursError):
            act()


def test_the_front_desk_invites_and_an_administrator_alone_keeps_the_channel(practice):
    as_role(practice, Role.FRONT_DESK)
    channel = practice.desk.channel
    assert channel.invite("Bo Reed").contact_name == "Bo Reed"
    hours = Hours({"en": "Closed."}, (None,) * 7, is_acknowledging=True)
    for act in (channel.turn_off, channel.wipe, lambda: channel.set_hours(hours), lambda: channel.set_notice(NOTICE)):
        with pytest.raises(NotYoursError):
            act()


def test_a_wish_to_be_erased_is_kept_whoever_is_at_the_desk(practice):
    patient, cid = practice.meet("Good morning")
    as_role(practice, Role.FRONT_DESK)
    patient.say(Kind.ERASE, {})
    practice.run()
    as_role(practice, Role.ADMINISTRATOR)
    assert [one.conversation_ids for one in practice.desk.subjects.register()] == [(cid,)]


def test_an_invitation_is_named_used_once_and_lapses(practice):
    channel = practice.desk.channel
    first, second = channel.invite("Ada Quill", "es"), channel.invite("Bo Reed", "xx")
    assert channel.link_of(first.invite_id) == first.link
    assert (first.language, second.language) == ("es", "en")
    channel.revoke(second.invite_id)
    assert refused(lambda: channel.link_of(second.invite_id)) is ChannelFault.NO_SUCH_INVITATION
    practice.run()
    assert len(practice.wire.mailboxes) == 1
    practice.files.clock.move(73 * 3_600_000)
    states = {row.contact_name: row.state for row in channel.invitations()}
    assert states == {"Ada Quill": InvitationState.EXPIRED, "Bo Reed": InvitationState.REVOKED}
    assert refused(lambda: channel.revoke(first.invite_id)) is ChannelFault.NO_SUCH_INVITATION
    practice.files.clock.move(31 * DAY_MS)
    channel.keep_up()
    assert channel.invitations() == ()
    kinds = [event.kind for event in practice.desk.ledger.log.read(OFFICE)]
    assert (kinds.count(EventKind.INVITATION_MADE), kinds.count(EventKind.INVITATION_REVOKED)) == (2, 1)


def test_what_was_written_in_time_is_taken_after_a_long_weekend(practice):
    patient = practice.invite()
    patient.hello("Before it lapsed")
    practice.files.clock.move(4 * DAY_MS)
    practice.run()
    (row,) = practice.desk.conversations.inbox(InboxView.OPEN)
    assert row.contact_name == "Ada Quill"


def test_the_link_of_somebody_else_opens_no_conversation_of_theirs(practice):
    patient, _cid = practice.meet("Good morning")
    stranger = WirePatient(
        practice.wire, patient.session.begin(patient.document, patient.address, b"p" * 32), patient.address,
        patient.document, practice.files.clock,
    )  # fmt: skip
    stranger.hello("Let me in")
    practice.run()
    assert len(practice.desk.conversations.inbox(InboxView.OPEN)) == 1
    assert practice.desk.channel.status().refused_frames == 1


def test_the_open_door_lets_in_whoever_has_no_invitation_when_it_is_open(practice):
    practice.wire.mailboxes[b"v" * 16] = Mailbox(b"", 0)
    for is_open in (False, True):
        practice.desk.channel.set_notice(replace(NOTICE, is_open_door=is_open))
        document = OfficeDocument.open(
            practice.wire.document, practice.desk.channel._keys.office_id, now_s=practice.files.clock() // 1000
        )
        session = PatientSession.begin(document, b"v" * 16, None)
        visitor = WirePatient(practice.wire, session, b"v" * 16, document, practice.files.clock)
        visitor.hello("Is there a free hour?")
        practice.run()
        assert len(practice.desk.conversations.inbox(InboxView.OPEN)) == int(is_open)


def test_after_hours_it_is_said_once_in_the_language_of_the_consent(practice):
    closed = Hours({"en": "Closed.", "es": "Cerrado."}, (None,) * 7, is_acknowledging=True)
    practice.desk.channel.set_hours(closed)
    assert practice.desk.channel.hours() == closed
    patient, cid = practice.meet("Good morning", language="es")
    patient.text("Hello?")
    practice.run()
    patient.listen()
    away = [one.content["text"] for one in patient.heard if one.kind is Kind.AWAY]
    assert away == ["Cerrado."]
    practice.reply(cid, "I am here after all.")
    patient.text("Thank you")
    practice.run()
    patient.listen()
    assert len([one for one in patient.heard if one.kind is Kind.AWAY]) == 2


def test_by_day_and_in_an_emergency_nothing_is_said_by_itself(practice):
    always = Hours({"en": "Closed."}, ((time(0), time(23, 59, 59)),) * 7, is_acknowledging=True)
    practice.desk.channel.set_hours(always)
    patient, _cid = practice.meet("Good morning")
    practice.desk.channel.set_hours(replace(always, week=(None,) * 7))
    patient.text("I have chest pain and cannot breathe")
    practice.run()
    patient.listen()
    assert Kind.AWAY not in patient.kinds()


def test_the_safety_number_is_the_same_at_both_ends_and_comparing_it_is_noted(practice):
    patient, cid = practice.meet("Good morning")
    peer = practice.desk.channel.peer(cid)
    assert peer.safety_number == patient.session.safety_number
    assert not peer.is_verified
    practice.desk.channel.verify(cid)
    peer = practice.desk.channel.peer(cid)
    assert peer.is_verified
    assert peer.verified_by == practice.desk.person.display_name
    assert "safety_compared" in practice.notices(cid)


def test_ending_is_told_to_the_patient_and_done_once(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.channel.end(cid)
    practice.run()
    patient.listen()
    assert Kind.END in patient.kinds()
    assert refused(lambda: practice.desk.channel.end(cid)) is ChannelFault.HAS_ENDED


def test_erasing_tells_the_patient_takes_all_that_travelled_and_closes_the_mailbox(practice):
    patient, cid = practice.meet("Good morning")
    patient.attach("scan.pdf", "application/pdf", b"x" * 1_000)
    practice.run()
    practice.desk.erasure.erase([cid], "request")
    practice.run()
    patient.listen()
    assert Kind.ERASED in patient.kinds()
    assert practice.desk.channel.invitations() == ()
    with practice.desk.ledger.reading() as connection:
        assert [table.name for table in OF_CONVERSATION if connection.execute(select(table)).first()] == []
    practice.files.clock.move(8 * DAY_MS)
    practice.run()
    assert patient.address in practice.wire.closed
    patient.wire.mailboxes.clear()


def test_a_new_vault_key_changes_nothing_for_patients(practice):
    patient, cid = practice.meet("Good morning")
    practice.desk.rotate_and_close()
    assert not practice.wire.links[0].is_started
    store = practice.files.store
    store.unlocked = unlock_with_password(read_slot_file(store.directory / "slots.json"), PASSWORD)
    practice.start()
    patient.text("Still there?")
    practice.run()
    assert practice.lines(cid) == ["Good morning", "Still there?"]
