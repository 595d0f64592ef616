"""What every test shares: the wall, the place of the shared material, and silence.

The suite has two halves. The first runs behind the egress wall of the console, so any internet socket that a test or a
library tries to open is refused by the kernel, and the tripwire names who tried. The second (``--loopback``, tests
marked so) is for real servers and a real browser: no wall stands around the test process, but its network namespace
has no interface except loopback, so its processes reach each other and nobody else.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.isolation.wall import is_wall_up, raise_egress_wall
from tests.silence import namespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.fonts=false")

_LONG = ("end_to_end", "faults")
REPOSITORY = Path(__file__).resolve().parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer the second half of the suite."""
    parser.addoption("--loopback", action="store_true", help="run the tests that are marked so, and only these")


def pytest_configure(config: pytest.Config) -> None:
    """Step into a network namespace of our own, before any test module is imported, and raise the wall or loopback.

    What was so before stands in the environment, for the tests that need a positive control.
    """
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return  # this process only hands tests to workers, which would inherit its wall
    os.environ["VESTIBULE_TEST_WALL_BEFORE"] = "up" if is_wall_up() else "down"
    os.environ["VESTIBULE_TEST_CONTROL"] = "seen" if not is_wall_up() and namespace.control() else "blind"
    os.environ["VESTIBULE_TEST_NAMESPACE"] = "own" if namespace.enter() else "shared"
    if not config.getoption("loopback"):
        raise_egress_wall()
    elif os.environ["VESTIBULE_TEST_NAMESPACE"] == "own":
        namespace.raise_loopback()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the half of the suite that was asked for."""
    wants_loopback = config.getoption("loopback")
    other = [item for item in items if (item.get_closest_marker("loopback") is not None) != wants_loopback]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in set(other)]
    items.sort(key=lambda item: item.path.parent.name not in _LONG)  # else one worker ends long after the other


@pytest.fixture(scope="session", autouse=True)
def _silence(pytestconfig: pytest.Config) -> Iterator[None]:
    """Fail the run when a single packet left, whichever test it was."""
    yield
    if os.environ["VESTIBULE_TEST_NAMESPACE"] == "own":
        left = namespace.bytes_beyond_loopback() if pytestconfig.getoption("loopback") else namespace.packets()
        assert not left, "silence: something in this run sent a packet; see tests/silence/namespace.py"


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
