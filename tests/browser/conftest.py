"""The browser's own tests use its fixtures."""

from tests.browser.offering import pytest_configure

__all__ = ["pytest_configure"]
