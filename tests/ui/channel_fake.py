"""A channel service that keeps everything in memory and talks to nobody; it stands where the desk's own does."""

import time
from dataclasses import dataclass, field, replace

from app.domain.channel import (
    INVITATION_MS,
    ChannelPeer,
    ChannelStatus,
    ChannelThread,
    Held,
    Holdings,
    InvitationRow,
    InvitationState,
    Invite,
    LinkPhase,
    Pile,
)
from app.domain.conversation import Urgency
from app.services.desk import Desk

ROOT_CODE = "-".join(f"{number:02d}ABC" for number in range(1, 14))
FINGERPRINT = "k7wq3 9d2xm 4tz8p v5n6r 1c0hj"
LINK = f"https://gateway.example/c#1.{'A' * 22}.{'B' * 43}.{'C' * 27}"
DAY_MS = 86_400_000


def now_ms():
    return time.time_ns() // 1_000_000


class RefusedError(Exception):
    """What the fake says no with."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class FakeChannel:
    """Set attributes to say how things stand; ``calls`` notes what was asked, in order."""

    state: ChannelStatus = field(default_factory=ChannelStatus)
    rows: list = field(default_factory=list)
    held: Holdings | None = None
    threads: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    refusing: str = ""
    texts: object = None
    week: object = None

    def __post_init__(self):
        self._listeners, self._arrivals = [], []

    def status(self):
        return self.state

    def make_office_keys(self):
        self._note("make_office_keys")
        return ROOT_CODE

    def confirm_office_keys(self, code, notice):
        if code != ROOT_CODE:
            raise RefusedError("wrong_code")
        self._note("confirm_office_keys")
        self.state = replace(self.state, has_office_keys=True, fingerprint=FINGERPRINT)

    def recertify(self, code):
        if code.strip() != ROOT_CODE:
            raise RefusedError("wrong_code")
        self._note("recertify")
        self.state = replace(self.state, certified_until_ms=now_ms() + 365 * DAY_MS)

    def link_of(self, invite_id):
        self._note("link_of", invite_id)
        return LINK

    def notice(self):
        return self.texts

    def set_notice(self, texts):
        self._note("set_notice", texts)
        self.texts = replace(texts, version=1 if self.texts is None else self.texts.version + 1)

    def turn_on(self, place):
        self._note("turn_on", place)
        self.state = replace(
            self.state,
            is_on=True,
            gateway=place,
            phase=LinkPhase.ON,
            last_contact_ms=now_ms(),
            card_issued_ms=now_ms(),
            card_until_ms=now_ms() + 14 * DAY_MS,
        )
        self.tell("office")

    def start(self):
        self._note("start")

    def stop(self):
        self._note("stop")

    def close(self):
        self._note("close")

    def carry(self, _connection, _cid, _events):
        """Nothing is told to anybody."""

    def turn_off(self):
        self._note("turn_off")
        self.state = replace(self.state, is_on=False, phase=LinkPhase.OFF)
        self.tell("office")

    def office_file(self):
        self._note("office_file")
        return b'{"v":1}'

    def invite(self, contact_name, language):
        self._note("invite", contact_name, language)
        number = f"invite-{len(self.rows) + 1}"
        until = now_ms() + INVITATION_MS
        self.rows.insert(0, InvitationRow(number, contact_name, language, now_ms(), until, InvitationState.OPEN))
        return Invite(number, contact_name, language, LINK, until)

    def invitations(self):
        return tuple(self.rows)

    def revoke(self, invite_id):
        self._note("revoke", invite_id)
        self.rows = [
            replace(row, state=InvitationState.REVOKED) if row.invite_id == invite_id else row for row in self.rows
        ]

    def holdings(self):
        self._note("holdings")
        return self.held or Holdings(now_ms(), 0, ())

    def wipe(self):
        self._note("wipe")
        self.held = None

    def hours(self):
        return self.week

    def set_hours(self, hours):
        self._note("set_hours", hours)
        self.week = hours

    def thread(self, conversation_id):
        return self.threads.get(conversation_id)

    def verify(self, conversation_id):
        self._note("verify", conversation_id)
        known = self.threads[conversation_id]
        peer = replace(known.peer, verified_ms=now_ms(), verified_by="Alex Marin")
        self.threads[conversation_id] = replace(known, peer=peer)
        self.tell(conversation_id)

    def end(self, conversation_id):
        self._note("end", conversation_id)
        known = self.threads[conversation_id]
        self.threads[conversation_id] = replace(known, peer=replace(known.peer, has_ended=True))
        self.tell(conversation_id)

    def attach(self, conversation_id, name, data):
        self._note("attach", conversation_id, name, len(data))

    def attachment(self, event_id):
        self._note("attachment", event_id)
        return self.files[event_id]

    def on_change(self, listener):
        return _subscribe(self._listeners, listener)

    def on_arrival(self, listener):
        return _subscribe(self._arrivals, listener)

    def tell(self, stream):
        for listener in list(self._listeners):
            listener(stream)

    def arrive(self, conversation_id, urgency=Urgency.ROUTINE):
        for listener in list(self._arrivals):
            listener(conversation_id, urgency)

    def _note(self, name, *arguments):
        if self.refusing:
            raise RefusedError(self.refusing)
        self.calls.append((name, *arguments))


def _subscribe(listeners, listener):
    listeners.append(listener)
    return lambda: listeners.remove(listener) if listener in listeners else None


def use_fake(desk, channel):
    """Let ``desk`` have ``channel`` in the place of its own service."""
    desk.__class__ = type(
        "DeskWithFakeChannel", (Desk,), {"channel": property(lambda _desk: channel), "has_channel": True}
    )


def peer_of(**changes):
    """A visitor who agreed and whose number nobody compared yet."""
    known = ChannelPeer(
        safety_number="12345 67890 13579 24680 11223 34455 66778 89900",
        assistant_allowed=True,
        consent_version=1,
        consent_ms=now_ms() - DAY_MS,
        language="en",
        last_seen_ms=now_ms() - 60_000,
        is_confirmed=True,
    )
    return replace(known, **changes)


def thread_of(delivery=None, files=None, early=(), **peer):
    """What the channel adds to a conversation."""
    return ChannelThread(peer_of(**peer), delivery or {}, files or {}, frozenset(early))


def held_boxes(count, contact="Maria Alvarado"):
    """What a gateway told about ``count`` mailboxes."""
    hour_ms = 3_600_000
    box = Held(
        contact,
        Pile(2, 2_204, now_ms() - hour_ms),
        Pile(1, 4_174, now_ms() - 5 * hour_ms),
        Pile(4, 262_212, now_ms() - 5 * hour_ms),
    )
    return Holdings(now_ms(), 524_288, (box,) * count)
