"""What every test shares: the wall, the place of the shared material, and silence.

The whole suite runs behind the egress wall of the console, so any internet socket that a test or a library tries to
open is refused by the kernel, and the tripwire names who tried.
"""

import os
from pathlib import Path

import pytest

from app.isolation.wall import is_wall_up, raise_egress_wall
from tests.silence import namespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

REPOSITORY = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    """Step into a network namespace of our own and raise the wall, before any test module is imported.

    What was so before stands in the environment, for the tests that need a positive control.
    """
    os.environ["VESTIBULE_TEST_WALL_BEFORE"] = "up" if is_wall_up() else "down"
    os.environ["VESTIBULE_TEST_CONTROL"] = "seen" if not is_wall_up() and namespace.control() else "blind"
    os.environ["VESTIBULE_TEST_NAMESPACE"] = "own" if namespace.enter() else "shared"
    raise_egress_wall()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the whole run when a single packet left, whichever test it was."""
    if os.environ["VESTIBULE_TEST_NAMESPACE"] == "own" and namespace.packets():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        raise pytest.UsageError("silence: something in this run sent a packet; see tests/silence/namespace.py")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The openly licensed material beside the checkout; a test that wants it skips where it is absent."""
    folder = Path(os.environ.get("VESTIBULE_SHARED", REPOSITORY.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the shared material is not on this machine (set VESTIBULE_SHARED to its folder)")
    return folder


@pytest.fixture(autouse=True)
def homes(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the settings and data of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home
