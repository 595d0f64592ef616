"""What every mailbox promises, whatever keeps the frames. One suite; each implementation inherits it.

Scenarios: claimed once · the link opens nothing after its claim · a lost answer to a claim · expired · wrong token
· open door · peeking · frames in order · a resend · a second answer · other bytes under a number · taken and resent ·
each direction for itself · full · malformed · closed · wiped · attachments · their limits · old things forgotten ·
holdings · reopened with everything that was answered · documents never go back.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.domain.post import FIRST_ADDRESS, NoCode
from app.domain.post_sign_in import SignInCode
from app.domain.strict_json import from_base64
from app.gateway.errors import RefusedError
from app.gateway.mailbox import (
    DAY_MS,
    HOLDINGS_PAGE,
    MAX_BLOBS,
    MAX_HELD_FRAMES,
    Direction,
    Held,
    Mailbox,
    Newcomer,
)
from app.gateway.sqlite_mailbox import SqliteMailbox
from tests.support.post import make_answer, make_chunk, make_frame, make_hello

_NOW = 1_795_000_000_000
_ADDRESS, _OTHER = b"a" * 16, b"b" * 16
_INVITE, _CLAIM, _STRANGER = b"i" * 32, b"c" * 32, b"s" * 32
_DESK, _PATIENT = Direction.TO_DESK, Direction.TO_PATIENT

Scene = Callable[[Mailbox], Awaitable[None]]


async def refused(call: Awaitable[object]) -> NoCode:
    with pytest.raises(RefusedError) as caught:
        await call
    return caught.value.code


async def waits(box: Mailbox, direction: Direction = _DESK, address: bytes | None = _ADDRESS) -> list[Held]:
    return await box.waiting(direction, address, 0, 10_000)


class MailboxContract:
    """The suite. ``make`` returns a mailbox on the same storage each time; ``play`` runs scenes, each reopened."""

    def make(self, folder: Path) -> Mailbox:
        raise NotImplementedError

    @pytest.fixture
    def play(self, tmp_path: Path) -> Callable[..., list[tuple[bytes, Direction]]]:
        arrivals: list[tuple[bytes, Direction]] = []

        async def run(scene: Scene) -> None:
            box = self.make(tmp_path)
            await box.start(lambda address, direction: arrivals.append((address, direction)))
            try:
                await scene(box)
            finally:
                await box.stop()

        def play(*scenes: Scene) -> list[tuple[bytes, Direction]]:
            for scene in scenes:
                asyncio.run(run(scene))
            return arrivals

        return play

    def test_an_invitation_is_claimed_once_and_opens_nothing_afterwards(self, play):
        async def scene(box: Mailbox) -> None:
            assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW) is SignInCode.UNKNOWN
            await box.make(_ADDRESS, _INVITE, _NOW + DAY_MS, _NOW)
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW) is None

        async def later(box: Mailbox) -> None:
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW + 90 * DAY_MS) is None
            assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW) is SignInCode.CLAIMED
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _STRANGER), _NOW) is SignInCode.CLAIMED
            assert await box.admit(Newcomer(_ADDRESS, _STRANGER), _NOW) is SignInCode.TOKEN
            assert await box.admit(Newcomer(_OTHER, _INVITE), _NOW) is SignInCode.UNKNOWN

        play(scene, later)

    def test_a_claim_whose_answer_was_lost_can_be_repeated_by_its_maker_alone(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 1, _NOW)
            for _ in range(2):
                assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW) is None
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _STRANGER), _NOW) is SignInCode.CLAIMED

        play(scene)

    def test_of_two_claims_at_once_one_wins(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 1, _NOW)
            both = [box.admit(Newcomer(_ADDRESS, _INVITE, claim), _NOW) for claim in (_CLAIM, _STRANGER)]
            assert sorted(map(str, await asyncio.gather(*both))) == ["None", "SignInCode.CLAIMED"]

        play(scene)

    def test_an_invitation_expires_and_a_claimed_mailbox_does_not(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW + 10) is SignInCode.EXPIRED
            assert await box.admit(Newcomer(_ADDRESS, _STRANGER), _NOW + 10) is SignInCode.TOKEN
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW + 9) is None
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW + 11) is None

        play(scene)

    def test_without_a_claim_the_first_token_counts_from_then_on(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW) is None
            assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW + 20) is None
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW) is None
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW) is SignInCode.TOKEN

        play(scene)

    def test_peeking_tells_and_claims_nothing(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            for _ in range(2):
                assert await box.admit(Newcomer(_ADDRESS, _INVITE, is_peek=True), _NOW) is None
            assert await box.admit(Newcomer(_OTHER, _INVITE, may_make=True, is_peek=True), _NOW) is SignInCode.UNKNOWN
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW) is None
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, is_peek=True), _NOW) is SignInCode.CLAIMED
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM, is_peek=True), _NOW) is None

        play(scene)

    def test_an_open_door_makes_a_mailbox_for_its_token_alone(self, play):
        async def scene(box: Mailbox) -> None:
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW) is SignInCode.UNKNOWN
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM, may_make=True), _NOW) is None
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW + 9 * DAY_MS) is None
            assert await box.admit(Newcomer(_ADDRESS, _STRANGER, may_make=True), _NOW) is SignInCode.TOKEN

        play(scene)

    def test_the_same_invitation_may_be_told_again_and_no_other_takes_its_place(self, play):
        async def scene(box: Mailbox) -> None:
            for _ in range(2):
                await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            assert await refused(box.make(_ADDRESS, _STRANGER, _NOW + 10, _NOW)) is NoCode.CONFLICT
            await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW)
            await box.make(_ADDRESS, _CLAIM, _NOW + 10, _NOW)
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW) is None

        play(scene)

    def test_frames_wait_in_their_order_and_survive_a_restart(self, play):
        frames = [make_frame(number) for number in range(5)]

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            seqs = [await box.put(_ADDRESS, _DESK, frame, _NOW) for frame in frames]
            assert seqs == sorted(set(seqs))

        async def later(box: Mailbox) -> None:
            assert [held.frame for held in await waits(box)] == frames
            first, *_ = await waits(box)
            assert [held.frame for held in await box.waiting(_DESK, None, first.place, 2)] == frames[1:3]

        assert play(scene, later) == [(_ADDRESS, _DESK)] * 5

    def test_many_frames_at_once_are_all_kept_once(self, play):
        frames = [make_frame(number) for number in range(200)]

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            seqs = await asyncio.gather(*(box.put(_ADDRESS, _DESK, frame, _NOW) for frame in frames))
            assert seqs == sorted(set(seqs))
            assert [held.frame for held in await waits(box)] == frames

        play(scene)

    def test_a_resend_gets_the_old_seq_and_arrives_once(self, play):
        frame = make_frame()

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            assert len({await box.put(_ADDRESS, _DESK, frame, _NOW) for _ in range(3)}) == 1
            assert len(await waits(box)) == 1

        assert play(scene) == [(_ADDRESS, _DESK)]

    def test_other_bytes_under_the_same_number_are_a_conflict(self, play):
        chain = os.urandom(16)

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            first = make_frame(7, chain=chain)
            await box.put(_ADDRESS, _DESK, first, _NOW)
            assert await refused(box.put(_ADDRESS, _DESK, make_frame(7, chain=chain), _NOW)) is NoCode.CONFLICT
            await box.put(_ADDRESS, _DESK, make_frame(8, chain=chain), _NOW)
            await box.put(_ADDRESS, _PATIENT, make_frame(7, chain=chain), _NOW)
            await box.make(_OTHER, _INVITE, _NOW + 10, _NOW)
            await box.put(_OTHER, _DESK, make_frame(7, chain=chain), _NOW)
            assert (await waits(box))[0].frame == first

        play(scene)

    def test_of_two_answers_to_one_hello_the_first_stands_also_after_it_was_taken(self, play):
        chain = os.urandom(16)

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            await box.put(_ADDRESS, _DESK, make_hello(chain=chain), _NOW)
            first = make_answer(chain)
            seq = await box.put(_ADDRESS, _PATIENT, first, _NOW)
            await box.taken(_ADDRESS, _PATIENT, seq)
            assert await refused(box.put(_ADDRESS, _PATIENT, make_answer(chain), _NOW)) is NoCode.CONFLICT
            assert await box.put(_ADDRESS, _PATIENT, first, _NOW) == seq
            assert await waits(box, _PATIENT) == []

        play(scene)

    def test_what_was_taken_is_gone_and_a_resend_does_not_bring_it_back(self, play):
        frames = [make_frame(number) for number in range(4)]

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            seqs = [await box.put(_ADDRESS, _DESK, frame, _NOW) for frame in frames]
            await box.put(_ADDRESS, _PATIENT, make_frame(), _NOW)
            await box.taken(_ADDRESS, _DESK, seqs[1])
            assert [held.frame for held in await waits(box)] == frames[2:]
            assert await box.put(_ADDRESS, _DESK, frames[0], _NOW) == seqs[0]
            assert [held.frame for held in await waits(box)] == frames[2:]
            assert len(await waits(box, _PATIENT)) == 1
            assert await refused(box.taken(_ADDRESS, _DESK, seqs[-1] + 2)) is NoCode.UNKNOWN
            assert await refused(box.taken(_OTHER, _DESK, 1)) is NoCode.UNKNOWN

        play(scene)

    def test_the_desk_sees_every_mailbox_and_a_patient_one(self, play):
        async def scene(box: Mailbox) -> None:
            for address in (_ADDRESS, _OTHER):
                await box.make(address, _INVITE, _NOW + 10, _NOW)
                await box.put(address, _DESK, make_frame(), _NOW)
                await box.put(address, _PATIENT, make_frame(), _NOW)
            assert [held.address for held in await waits(box, _DESK, None)] == [_ADDRESS, _OTHER]
            assert [held.address for held in await waits(box, _PATIENT, _OTHER)] == [_OTHER]

        play(scene)

    def test_a_full_direction_takes_nothing_more_until_something_is_taken(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            puts = [box.put(_ADDRESS, _DESK, make_frame(number), _NOW) for number in range(MAX_HELD_FRAMES)]
            seqs = await asyncio.gather(*puts)
            assert await refused(box.put(_ADDRESS, _DESK, make_frame(), _NOW)) is NoCode.FULL
            await box.put(_ADDRESS, _PATIENT, make_frame(), _NOW)
            await box.taken(_ADDRESS, _DESK, seqs[0])
            await box.put(_ADDRESS, _DESK, make_frame(), _NOW)

        play(scene)

    @pytest.mark.parametrize(
        ("direction", "frame", "code"),
        [
            (_DESK, make_frame()[:-1], NoCode.MALFORMED),
            (_DESK, b"", NoCode.MALFORMED),
            (_DESK, b"\x02" + make_frame()[1:], NoCode.MALFORMED),
            (_DESK, make_answer(bytes(16)), NoCode.NOT_YOURS),
            (_PATIENT, make_hello(), NoCode.NOT_YOURS),
        ],
    )
    def test_what_is_no_frame_of_this_direction_is_refused(self, play, direction, frame, code):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            assert await refused(box.put(_ADDRESS, direction, frame, _NOW)) is code
            assert await refused(box.put(_OTHER, direction, make_frame(), _NOW)) is NoCode.UNKNOWN
            assert await waits(box, direction) == []

        play(scene)

    def test_a_closed_mailbox_is_forgotten_but_for_its_being_closed(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            await box.put(_ADDRESS, _DESK, make_frame(), _NOW)
            await box.put_chunk(make_chunk(_ADDRESS, _OTHER), _NOW)
            for _ in range(2):
                await box.close(_ADDRESS, _NOW)
            assert await box.admit(Newcomer(_ADDRESS, _INVITE, may_make=True), _NOW) is SignInCode.CLOSED
            assert await refused(box.put(_ADDRESS, _DESK, make_frame(), _NOW)) is NoCode.UNKNOWN
            assert await refused(box.chunk(_ADDRESS, _OTHER, 0)) is NoCode.UNKNOWN
            assert await refused(box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)) is NoCode.CONFLICT
            assert await waits(box, _DESK, None) == []
            await box.sweep(_NOW + 31 * DAY_MS)
            assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW) is SignInCode.UNKNOWN

        play(scene)

    def test_wiping_forgets_all_and_a_mailbox_made_again_counts_on(self, play):
        async def scene(box: Mailbox) -> None:
            await box.keep_document(b"{}", 3)
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW)
            seq = await box.put(_ADDRESS, _DESK, make_frame(), _NOW)
            (held,) = (await box.holdings(FIRST_ADDRESS, _NOW))["mailboxes"]
            await box.wipe()
            assert (await box.holdings(FIRST_ADDRESS, _NOW))["mailboxes"] == []
            assert await box.document() == b"{}"
            await box.make(_ADDRESS, from_base64(held["token_hash"]), _NOW + 60_000, _NOW + 1)
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW + 1) is None
            assert await box.put(_ADDRESS, _DESK, make_frame(), _NOW + 1) > seq

        play(scene)

    def test_an_attachment_comes_back_chunk_by_chunk(self, play):
        chunks = [make_chunk(_ADDRESS, _OTHER, index, 4) for index in range(4)]

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            for put in (*chunks, chunks[2]):
                await box.put_chunk(put, _NOW)

        async def later(box: Mailbox) -> None:
            found = [await box.chunk(_ADDRESS, _OTHER, index) for index in range(4)]
            assert found == [(4, put.chunk) for put in chunks]
            assert await refused(box.put_chunk(make_chunk(_ADDRESS, _OTHER, 1, 4), _NOW)) is NoCode.CONFLICT
            assert await refused(box.put_chunk(make_chunk(_ADDRESS, _OTHER, 1, 8), _NOW)) is NoCode.CONFLICT
            assert await refused(box.chunk(_OTHER, _OTHER, 0)) is NoCode.UNKNOWN
            await box.drop_blob(_ADDRESS, _OTHER)
            assert await refused(box.chunk(_ADDRESS, _OTHER, 0)) is NoCode.UNKNOWN
            assert await refused(box.drop_blob(_OTHER, _OTHER)) is NoCode.UNKNOWN
            assert await refused(box.put_chunk(make_chunk(_OTHER, _OTHER), _NOW)) is NoCode.UNKNOWN

        play(scene, later)

    def test_attachments_have_a_limit_of_number_and_of_size(self, play):
        async def scene(box: Mailbox) -> None:
            for address in (_ADDRESS, _OTHER):
                await box.make(address, _INVITE, _NOW + 10, _NOW)
            for number in range(MAX_BLOBS):
                await box.put_chunk(make_chunk(_ADDRESS, bytes((number,)) * 16), _NOW)
            assert await refused(box.put_chunk(make_chunk(_ADDRESS, b"x" * 16), _NOW)) is NoCode.FULL
            for number in range(4):
                await box.put_chunk(make_chunk(_OTHER, bytes((number,)) * 16, 0, 400), _NOW)
            assert await refused(box.put_chunk(make_chunk(_OTHER, b"x" * 16), _NOW)) is NoCode.FULL
            await box.put_chunk(make_chunk(_OTHER, bytes(16), 1, 400), _NOW)

        play(scene)

    def test_what_is_old_is_forgotten_on_its_day(self, play):
        frame = make_frame()

        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            await box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW)
            await box.make(_OTHER, _INVITE, _NOW, _NOW)
            await box.admit(Newcomer(b"d" * 16, _INVITE, may_make=True), _NOW)
            seq = await box.put(_ADDRESS, _DESK, frame, _NOW)
            await box.put_chunk(make_chunk(_ADDRESS, b"w" * 16), _NOW)
            await box.put_chunk(make_chunk(_ADDRESS, b"u" * 16, 0, 2), _NOW)
            await box.sweep(_NOW + DAY_MS + 1)
            assert await box.admit(Newcomer(b"d" * 16, _INVITE), _NOW) is SignInCode.UNKNOWN
            assert await refused(box.chunk(_ADDRESS, b"u" * 16, 0)) is NoCode.UNKNOWN
            await box.sweep(_NOW + 30 * DAY_MS)
            assert await box.put(_ADDRESS, _DESK, frame, _NOW) == seq
            assert (await box.chunk(_ADDRESS, b"w" * 16, 0))[0] == 1
            assert await box.admit(Newcomer(_OTHER, _INVITE), _NOW) is SignInCode.EXPIRED
            await box.sweep(_NOW + 30 * DAY_MS + 1)
            assert await waits(box) == []
            assert await refused(box.chunk(_ADDRESS, b"w" * 16, 0)) is NoCode.UNKNOWN
            assert await box.admit(Newcomer(_OTHER, _INVITE), _NOW) is SignInCode.UNKNOWN
            assert await box.admit(Newcomer(_ADDRESS, _CLAIM), _NOW) is None
            assert await box.put(_ADDRESS, _DESK, frame, _NOW) > seq

        play(scene)

    def test_holdings_are_sizes_and_ages_page_by_page(self, play):
        async def scene(box: Mailbox) -> None:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
            await box.put(_ADDRESS, _DESK, make_frame(), _NOW)
            await box.put(_ADDRESS, _DESK, make_frame(size=1), _NOW + 5)
            await box.put_chunk(make_chunk(_ADDRESS, _OTHER), _NOW + 7)
            page = await box.holdings(FIRST_ADDRESS, _NOW + 9)
            (held,) = page["mailboxes"]
            assert (page["v"], page["now_ms"], page["more"], page["closed"]) == (1, _NOW + 9, False, 0)
            assert page["disk_bytes"] > 65_000
            assert (held["claimed"], held["until_ms"]) == (False, _NOW + 10)
            assert held["to_desk"] == {"count": 2, "bytes": 334 + 1102, "oldest_ms": _NOW}
            assert held["to_patient"] == {"count": 0, "bytes": 0, "oldest_ms": 0}
            assert held["blobs"] == {"count": 1, "bytes": 65_553, "oldest_ms": _NOW + 7}
            addresses = [os.urandom(16) for _ in range(HOLDINGS_PAGE + 5)]
            await asyncio.gather(*(box.make(address, _INVITE, _NOW, _NOW) for address in addresses))
            first = await box.holdings(FIRST_ADDRESS, _NOW)
            last = from_base64(first["mailboxes"][-1]["address"])
            second = await box.holdings(last, _NOW)
            assert (len(first["mailboxes"]), first["more"]) == (HOLDINGS_PAGE, True)
            assert (len(second["mailboxes"]), second["more"]) == (6, False)
            found = {from_base64(one["address"]) for page in (first, second) for one in page["mailboxes"]}
            assert found == {*addresses, _ADDRESS}

        play(scene)

    def test_a_document_never_goes_back(self, play):
        async def scene(box: Mailbox) -> None:
            assert await box.document() is None
            await box.keep_document(b"two", 2)
            assert await refused(box.keep_document(b"one", 1)) is NoCode.CONFLICT
            await box.keep_document(b"again", 2)

        async def later(box: Mailbox) -> None:
            assert await box.document() == b"again"
            assert box.is_well

        play(scene, later)


class TestSqliteMailbox(MailboxContract):
    def make(self, folder: Path) -> Mailbox:
        return SqliteMailbox(folder / "mailbox.sqlite", min_free_bytes=0)
