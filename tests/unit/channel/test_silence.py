"""No key and no word of a message stands in a repr or an error of this room."""

import pytest

from app.channel.answering import CardBox
from app.channel.attachments import seal_file
from app.channel.errors import ChannelError
from app.channel.kinds import Kind
from tests.support.channel import NOW_MS, FixedRandom, Pair

CANARY = "Invented-Canary-7421"


def secrets_of(pair: Pair) -> list[bytes]:
    generation = pair.desk.line.current
    return [
        generation.root,
        generation.chains[0].key,
        pair.patient.state.static,
        pair.patient.state.seed,
        pair.invitation.secret,
        pair.invitation.psk(pair.office.id),
        pair.office.cards[0][1],
    ]


def test_nothing_that_holds_a_secret_or_a_message_shows_it() -> None:
    pair = Pair.acquainted()
    frame = pair.say(Kind.TEXT, {"text": CANARY})
    found = pair.to_desk(frame)
    _, item = pair.patient.compose(Kind.TEXT, {"text": CANARY}, NOW_MS)
    answered = Pair.strangers()
    answered = answered.answer(answered.hello(CANARY))
    shown = [
        repr(one)
        for one in (
            pair.desk,
            pair.desk.state,
            pair.desk.line,
            pair.desk.line.generations,
            pair.desk.line.current.chains,
            pair.desk.state.first,
            pair.patient,
            pair.patient.state,
            pair.patient.line.current.sending,
            pair.patient.hello(items=(item,), random=FixedRandom("x"))[0].state.pending,
            pair.invitation,
            pair.door,
            pair.office.secrets,
            pair.office.desk,
            CardBox(b"card", pair.office.cards[0][1]),
            pair.patient.signer,
            seal_file(CANARY.encode()),
            found,
            item,
            answered,
        )
    ]
    for text in shown:
        assert CANARY not in text
        for secret in secrets_of(pair):
            assert secret.hex() not in text
            assert repr(secret)[2:-1] not in text


@pytest.mark.parametrize("place", [0, 2, 20, 40, 300])
def test_an_error_says_a_code_and_nothing_else(place: int) -> None:
    pair = Pair.acquainted()
    frame = bytearray(pair.say(Kind.TEXT, {"text": CANARY}))
    frame[place] ^= 1
    with pytest.raises(ChannelError) as caught:
        pair.desk.receive(bytes(frame), NOW_MS)
    assert str(caught.value) == caught.value.code
    assert caught.value.__cause__ is None
    assert caught.value.code.isidentifier()
