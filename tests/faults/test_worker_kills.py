"""``kill -9`` of the worker with the starter model, twenty times: loading, reading, writing, idle."""

from tests.support.worker_siege import WorkerSiege, starter_file

KILLS = 20


def test_whoever_asked_is_answered_and_nothing_is_left_behind() -> None:
    siege = WorkerSiege(starter_file(), seed=20261124)
    kills = 0
    while kills < KILLS:
        kills += siege.kill_one()
    siege.check_the_end()
    assert siege.ended_well + siege.ended_with_code > 0
