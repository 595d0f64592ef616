"""Somebody who holds the gateway and its machine: everything it stores, relays, logs or keeps in memory is searched.

What must not be found: a word of anybody, a name, a file, a key. The search proves itself on what may be found: the
office's own name in its public document, hashes of tokens, addresses, and a plaintext that the test sends on purpose.
"""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.channel.invitation import Invitation
from app.domain.post import BlobPut, Ok, Pushed, Put, decode_reply, decode_request
from app.domain.post_sign_in import token_hash
from app.domain.post_sizes import CHUNK_BYTES, CHUNK_COUNTS, FRAME_LENGTHS, read_envelope
from tests.support.channel_patients import patients
from tests.support.channel_practice import Practice
from tests.support.desks import OFFICE_NAME
from tests.support.patient_page import PatientPage

pytestmark = pytest.mark.loopback

NAME = "Wilhelmina Quarterstaff"
WORDS = "my left knee hums like a kettle since Tuesday"
REPLY = "please come on Thursday at 10:40 and bring the blue folder"
LATE = "is anybody there while it is dark"
FILE_NAME = "knee-of-wilhelmina.pdf"
FILE = b"%PDF-1.4 " + b"the scan says meniscus, grade two. " * 4_000


def test_a_gateway_that_keeps_everything_reads_nothing(office: Practice, visitors) -> None:
    seen = Seen(office)
    invite = office.invite(NAME)
    page = PatientPage(visitors(), invite.link)
    page.agree()
    page.say(WORDS)
    seen.look()
    page.attach(FILE_NAME, "application/pdf", FILE)
    cid = office.conversation(invite)
    page.until_state(FILE_NAME, "at_desk")
    office.reply(cid, REPLY)
    page.until_shown(REPLY)
    seen.look()
    keys = {f"patient {name}": key for name, key in talk_in_python(office).items()}
    office.console.close()
    page.say(LATE)
    page.until_state(LATE, "sent")
    seen.look()
    office.console.start()
    page.until_state(LATE, "at_desk")
    keys |= office.console.ask("secrets")
    invitation = Invitation.parse(invite.link)
    keys |= {"invitation": invitation.secret, "psk": invitation.psk(office.console.ask("office_id"))}
    seen.look()

    assert seen.finds(OFFICE_NAME.encode()), "the office's name is public, and was not found: the search is blind"
    assert seen.finds(token_hash(invitation.token)) or seen.finds(invitation.address)
    assert len(keys) >= 8
    for plain in (NAME, NAME.split()[1], WORDS, "kettle", REPLY, LATE, FILE_NAME, "meniscus, grade two"):
        assert not seen.finds(plain.encode()), plain
    for name, key in keys.items():
        assert not seen.finds(key), name
    assert not seen.stores(invitation.token), "a token is kept, not only its hash"
    check_sizes(office)
    check_columns(seen)


def test_the_search_finds_what_a_careless_client_would_send(office: Practice) -> None:
    before = Seen(office)
    with patients() as house:
        patient = house.add(office.invite("Ada Quill").link, office.place)
        house.say(patient, "hello")
        house.settle()
        assert not before.finds(b"kettle")
        carried = office.patient_side.carried[-1].up
        carried += b"\x82\x06kettle"
        assert before.finds(b"kettle")
        del carried[-8:]


def talk_in_python(office: Practice) -> dict[str, bytes]:
    """Let somebody whose keys we hold talk over the same gateway, and return these keys."""
    with patients() as house:
        patient = house.add(office.invite("Otto Lind").link, office.place)
        house.say(patient, WORDS)
        house.settle()
        assert patient.session is not None
        state = patient.session.state
        roots = {f"root {n}": each.root for n, each in enumerate(state.line.generations)}
        return {"static": state.static, "seed": state.seed, "psk": state.psk or b"?" * 32, **roots}


