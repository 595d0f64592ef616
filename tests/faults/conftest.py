"""Some faults are watched from a patient's browser."""

from tests.browser.offering import pytest_configure

__all__ = ["pytest_configure"]
