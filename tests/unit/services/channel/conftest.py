"""A desk whose channel is on, and a gateway in memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.channel import NoticeTexts
from app.domain.conversation import InboxView, ItemKind
from app.domain.ids import ConversationId, EventId
from app.services.desk import Desk
from tests.support.desks import TemporaryDesk
from tests.support.wire import PLACE, Wire, WirePatient

NOTICE = NoticeTexts(
    phone="+34 900 000 000",
    country="ES",
    emergency=("112",),
    keeps_days=30,
    who="the reception of the practice",
    withdraw="Call us or hand in a note.",
)


@dataclass
class Practice:
    """An office with the channel on. ``reopen`` is a new start of the program; nothing else is kept."""

    files: TemporaryDesk
    wire: Wire
    desk: Desk

    @classmethod
    def open(cls, folder: Path, *, is_demo: bool = False) -> "Practice":
        files = TemporaryDesk(folder, is_demo=is_demo)
        practice = cls(files, Wire(), files.open())
        channel = practice.desk.channel
        channel.use_link(practice.wire.factory, carries_itself=False)
        channel.confirm_office_keys(channel.make_office_keys(), NOTICE)
        channel.turn_on(PLACE)
        return practice

    def reopen(self) -> None:
        self.desk.close()
        self.start()

    def start(self) -> None:
        self.wire.links.clear()
        self.desk = self.files.open()
        self.desk.channel.use_link(self.wire.factory, carries_itself=False)
        assert self.desk.channel.start()

    def run(self) -> None:
        self.wire.run(self.desk.channel)

    def invite(self, name: str = "Ada Quill") -> WirePatient:
        link = self.desk.channel.invite(name).link
        self.run()
        return WirePatient.with_link(self.wire, link, self.files.clock)

    def meet(self, *texts: str, name: str = "Ada Quill", **consent: object) -> tuple[WirePatient, ConversationId]:
        """Invite somebody who writes and whose browser has answered."""
        patient = self.invite(name)
        patient.hello(*texts, **consent)  # type: ignore[arg-type]
        known = {row.conversation_id for row in self.desk.conversations.inbox(InboxView.OPEN)}
        self.run()
        (cid,) = {row.conversation_id for row in self.desk.conversations.inbox(InboxView.OPEN)} - known
        patient.listen()
        self.run()
        patient.listen()
        self.run()
        return patient, cid

    def reply(self, cid: ConversationId, text: str) -> EventId:
        held = self.desk.conversations.hold_reply(cid, text, None)
        return self.desk.conversations.release_reply(held.held_id)

    def lines(self, cid: ConversationId) -> list[str]:
        return [item.text for item in self.desk.conversations.thread(cid).items if item.kind is ItemKind.MESSAGE]

    def notices(self, cid: ConversationId) -> list[str]:
        return [item.text for item in self.desk.conversations.thread(cid).items if item.kind is ItemKind.NOTICE]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[Practice]:
    opened = Practice.open(tmp_path)
    yield opened
    opened.desk.close()
