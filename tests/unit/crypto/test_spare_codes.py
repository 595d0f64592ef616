"""Printed codes in place of the phone."""

from app.crypto.spare_codes import SPARE_CODES, make_spare_codes, spare_digest, spare_digests

KEY = bytes(range(20))


def test_there_are_eight_and_no_two_are_alike() -> None:
    codes = make_spare_codes()
    assert len(set(codes)) == SPARE_CODES
    assert all(len(code) == 11 and code[5] == "-" for code in codes)


def test_a_code_is_known_however_it_is_typed() -> None:
    assert spare_digest(KEY, "0l1oA-bcdef") == spare_digest(KEY, " 011 0a BCDEF ")


def test_another_code_or_key_gives_another_digest() -> None:
    digests = spare_digests(KEY, ("AAAAA-AAAAA", "AAAAA-AAAAB"))
    assert len({*digests, spare_digest(bytes(20), "AAAAA-AAAAA")}) == 3
