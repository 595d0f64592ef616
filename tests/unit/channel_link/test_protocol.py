"""The frames between console and link child: what fits, and that neither token nor frame is ever shown."""

from pathlib import Path

import pytest

from app.channel.link.protocol import ARRIVED, POST, connect_order, decoded, encoded, place_of, who_of
from app.channel.link.records import LinkTimes
from app.domain.channel import GatewayPlace
from app.domain.post import MAX_REPLY_BYTES, MAX_REQUEST_BYTES
from app.domain.post_sign_in import DeskSignIn
from app.isolation.frames import MAX_FRAME_BYTES, Frame, Protocol

WHO = DeskSignIn(bytes(range(32)), bytes(range(32, 64)))


@pytest.mark.parametrize("ca_file", [None, Path("/etc/office/ca.pem")])
def test_the_child_learns_where_and_who(ca_file: Path | None) -> None:
    place = GatewayPlace("gateway.example", 443, "", ca_file=ca_file)
    order = connect_order(place, WHO, LinkTimes())
    assert Protocol(order.shape).encode(order)
    assert (place_of(order), who_of(order)) == (place, WHO)
    assert "gateway" not in repr(order)


def test_the_longest_messages_fit_into_a_frame() -> None:
    for shape, size in ((POST, MAX_REQUEST_BYTES), (ARRIVED, MAX_REPLY_BYTES)):
        raw = Protocol(shape).encode(Frame(shape, {"message": encoded(bytes(size))}))
        assert len(raw) <= MAX_FRAME_BYTES


@pytest.mark.parametrize("text", ["x", "a===", "ä", "aa aa", "-_-_"])
def test_what_is_no_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        decoded(text)


def test_a_sign_in_of_another_length_is_refused() -> None:
    order = connect_order(GatewayPlace("h", 1, ""), DeskSignIn(bytes(31), bytes(32)), LinkTimes())
    with pytest.raises(ValueError, match="sign-in"):
        who_of(order)
