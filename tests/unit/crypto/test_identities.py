"""A person's key pairs: stable, secret, and good for boxes and signatures only."""

import pytest

from app.crypto.errors import SealBrokenError, SignatureBrokenError
from app.crypto.identities import SEED_BYTES, Identity, make_user_seed

MARA = Identity(b"m" * SEED_BYTES)
JONAS = Identity(b"j" * SEED_BYTES)


def test_the_same_seed_gives_the_same_person_for_ever() -> None:
    assert MARA.public.box_key.hex() == "1339dca121426ad3ee83ebb31c89665e936f4de5f927a6b00a766246595c6c18"
    assert MARA.public.signing_key.hex() == "ee353b52c6d65aedc49992bb5359c094d404464a5467d4e327bbaf9a21421dc7"


def test_two_seeds_are_two_people() -> None:
    assert Identity(make_user_seed()).public != Identity(make_user_seed()).public


def test_only_the_recipient_opens_a_box() -> None:
    sealed = MARA.public.seal_to(b"vault key")
    assert MARA.open_box(sealed) == b"vault key"
    with pytest.raises(SealBrokenError):
        JONAS.open_box(sealed)


@pytest.mark.parametrize("place", [0, 31, 32, -1])
def test_an_altered_or_cut_box_does_not_open(place: int) -> None:
    sealed = bytearray(MARA.public.seal_to(b"vault key"))
    sealed[place] ^= 1
    for broken in (bytes(sealed), bytes(sealed[:-1]), b"", bytes(48)):
        with pytest.raises(SealBrokenError):
            MARA.open_box(broken)


def test_a_signature_names_its_signer_and_its_message() -> None:
    signature = MARA.sign(b"statement")
    MARA.public.verify(b"statement", signature)
    for public, message, claimed in [
        (JONAS.public, b"statement", signature),
        (MARA.public, b"Statement", signature),
        (MARA.public, b"statement", signature[:-1] + bytes([signature[-1] ^ 1])),
        (MARA.public, b"statement", signature[:-1]),
        (MARA.public, b"statement", b""),
    ]:
        with pytest.raises(SignatureBrokenError):
            public.verify(message, claimed)


def test_a_seed_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Identity(b"short")


def test_secret_holders_show_nothing() -> None:
    assert repr(MARA) == "<Identity hidden>"
    assert not hasattr(MARA, "__dict__")
