"""The published vectors, all of them where the shared material is there, and the two patterns in use as facts."""

import json
from pathlib import Path

import pytest
from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
    crypto_scalarmult_base,
)

from app.channel.errors import HandshakeRefusedError
from app.channel.noise import HandshakeState, Pattern

FILES = ("cacophony_25519_ChaChaPoly_BLAKE2b.json", "snow_25519_ChaChaPoly_BLAKE2b.json")

# Origin: haskell-cryptography/cacophony, vectors/cacophony.txt (Unlicense); the same values stand in snow's own tests.
FACTS = json.loads((Path(__file__).parents[2] / "vectors" / "noise" / "cacophony_ik.json").read_text())["vectors"]


def end(vector: dict, side: str) -> HandshakeState:
    def key(name: str) -> bytes | None:
        return bytes.fromhex(vector[f"{side}_{name}"]) if f"{side}_{name}" in vector else None

    return HandshakeState(
        vector["protocol_name"].split("_")[1],
        is_initiator=side == "init",
        prologue=key("prologue") or b"",
        static=key("static"),
        remote_static=key("remote_static"),
        psk=[bytes.fromhex(psk) for psk in vector.get(f"{side}_psks", [])],
        random=lambda size: (key("ephemeral") or b"")[:size],
    )


def run(vector: dict) -> None:
    initiator, responder = end(vector, "init"), end(vector, "resp")
    pattern = Pattern.named(vector["protocol_name"].split("_")[1])
    messages = [(bytes.fromhex(m["payload"]), bytes.fromhex(m["ciphertext"])) for m in vector["messages"]]
    for number, (payload, wanted) in enumerate(messages[: len(pattern.messages)]):
        sender, receiver = (initiator, responder) if number % 2 == 0 else (responder, initiator)
        assert sender.write(payload) == wanted
        assert receiver.read(wanted) == payload
    assert initiator.is_finished
    assert responder.is_finished
    assert initiator.hash == responder.hash
    assert initiator.split() == responder.split()
    if "handshake_hash" in vector:
        assert initiator.hash.hex() == vector["handshake_hash"]
    transport(initiator.split(), len(pattern.messages), messages)


def transport(keys: tuple[bytes, bytes], done: int, messages: list[tuple[bytes, bytes]]) -> None:
    """The product never uses Noise's cipher states, but the vectors do, and so prove both keys."""
    is_one_way = done == 1
    counters = [0, 0]
    for number, (payload, wanted) in enumerate(messages[done:], start=done):
        way = 0 if is_one_way else number % 2
        nonce = bytes(4) + counters[way].to_bytes(8, "little")
        assert crypto_aead_chacha20poly1305_ietf_encrypt(payload, b"", nonce, keys[way]) == wanted
        assert crypto_aead_chacha20poly1305_ietf_decrypt(wanted, b"", nonce, keys[way]) == payload
        counters[way] += 1


@pytest.mark.parametrize("vector", FACTS, ids=lambda vector: vector["protocol_name"])
def test_the_two_patterns_in_use_give_the_published_bytes(vector: dict) -> None:
    run(vector)


@pytest.mark.parametrize("name", FILES)
def test_every_published_vector_gives_its_bytes(name: str, shared_data: Path) -> None:
    file = shared_data / "noise" / name
    if not file.is_file():
        pytest.skip(f"the published vectors {name} are not here")
    vectors = json.loads(file.read_text())["vectors"]
    for vector in vectors:
        run(vector)
    assert len(vectors) > 50


@pytest.mark.parametrize("vector", FACTS, ids=lambda vector: vector["protocol_name"])
def test_a_message_with_any_byte_changed_is_refused(vector: dict) -> None:
    message = bytes.fromhex(vector["messages"][0]["ciphertext"])
    for place in range(len(message)):
        changed = bytearray(message)
        changed[place] ^= 1
        responder = end(vector, "resp")
        if place == 31:  # the highest bit of a key is not read (RFC 7748 §5), the lowest of that byte is
            changed[place] ^= 1 ^ 0x10
        with pytest.raises(HandshakeRefusedError):
            responder.read(bytes(changed))


@pytest.mark.parametrize("length", [0, 31, 32, 79, 80, 95])
def test_a_short_message_is_refused(length: int) -> None:
    message = bytes.fromhex(FACTS[0]["messages"][0]["ciphertext"])
    with pytest.raises(HandshakeRefusedError):
        end(FACTS[0], "resp").read(message[:length])


def test_a_message_longer_than_noise_allows_is_refused() -> None:
    with pytest.raises(HandshakeRefusedError):
        end(FACTS[0], "resp").read(bytes(65_536))


# The points of small order on Curve25519 and its twist: their DH is all zero (cr.yp.to/ecdh.html, "validate").
SMALL_ORDER = [
    "00" * 32,
    "01" + "00" * 31,
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_of_small_order_is_refused(point: str) -> None:
    message = bytes.fromhex(point) + bytes.fromhex(FACTS[0]["messages"][0]["ciphertext"])[32:]
    with pytest.raises(HandshakeRefusedError):
        end(FACTS[0], "resp").read(message)


def test_an_initiator_picked_up_from_its_dump_reads_the_answer() -> None:
    vector = next(vector for vector in FACTS if "psk1" in vector["protocol_name"])
    first = end(vector, "init")
    first.write(bytes.fromhex(vector["messages"][0]["payload"]))
    again = HandshakeState.waiting("IKpsk1", first.dump(), bytes.fromhex(vector["init_static"]))
    assert again.read(bytes.fromhex(vector["messages"][1]["ciphertext"])).hex() == vector["messages"][1]["payload"]
    assert again.hash.hex() == vector["handshake_hash"]


def test_ends_with_another_prologue_psk_or_responder_do_not_meet() -> None:
    message = bytes.fromhex(FACTS[0]["messages"][0]["ciphertext"])
    other = crypto_scalarmult_base(bytes(range(32))).hex()
    for change in ({"resp_prologue": "00"}, {"resp_psks": [other]}, {"resp_static": other}):
        psk = "psk" in FACTS[0]["protocol_name"]
        if "resp_psks" in change and not psk:
            continue
        with pytest.raises(HandshakeRefusedError):
            end(FACTS[0] | change, "resp").read(message)


@pytest.mark.parametrize("name", ["", "I", "IQ", "IKpsk3", "IKpsk", "IKpsk1+", "NNpsk9", "ikpsk1"])
def test_a_pattern_that_does_not_exist_has_no_handshake(name: str) -> None:
    with pytest.raises(ValueError, match="no such"):
        HandshakeState(name, is_initiator=True)


def test_keys_that_the_pattern_needs_must_be_there() -> None:
    with pytest.raises(ValueError, match="pre-shared"):
        HandshakeState("IKpsk1", is_initiator=True, static=bytes(32), remote_static=bytes(32))
    with pytest.raises(ValueError, match="missing"):
        HandshakeState("IK", is_initiator=True, static=bytes(32))


def test_calls_out_of_turn_are_a_bug_of_the_caller() -> None:
    initiator = end(FACTS[0], "init")
    with pytest.raises(RuntimeError):
        initiator.read(b"")
    with pytest.raises(RuntimeError):
        initiator.split()
    with pytest.raises(RuntimeError):
        end(FACTS[0], "resp").write(b"")


def test_a_state_shows_nothing_of_itself() -> None:
    assert repr(end(FACTS[0], "init")) == "<HandshakeState hidden>"
