"""Lets the conftest of a folder offer the fixtures of ``fixtures.py``: registered once, one browser a run."""

import pytest

PLUGIN = "tests.browser.fixtures"


def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures; a conftest imports this function under this very name."""
    if not config.pluginmanager.has_plugin(PLUGIN):
        config.pluginmanager.import_plugin(PLUGIN)
