"""The disk under the mailbox fails: full, damaged, or another program's. Nothing is acknowledged that is not there."""

import asyncio
import os
import sqlite3
from collections.abc import Awaitable
from pathlib import Path

import pytest

from app.domain.post import NoCode
from app.domain.post_sign_in import SignInCode
from app.gateway.errors import MailboxPlaceError, PlaceProblem, RefusedError
from app.gateway.mailbox import Direction, Newcomer
from app.gateway.sqlite_mailbox import SqliteMailbox
from tests.support.post import make_chunk, make_frame
from tests.support.small_disk import files_at_most

_ADDRESS, _INVITE, _CLAIM = b"a" * 16, b"i" * 32, b"c" * 32
_NOW = 1_795_000_000_000
_DESK = Direction.TO_DESK


def open_box(folder: Path, **options: int) -> SqliteMailbox:
    return SqliteMailbox(folder / "mailbox.sqlite", **{"min_free_bytes": 0, **options})


async def fill(box: SqliteMailbox) -> tuple[list[bytes], list[NoCode]]:
    """Put frames until some are refused; return those that were acknowledged, and the codes of the others."""
    kept, codes = [], []
    for start in range(0, 400, 20):
        frames = [make_frame(number, size=3) for number in range(start, start + 20)]
        answers = await asyncio.gather(
            *(box.put(_ADDRESS, _DESK, frame, _NOW) for frame in frames), return_exceptions=True
        )
        for frame, answer in zip(frames, answers, strict=True):
            if isinstance(answer, RefusedError):
                codes.append(answer.code)
            else:
                assert isinstance(answer, int)
                kept.append(frame)
        if codes:
            break
    return kept, codes


def test_a_full_disk_refuses_and_loses_nothing_that_was_acknowledged(tmp_path):
    async def scene() -> list[bytes]:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        with files_at_most(1 << 20):
            kept, codes = await fill(box)
            assert kept
            assert set(codes) == {NoCode.DISK}
            assert not box.is_well
        await asyncio.sleep(1.1)  # the writer looks at the disk again once a second
        await box.put(_ADDRESS, _DESK, make_frame(9_999), _NOW)
        assert box.is_well
        found = [held.frame for held in await box.waiting(_DESK, _ADDRESS, 0, 1_000)]
        assert set(kept) <= set(found)
        await box.stop()
        return kept

    async def later(kept: list[bytes]) -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        found = [held.frame for held in await box.waiting(_DESK, _ADDRESS, 0, 1_000)]
        assert [frame for frame in found if frame in kept] == kept
        await box.stop()

    asyncio.run(later(asyncio.run(scene())))


def test_with_little_room_nothing_new_is_kept_and_what_is_taken_still_goes(tmp_path):
    async def scene() -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        seq = await box.put(_ADDRESS, _DESK, make_frame(), _NOW)
        await box.stop()
        box = open_box(tmp_path, min_free_bytes=1 << 60)
        await box.start(lambda *_: None)
        for call in (
            box.put(_ADDRESS, _DESK, make_frame(), _NOW),
            box.put_chunk(make_chunk(_ADDRESS, _ADDRESS), _NOW),
            box.make(b"b" * 16, _INVITE, _NOW + 10, _NOW),
            box.admit(Newcomer(_ADDRESS, _INVITE, _CLAIM), _NOW),
        ):
            with pytest.raises(RefusedError) as caught:
                await call
            assert caught.value.code is NoCode.DISK
        assert not box.is_well
        await box.taken(_ADDRESS, _DESK, seq)
        assert await box.waiting(_DESK, _ADDRESS, 0, 10) == []
        await box.close(_ADDRESS, _NOW)
        assert await box.admit(Newcomer(_ADDRESS, _INVITE), _NOW) is SignInCode.CLOSED
        await box.stop()

    asyncio.run(scene())


def test_a_file_that_is_large_enough_takes_no_more(tmp_path):
    async def scene() -> None:
        box = open_box(tmp_path, max_file_bytes=4_096)
        await box.start(lambda *_: None)
        with pytest.raises(RefusedError) as caught:
            await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        assert caught.value.code is NoCode.FULL
        await box.stop()

    asyncio.run(scene())


def test_a_full_file_is_given_back_to_the_disk_once_it_was_taken(tmp_path):
    async def fill_up() -> int:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        seqs = [await box.put(_ADDRESS, _DESK, make_frame(number, size=3), _NOW) for number in range(200)]
        await box.stop()
        return seqs[-1]

    async def scene(last: int) -> None:
        box = open_box(tmp_path, max_file_bytes=3 << 20)
        await box.start(lambda *_: None)
        with pytest.raises(RefusedError) as caught:
            await box.put(_ADDRESS, _DESK, make_frame(size=3), _NOW)
        assert caught.value.code is NoCode.FULL
        await box.taken(_ADDRESS, _DESK, last)
        await box.sweep(_NOW)
        assert (tmp_path / "mailbox.sqlite").stat().st_size < 1 << 20
        await asyncio.sleep(0.3)  # the size is looked up a few times a second
        await box.put(_ADDRESS, _DESK, make_frame(size=3), _NOW)
        await box.stop()

    asyncio.run(scene(asyncio.run(fill_up())))


