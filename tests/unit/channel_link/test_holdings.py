"""What a gateway says it holds, page by page; anything else is refused."""

import json
from typing import Any

import pytest

from app.channel.link.holdings import merged, read_page
from app.domain.strict_json import to_base64

PILE = {"count": 1, "bytes": 334, "oldest_ms": 5}


def mailbox(number: int, **changes: object) -> dict[str, Any]:
    return {
        "address": to_base64(number.to_bytes(16, "big")),
        "token_hash": to_base64(bytes(32)),
        "claimed": True,
        "until_ms": 0,
        "to_desk": PILE,
        "to_patient": PILE,
        "blobs": PILE,
        **changes,
    }


def page(*mailboxes: dict[str, Any], **changes: object) -> bytes:
    fields = {"v": 1, "now_ms": 9, "more": False, "closed": 2, "disk_bytes": 77, "mailboxes": list(mailboxes)}
    return json.dumps({**fields, **changes}).encode()


def test_pages_are_gathered_in_order() -> None:
    first = read_page(page(mailbox(1), mailbox(2), more=True), bytes(16))
    assert first.last == (2).to_bytes(16, "big")
    second = read_page(page(mailbox(3), now_ms=10), first.last)
    assert second.last is None
    whole = merged([first, second])
    assert (whole["now_ms"], whole["closed"], whole["disk_bytes"]) == (10, 2, 77)
    assert [one["address"] for one in whole["mailboxes"]] == [mailbox(number)["address"] for number in (1, 2, 3)]


def test_a_gateway_that_holds_nothing_says_so() -> None:
    assert merged([read_page(page(), bytes(16))])["mailboxes"] == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        page(v=2),
        page(more=1),
        page(more=True),
        page(closed=-1),
        page(disk_bytes=True),
        page(now_ms=1.5),
        page(mailboxes={}),
        page(mailboxes=[7]),
        page(extra=1),
        page(mailbox(0)),
        page(mailbox(2), mailbox(1)),
        page(mailbox(1), mailbox(1)),
        page(mailbox(1, address="x")),
        page(mailbox(1, token_hash="")),
        page(mailbox(1, claimed=1)),
        page(mailbox(1, blobs={**PILE, "bytes": -1})),
        page(mailbox(1, to_desk={"count": 1})),
        page(mailbox(1, name="Zephyrina")),
    ],
    ids=range(21),
)
def test_what_is_no_page_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError):
        read_page(raw, bytes(16))
