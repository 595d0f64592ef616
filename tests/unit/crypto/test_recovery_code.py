"""The printed code: readable, typo-proof, and silent about itself."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.crypto.errors import RecoveryCodeError
from app.crypto.recovery_code import CODE_BYTES, GROUPS, RecoveryCode, _print_group

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = RecoveryCode(bytes(range(7, 7 + CODE_BYTES)))


@given(some.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_what_is_printed_reads_back(secret: bytes) -> None:
    assert RecoveryCode.parse(str(RecoveryCode(secret))).secret == secret


def test_the_printed_form_never_changes_between_releases() -> None:
    assert str(CODE) == "01R8F-1450X-P30D8-1R7H9-048JQ-2CA1X-A5GQ1-30CHW-M6RWH-3MF1H-Y811F-48HJN-8996H"
    assert len(str(CODE).split("-")) == GROUPS


def test_two_codes_differ() -> None:
    assert RecoveryCode.generate() != RecoveryCode.generate()


@pytest.mark.parametrize(
    "retyped",
    [
        str(CODE).lower(),
        str(CODE).replace("-", ""),
        str(CODE).replace("-", " "),
        "\n ".join(str(CODE).split("-")) + "\n",
        str(CODE).replace("0", "O").replace("1", "l"),
        str(CODE).replace("1", "I"),
    ],
)
def test_case_gaps_and_lookalikes_do_not_matter(retyped: str) -> None:
    assert RecoveryCode.parse(retyped) == CODE


def test_every_single_wrong_symbol_is_noticed_and_its_group_named() -> None:
    groups = str(CODE).split("-")
    for number, group in enumerate(groups, start=1):
        for place, right in enumerate(group):
            for wrong in ALPHABET.replace(right, ""):
                typed = [*groups[: number - 1], group[:place] + wrong + group[place + 1 :], *groups[number:]]
                with pytest.raises(RecoveryCodeError) as refused:
                    RecoveryCode.parse("-".join(typed))
                assert refused.value.group == number


def test_two_neighbours_swapped_are_noticed_and_their_group_named() -> None:
    groups = str(CODE).split("-")
    tried = 0
    for number, group in enumerate(groups, start=1):
        for place, (left, right) in enumerate(pairwise(group)):
            if left == right:
                continue
            swapped = group[:place] + right + left + group[place + 2 :]
            with pytest.raises(RecoveryCodeError) as refused:
                RecoveryCode.parse("-".join([*groups[: number - 1], swapped, *groups[number:]]))
            assert refused.value.group == number
            tried += 1
    assert tried > 40


def test_two_groups_swapped_are_noticed_and_the_first_named() -> None:
    groups = str(CODE).split("-")
    groups[3], groups[8] = groups[8], groups[3]
    with pytest.raises(RecoveryCodeError) as refused:
        RecoveryCode.parse("-".join(groups))
    assert refused.value.group == 4


@pytest.mark.parametrize(
    ("damage", "group"),
    [
        (lambda groups: groups[:-1], None),
        (lambda groups: [*groups, groups[0]], None),
        (lambda groups: [], None),
        (lambda groups: [*groups[:5], groups[5][:-1], *groups[6:]], 6),
        (lambda groups: [*groups[:5], groups[5] + "0", *groups[6:]], 6),
        (lambda groups: [*groups[:2], "U" * 5, *groups[3:]], 3),
        (lambda groups: [*groups[:2], "é" * 5, *groups[3:]], 3),
    ],
)
def test_missing_and_foreign_pieces_are_named(damage, group: int | None) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RecoveryCodeError) as refused:
        RecoveryCode.parse("-".join(damage(str(CODE).split("-"))))
    assert refused.value.group == group


def test_the_four_spare_bits_must_be_zero() -> None:
    """A first group with a genuine check symbol but a value beyond 256 bits is a typo as well."""
    with pytest.raises(RecoveryCodeError) as refused:
        RecoveryCode.parse("-".join([_print_group(0, [31, 0, 0, 0]), *str(CODE).split("-")[1:]]))
    assert refused.value.group == 1


def test_the_code_hides_in_repr_and_in_errors() -> None:
    assert repr(CODE) == "<RecoveryCode hidden>"
    assert not hasattr(CODE, "__dict__")
    with pytest.raises(RecoveryCodeError) as refused:
        RecoveryCode.parse(str(CODE)[:-1] + "0")
    assert not any(group in str(refused.value) for group in str(CODE).split("-"))


def test_a_secret_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="256 bits"):
        RecoveryCode(bytes(31))
