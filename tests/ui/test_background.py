"""One thread beside the GUI thread: order, callbacks, overtaking, failure, the end."""

import sys
import threading

import pytest
from PySide6.QtCore import QThread

from app.ui.background import BackgroundRunner
from tests.support.waiting import PATIENCE_MS


@pytest.fixture
def runner(qapp):
    made = BackgroundRunner("store under test")
    yield made
    assert made.close()


def test_when_work_ends_then_its_result_arrives_on_the_gui_thread(qtbot, runner):
    where = []
    runner.run(threading.get_ident, done=lambda ident: where.append((ident, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(where), timeout=PATIENCE_MS)
    worked_on, called_back_on = where[0]
    assert worked_on != called_back_on == threading.get_ident()


def test_when_several_jobs_are_asked_for_then_they_run_in_that_order(qtbot, runner):
    seen = []
    for number in range(20):
        runner.run(lambda number=number: number, done=seen.append)
    qtbot.waitUntil(lambda: len(seen) == 20, timeout=PATIENCE_MS)
    assert seen == list(range(20))
    assert runner.is_idle


def test_when_a_newer_job_of_the_same_topic_comes_then_the_waiting_one_is_dropped(qtbot, runner):
    gate = threading.Event()
    ran, seen = [], []
    runner.run(gate.wait, 5)
    for text in ("h", "he", "hea"):
        runner.run(lambda text=text: ran.append(text) or text, done=seen.append, topic="search")
    gate.set()
    qtbot.waitUntil(lambda: runner.is_idle, timeout=PATIENCE_MS)
    assert ran == seen == ["hea"]


def test_when_work_fails_then_the_exception_goes_to_the_caller_or_to_everyone(qtbot, runner):
    failures = []
    runner.run(int, "x", failed=failures.append)
    with qtbot.waitSignal(runner.went_wrong, timeout=PATIENCE_MS) as caught:
        runner.run(int, "y")
    assert isinstance(failures[0], ValueError)
    assert isinstance(caught.args[0], ValueError)


def test_when_it_is_closed_then_earlier_work_is_finished_and_later_work_refused(qapp):
    runner = BackgroundRunner("closing")
    done = []
    for number in range(5):
        runner.run(lambda number=number: QThread.msleep(5) or done.append(number))
    assert runner.close()
    runner.run(done.append, 99)
    assert done == [0, 1, 2, 3, 4]


def test_when_a_job_never_ends_then_close_says_so(qapp):
    runner = BackgroundRunner("stuck")
    gate = threading.Event()
    runner.run(gate.wait, 30)
    assert not runner.close(grace_ms=20)
    gate.set()
    assert runner.close()


def test_emitting_a_signal_does_not_lose_references_of_true(qapp):
    """PySide6 6.12.0 with Python 3.11 lost one per emit and killed the process after some hundred."""
    runner = BackgroundRunner("references")
    before = sys.getrefcount(True)
    for _ in range(50):
        runner.load_changed.emit(1)
    assert sys.getrefcount(True) >= before - 5
    runner.close()
