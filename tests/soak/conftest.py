"""Long runs write what they did into one table, printed when all are over."""

from collections.abc import Callable

import pytest

from tests.support.soak_table import Score, lines_of

_SCORES = pytest.StashKey[list[Score]]()


@pytest.fixture
def soak_table(pytestconfig: pytest.Config) -> Callable[[Score], None]:
    """Add a line to the table."""
    return pytestconfig.stash.setdefault(_SCORES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table."""
    scores = config.stash.get(_SCORES, [])
    if scores:
        terminalreporter.section("what was tried, and what came of it")
        for line in lines_of(scores):
            terminalreporter.write_line(line)