class Seen:
    """Everything that a gateway and its host ever had: files at several moments, both wires, its log, its memory."""

    def __init__(self, office: Practice) -> None:
        self.office = office
        self.stored: list[bytes] = []
        self.memory: list[bytes] = []

    def look(self) -> None:
        """Take what lies on the disk and in the memory of the process just now."""
        folder = self.office.mailbox.parent
        self.stored += [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
        assert self.office.gateway is not None
        self.memory = list(memory_of(self.office.gateway.pid)) or self.memory

    def finds(self, needle: bytes) -> bool:
        """Return whether it is anywhere, as it is or in one of the usual disguises."""
        places = [*self.stored, *self._relayed(), self.office.gateway_log.read_bytes()]
        disguised = any(form in place for form in forms(needle) for place in places)
        return disguised or any(needle in place for place in self.memory)

    def stores(self, needle: bytes) -> bool:
        """Return whether it is on the disk."""
        return any(form in place for form in forms(needle) for place in self.stored)

    def _relayed(self) -> Iterator[bytes]:
        for wire in self.office.wires:
            for one in wire.carried:
                yield bytes(one.up)
                yield bytes(one.down)
                for messages in one.messages():
                    yield b"\n".join(messages)


def forms(needle: bytes) -> set[bytes]:
    """Return the needle raw, in hex, in UTF-16, and in base64 at each of the three offsets."""
    found = {needle, needle.hex().encode(), needle.hex().upper().encode()}
    if needle.isascii():
        found.add(needle.decode().encode("utf-16-le"))
    for shift in range(3):
        for letters in (base64.b64encode, base64.urlsafe_b64encode):
            whole = letters(bytes(shift) + needle)
            found.add(whole[4 if shift else 0 : -4])
    return {form for form in found if len(form) >= 6}


def memory_of(pid: int) -> Iterator[bytes]:
    """Yield what can be read of a process' own memory; nothing where the kernel forbids it."""
    try:
        lines = Path(f"/proc/{pid}/maps").read_text(encoding="utf-8").splitlines()
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in lines:
                span, rights, *_, name = line.split(maxsplit=5) if line.count(" ") > 5 else [*line.split(), ""]
                if not rights.startswith("rw") or name.startswith("[v"):
                    continue
                start, end = (int(part, 16) for part in span.split("-"))
                memory.seek(start)
                try:
                    yield memory.read(end - start)
                except OSError:
                    continue
    except OSError:
        return


def check_sizes(office: Practice) -> None:
    """Hold every frame and chunk on either wire to the padding classes."""
    frames, chunks = [], []
    for wire in office.wires:
        for one in wire.carried:
            up, down = one.messages()
            asked = [decode_request(raw) for raw in up if raw[:1] != b"{"]
            told = [decode_reply(raw) for raw in down if raw[:1] != b"{"]
            frames += [message.frame for message in (*asked, *told) if isinstance(message, Put | Pushed)]
            chunks += [(message.total, len(message.chunk)) for message in asked if isinstance(message, BlobPut)]
            assert all(
                len(message.payload) <= CHUNK_BYTES + 4 or b'"mailboxes"' in message.payload
                for message in told
                if isinstance(message, Ok)
            )
    assert len(frames) > 20
    assert all(len(frame) in FRAME_LENGTHS[read_envelope(frame).type] for frame in frames)
    assert chunks
    assert {total for total, _ in chunks} <= set(CHUNK_COUNTS)
    assert {size for _, size in chunks} == {CHUNK_BYTES}


def check_columns(seen: Seen) -> None:
    """Hold every value of the mailbox' tables to a number, a short name, an id, a hash, or a padded size."""
    allowed = {16, 32, CHUNK_BYTES, *(size for sizes in FRAME_LENGTHS.values() for size in sizes)}
    with sqlite3.connect(f"file:{seen.office.mailbox}?mode=ro", uri=True) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables.remove("kept")  # the office document, which is public
        for table in tables:
            for row in database.execute(f"SELECT * FROM {table}"):
                for value in row:
                    assert not isinstance(value, bytes) or len(value) in allowed, (table, len(value))
    database.close()
