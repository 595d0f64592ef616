"""Old files put back, singly and in pairs, a file and its second copy counting as one too.

Nothing that was acknowledged may be missing without a word, nothing that was erased may come back, and nobody who was
let go may come in. Where a vault opens, what was old was one of two copies, or was made anew. ``make soak`` takes every
pair.
"""

from pathlib import Path

import pytest

from tests.support.kill_office import KillOffice
from tests.support.old_files import ACTS, CHOSEN, Past, broken, make_past, put_back
from tests.support.soak_table import Score


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> KillOffice:
    return KillOffice.make(tmp_path_factory.mktemp("office"))


@pytest.fixture(params=ACTS, ids=lambda act: act.__name__)
def past(request: pytest.FixtureRequest, office: KillOffice, tmp_path: Path) -> Past:
    return make_past(request.param, office, tmp_path)


def test_without_old_files_all_is_well(past: Past) -> None:
    assert broken(past, past.now) == []


def test_old_files_singly_and_in_pairs_bring_nothing_back(past: Past, tmp_path: Path) -> None:
    score = Score("old files", past.name)
    put_back(past, CHOSEN, score, tmp_path)
    assert score.wrongs == []
