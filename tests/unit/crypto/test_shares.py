"""Recovery in printed shares: two of three, never one, and typing errors are named."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shamir_mnemonic import combine_mnemonics

from app.crypto.errors import SharesError
from app.crypto.one_time import make_one_time_password
from app.crypto.passwords import check_password
from app.crypto.recovery_code import RecoveryCode
from app.crypto.shares import (
    MAX_SHARE_CHARS,
    SHARES,
    WORDS,
    SharesFault,
    check_share,
    join_shares,
    shares_in,
    split_code,
)

CODE = RecoveryCode(bytes(range(32)))


@pytest.fixture(scope="module")
def shares() -> tuple[str, ...]:
    return split_code(CODE)


def test_the_library_reads_a_published_vector() -> None:
    """Vector 1 of the SLIP-39 test vectors (trezor/python-shamir-mnemonic, vectors.json)."""
    share = (
        "duckling enlarge academic academic agency result length solution fridge kidney coal piece deal husband erode "
        "duke ajar critical decision keyboard"
    )
    assert combine_mnemonics([share], b"TREZOR").hex() == "bb54aac4b89dc868ba37d9cc21b2cece"


@settings(max_examples=20, deadline=None)
@given(st.binary(min_size=32, max_size=32))
def test_any_two_in_any_order_give_the_code_back(secret: bytes) -> None:
    made = split_code(RecoveryCode(secret))
    assert len(made) == SHARES
    for pair in itertools.permutations(made, 2):
        assert join_shares(pair).secret == secret
    assert join_shares(made).secret == secret


def test_one_share_alone_gives_nothing_and_shows_nothing_of_the_code(shares: tuple[str, ...]) -> None:
    for share in shares:
        with pytest.raises(SharesError) as caught:
            join_shares([share])
        assert caught.value.code == SharesFault.TOO_FEW.value
        assert len(share.split()) == WORDS
        assert len(share) < MAX_SHARE_CHARS
    assert split_code(CODE) != shares


def test_case_numbers_and_line_ends_do_not_matter(shares: tuple[str, ...]) -> None:
    typed = "\n".join(f"{number:2}. {word.upper()}" for number, word in enumerate(shares[0].split(), start=1))
    assert check_share(typed) == shares[0]
    assert join_shares([typed, shares[2]]) == CODE


def test_a_word_that_no_share_has_is_named(shares: tuple[str, ...]) -> None:
    words = shares[1].split()
    words[4] = "vestibule"
    with pytest.raises(SharesError) as caught:
        join_shares([shares[0], " ".join(words)])
    assert (caught.value.code, caught.value.share, caught.value.word) == (SharesFault.WORD_UNKNOWN.value, 2, 5)
    assert "vestibule" not in str(caught.value)


@pytest.mark.parametrize("place", range(0, WORDS, 4))
def test_another_word_of_the_list_is_noticed(shares: tuple[str, ...], place: int) -> None:
    words = shares[0].split()
    words[place] = "academic" if words[place] != "academic" else "acid"
    with pytest.raises(SharesError) as caught:
        check_share(" ".join(words))
    assert caught.value.code == SharesFault.MISTYPED.value


def test_what_does_not_fit_together_is_said(shares: tuple[str, ...]) -> None:
    others = split_code(CODE)
    for typed, fault in (
        ([shares[0], shares[0]], SharesFault.SAME_TWICE),
        ([shares[0], others[1]], SharesFault.OF_DIFFERENT_SETS),
        ([shares[0], " ".join(shares[1].split()[:-1])], SharesFault.WRONG_NUMBER_OF_WORDS),
        ([], SharesFault.TOO_FEW),
        ([shares[0], ""], SharesFault.WRONG_NUMBER_OF_WORDS),
    ):
        with pytest.raises(SharesError) as caught:
            join_shares(typed)
        assert caught.value.code == fault.value


def test_shares_are_found_in_one_text_and_a_code_is_none(shares: tuple[str, ...]) -> None:
    assert shares_in(f"1. {shares[0]}\n\n2. {shares[2].upper()}") == (shares[0], shares[2])
    assert shares_in(shares[1]) == (shares[1],)
    for code in (str(CODE), str(CODE).replace("-", " "), "-".join(["ABCDE"] * 13), " ".join(str(CODE)), ""):
        assert shares_in(code) == ()
    with pytest.raises(SharesError) as caught:
        join_shares(shares_in(f"{shares[0]} {shares[1].rsplit(' ', 2)[0]}"))
    assert (caught.value.code, caught.value.share) == (SharesFault.WRONG_NUMBER_OF_WORDS.value, 2)


def test_a_one_time_password_is_accepted_as_a_password_and_never_the_same() -> None:
    made = {make_one_time_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert len(password) == 23
        assert check_password(password, ("Mara Lind", "Linden Street Family Practice")).is_accepted
