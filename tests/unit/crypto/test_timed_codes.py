"""Codes from a phone: the vectors of the RFC, drift, and no code twice."""

import pytest

from app.crypto.timed_codes import (
    app_link,
    code_at,
    find_step,
    make_timed_secret,
    secret_of_link,
    secret_words,
    step_at,
)

SECRET = b"12345678901234567890"
NOW_MS = 1_795_000_000_000
NONE_YET = -1

RFC_6238 = (
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
)
"""RFC 6238, appendix B, the rows of SHA-1: seconds, eight digits."""

RFC_4226 = ("755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489")
"""RFC 4226, appendix D: the codes of the counters 0 to 9."""


@pytest.mark.parametrize(("seconds", "digits"), RFC_6238)
def test_the_vectors_of_rfc_6238(seconds: int, digits: str) -> None:
    assert code_at(SECRET, step_at(1000 * seconds), digits=8) == digits


def test_the_vectors_of_rfc_4226() -> None:
    assert tuple(code_at(SECRET, counter) for counter in range(10)) == RFC_4226


@pytest.mark.parametrize(("drift", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phone_may_be_half_a_minute_off(drift: int, is_taken: bool) -> None:
    step = step_at(NOW_MS) + drift
    assert (find_step(SECRET, code_at(SECRET, step), NOW_MS, NONE_YET) == step) is is_taken


def test_no_code_is_taken_twice() -> None:
    code = code_at(SECRET, step_at(NOW_MS))
    taken = find_step(SECRET, code, NOW_MS, NONE_YET)
    assert taken is not None
    assert find_step(SECRET, code, NOW_MS, taken) is None
    earlier = code_at(SECRET, taken - 1)
    assert find_step(SECRET, earlier, NOW_MS, taken) is None


def test_a_clock_set_back_revives_no_code() -> None:
    last = step_at(NOW_MS)
    for minutes in (1, 60, 60 * 24):
        before_ms = NOW_MS - 60_000 * minutes
        assert find_step(SECRET, code_at(SECRET, step_at(before_ms)), before_ms, last) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "287 08", "-28708"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert find_step(SECRET, typed, NOW_MS, NONE_YET) is None


def test_spaces_do_not_matter() -> None:
    code = code_at(SECRET, step_at(NOW_MS))
    assert find_step(SECRET, f" {code[:3]} {code[3:]} ", NOW_MS, NONE_YET) == step_at(NOW_MS)


def test_a_time_before_1970_takes_nothing_and_breaks_nothing() -> None:
    assert find_step(SECRET, "123456", -60_000_000, NONE_YET) is None


def test_the_link_says_what_apps_read() -> None:
    link = app_link(SECRET, "N B")
    assert link == "otpauth://totp/Vestibule:N%20B?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Vestibule"
    assert secret_words(SECRET) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_secrets_differ() -> None:
    assert len({make_timed_secret() for _ in range(20)}) == 20


def test_the_secret_comes_back_out_of_the_link() -> None:
    assert secret_of_link(app_link(SECRET, "N B")) == SECRET
    for other in ("", "otpauth://totp/x", "otpauth://totp/x?secret=AAAA", "otpauth://totp/x?secret=!!", "http://[x"):
        assert secret_of_link(other) is None
