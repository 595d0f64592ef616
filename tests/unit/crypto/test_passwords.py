"""Passwords: what is refused, what is accepted, and the slow step."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.crypto import passwords
from app.crypto.errors import KdfDowngradeError
from app.crypto.passwords import (
    DEFAULT,
    FLOOR,
    KdfParameters,
    PasswordReason,
    check_password,
    require_acceptable,
    stretch,
)

OFFICE = ("Willow Park Clinic", "Mara Lind")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", PasswordReason.TOO_SHORT),
        ("kX9#qLm2$vBn7!", PasswordReason.TOO_SHORT),
        ("x" * 257, PasswordReason.TOO_LONG),
        ("copper lantern\x00under stairs", PasswordReason.UNUSABLE_CHARACTERS),
        ("copper lantern\nunder stairs", PasswordReason.UNUSABLE_CHARACTERS),
        ("copper lantern \ud800 under stairs", PasswordReason.UNUSABLE_CHARACTERS),
        ("passwordpassword", PasswordReason.COMMON),
        ("P@ssw0rd12345678", PasswordReason.COMMON),
        ("thisismypassword", PasswordReason.COMMON),
        ("Summer2024Summer", PasswordReason.COMMON),
        ("JohnSmith19841984", PasswordReason.COMMON),
        ("aaaaaaaaaaaaaaaa", PasswordReason.REPEATED),
        ("!!!!????....----", PasswordReason.REPEATED),
        ("111112222233333", PasswordReason.REPEATED),
        ("123456789012345", PasswordReason.SEQUENCE),
        ("qwertyuiopasdfgh", PasswordReason.SEQUENCE),
        ("zyxwvutsrqponmlk", PasswordReason.SEQUENCE),
        ("Willow Park Clinic 2026", PasswordReason.NAMES_THE_OFFICE),
    ],
)
def test_what_guessers_try_first_is_refused_with_its_reason(text: str, reason: PasswordReason) -> None:
    verdict = check_password(text, OFFICE)
    assert (verdict.reason, verdict.is_accepted) == (reason, False)
    assert verdict.strength <= 1


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("copper lantern under quiet stairs", 4),
        ("der alte reiher zaehlt neun laternen", 4),
        ("kX9#qLm2$vBn7!pR", 3),
        ("orchid-tunnel-vivid-77", 3),
        ("白い鷺が九つの提灯を数えて歩く夜", 2),
    ],
)
def test_long_and_unobvious_is_accepted_without_composition_rules(text: str, least: int) -> None:
    verdict = check_password(text, OFFICE)
    assert verdict.is_accepted
    assert verdict.strength >= least


def test_fourteen_characters_are_short_and_fifteen_are_not() -> None:
    assert check_password("vqzjxkwyhfgbdm").reason is PasswordReason.TOO_SHORT
    assert check_password("vqzjxkwyhfgbdmp").is_accepted


def test_length_is_counted_after_normalisation() -> None:
    """``ﬃ`` is one character that NFKC writes as three."""
    assert check_password("vqzjxkwyhf-bd\ufb03").is_accepted


def test_the_default_costs_more_than_the_floor_and_both_are_as_specified() -> None:
    assert KdfParameters(passes=4, memory_kib=524_288, lanes=1) == DEFAULT
    assert KdfParameters(passes=3, memory_kib=262_144, lanes=1) == FLOOR


@pytest.mark.parametrize(
    "cheap",
    [
        KdfParameters(2, 262_144),
        KdfParameters(3, 262_143),
        KdfParameters(0, 0),
        KdfParameters(3, 262_144, 2),
        KdfParameters(65, 262_144),
        KdfParameters(3, 4_194_305),
    ],
)
def test_parameters_outside_floor_and_ceiling_are_refused_before_any_work(
    cheap: KdfParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords.argon2id, "kdf", lambda *_, **__: pytest.fail("work was done"))
    with pytest.raises(KdfDowngradeError):
        stretch("copper lantern under quiet stairs", bytes(16), cheap)
    with pytest.raises(KdfDowngradeError):
        require_acceptable(cheap)


def test_a_machine_without_memory_says_so_calmly() -> None:
    """In a process of its own whose address space is smaller than what the floor needs."""
    script = (
        "import resource\n"
        "from app.crypto.passwords import FLOOR, stretch\n"
        "from app.crypto.errors import NotEnoughMemoryError\n"
        "resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))\n"
        "try: stretch('copper lantern under stairs', bytes(16), FLOOR)\n"
        "except NotEnoughMemoryError as error: print(error.code)\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout == "not_enough_memory\n"


def test_a_salt_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        stretch("copper lantern under quiet stairs", bytes(8), FLOOR)


def test_stretching_normalises_and_never_changes_between_releases() -> None:
    """The composed and the decomposed ``é`` are one password. 0.5 s: the floor is real."""
    stretched = stretch("cafe\u0301 lantern under stairs", bytes(range(16)), FLOOR)
    assert stretched.hex() == "1a366f807b6ab80c026533641201a10df247b4c9a26620a4268b98ba811b921a"
    assert passwords.normalise("cafe\u0301 lantern under stairs") == "caf\xe9 lantern under stairs"


@pytest.mark.parametrize("text", ["heron slate", "7Kd#uq2v", "vqzjxkwyh"])
def test_with_a_second_secret_a_password_may_be_shorter(text: str) -> None:
    assert check_password(text, has_second=True).is_accepted
    assert check_password(text).reason is PasswordReason.TOO_SHORT


@pytest.mark.parametrize("text", ["vqzjxkw", "password", "12345678", "Mara Lind", "aaaaaaaaaa"])
def test_a_second_secret_does_not_excuse_what_is_guessed_at_once(text: str) -> None:
    assert not check_password(text, ("Mara Lind",), has_second=True).is_accepted