def test_attachments_stop_before_texts_do(tmp_path):
    async def fill_up() -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        for index in range(13):
            await box.put_chunk(make_chunk(_ADDRESS, _ADDRESS, index, 16), _NOW)
        await box.stop()

    async def scene() -> None:
        box = open_box(tmp_path, max_file_bytes=1 << 20)
        await box.start(lambda *_: None)
        with pytest.raises(RefusedError) as caught:
            await box.put_chunk(make_chunk(_ADDRESS, _ADDRESS, 15, 16), _NOW)
        assert caught.value.code is NoCode.FULL
        await box.put(_ADDRESS, _DESK, make_frame(), _NOW)
        await box.stop()

    asyncio.run(fill_up())
    asyncio.run(scene())


def test_one_change_that_fails_does_not_spoil_the_others_of_its_group(tmp_path):
    async def scene() -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)

        def bug(_db: sqlite3.Connection) -> None:
            raise ZeroDivisionError

        writer = box._writer
        calls = [
            box.put(_ADDRESS, _DESK, make_frame(1), _NOW),
            writer.run(bug),
            box.put(_ADDRESS, _DESK, make_frame(2), _NOW),
        ]
        first, second, third = await asyncio.gather(*calls, return_exceptions=True)
        assert isinstance(second, ZeroDivisionError)
        assert isinstance(first, int)
        assert isinstance(third, int)
        assert len(await box.waiting(_DESK, _ADDRESS, 0, 10)) == 2
        await box.stop()

    asyncio.run(scene())


def damage(file: Path, start: int) -> None:
    raw = bytearray(file.read_bytes())
    raw[start : start + 4_000] = b"\x5a" * 4_000
    file.write_bytes(raw)


@pytest.mark.parametrize("start", [0, 4_096, 8_192])
def test_a_damaged_file_is_not_opened(tmp_path, start):
    async def scene() -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        for number in range(20):
            await box.put(_ADDRESS, _DESK, make_frame(number, size=2), _NOW)
        await box.stop()

    asyncio.run(scene())
    damage(tmp_path / "mailbox.sqlite", start)
    with pytest.raises(MailboxPlaceError) as caught:
        asyncio.run(open_box(tmp_path).start(lambda *_: None))
    assert caught.value.code is PlaceProblem.DAMAGED


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("CREATE TABLE stranger (x)", PlaceProblem.DAMAGED),
        ("PRAGMA user_version=9", PlaceProblem.DAMAGED),
        ("PRAGMA application_id=1450209139", PlaceProblem.NEWER),
    ],
)
def test_another_programs_file_and_a_newer_one_are_left_alone(tmp_path, statement, code):
    file = tmp_path / "mailbox.sqlite"
    with sqlite3.connect(file) as db:
        db.execute(statement)
    db.close()
    with pytest.raises(MailboxPlaceError) as caught:
        asyncio.run(open_box(tmp_path).start(lambda *_: None))
    assert caught.value.code is code


def test_damage_while_it_runs_is_refused_and_ends_nothing(tmp_path):
    """Pages rot under a running gateway: every call is answered or refused as DISK, and none brings it down."""

    async def outcome(call: Awaitable[object]) -> NoCode | None:
        try:
            await call
        except RefusedError as refusal:
            return refusal.code
        return None

    async def scene() -> None:
        box = open_box(tmp_path)
        await box.start(lambda *_: None)
        await box.make(_ADDRESS, _INVITE, _NOW + 10, _NOW)
        for number in range(50):
            await box.put(_ADDRESS, _DESK, make_frame(number, size=3), _NOW)
        await box.sweep(_NOW)
        with (tmp_path / "mailbox.sqlite").open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(4_096)
            file.write(b"\x5a" * (size - 4_096))
        codes = [await outcome(box.waiting(_DESK, _ADDRESS, 0, 1_000))]
        codes += [await outcome(box.put(_ADDRESS, _DESK, make_frame(size=3), _NOW)) for _ in range(100)]
        codes += [await outcome(box.holdings(bytes(16), _NOW)), await outcome(box.wipe())]
        assert codes[0] is NoCode.DISK
        assert set(codes) <= {None, NoCode.DISK}
        await box.stop()

    asyncio.run(scene())
