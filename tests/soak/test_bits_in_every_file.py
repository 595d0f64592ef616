"""A hundred flipped bits in every file of a vault and of a backup (``VESTIBULE_SOAK_BITS`` for another number)."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.flipped_bits import files_of, flip_bits, told_of_backup, told_of_vault, with_attempts
from tests.support.kill_office import KillOffice
from tests.support.soak_table import Score

FLIPS = int(os.environ.get("VESTIBULE_SOAK_BITS", "100"))


@pytest.mark.soak
@pytest.mark.parametrize(("part", "told"), [("vault", told_of_vault), ("disk", told_of_backup)])
def test_a_bit_in_any_file_is_told(
    tmp_path: Path, part: str, told: Callable[[KillOffice], list[str]], soak_table: Callable[[Score], None]
) -> None:
    office = with_attempts(KillOffice.make(tmp_path / "office"))
    wrongs: list[str] = []
    for name in files_of(office.root / part):
        score = Score("one bit", Path(name).name if part == "vault" else f"backup, {Path(name).parts[1]}")
        soak_table(score)
        flip_bits(office, part, name, told, FLIPS, score, tmp_path)
        wrongs += score.wrongs
    assert wrongs == []
