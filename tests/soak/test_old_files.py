"""Every old file and every pair of old files put back, after messages, after somebody left, and after an erasure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.services.desk import Desk
from tests.support.kill_office import KillOffice
from tests.support.old_files import ACTS, ALL, make_past, put_back
from tests.support.soak_table import Score


@pytest.mark.soak
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_no_old_files_bring_anything_back(
    tmp_path: Path, act: Callable[[Desk, KillOffice], None], soak_table: Callable[[Score], None]
) -> None:
    past = make_past(act, KillOffice.make(tmp_path / "office"), tmp_path)
    score = Score("old files", past.name)
    soak_table(score)
    put_back(past, ALL, score, tmp_path)
    assert score.wrongs == []
