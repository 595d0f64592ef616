"""Tests of windows: offscreen unless ``VESTIBULE_ONSCREEN=1``; a warning from Qt fails the test that caused it."""

import os

if os.environ.get("VESTIBULE_ONSCREEN") != "1":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("QT_ACCESSIBILITY", "1")

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.theme import SchemeChoice, Theme

# The offscreen platform says this about every window with a size hint; it is about the platform, not about us.
_HARMLESS = r"This plugin does not support propagateSizeHints\(\)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let Qt's warnings fail the tests of this folder, whatever the settings of the run say."""
    for item in items:
        if "tests/ui" in item.path.as_posix():
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))
            item.add_marker(pytest.mark.qt_log_ignore(_HARMLESS, extend=True))


@pytest.fixture(autouse=True)
def _known_look(qapp: QApplication) -> None:
    """Start every test of a window in the light look at 100 %, without motion."""
    Theme.apply(qapp, SchemeChoice.LIGHT, is_motion_reduced=True)
