"""A command line and a vault for its tests."""

from pathlib import Path

import pytest

from tests.support.command_line import CommandLine, make_places, write_password
from tests.support.desks import TemporaryDesk
from tests.support.vaults import PASSWORD


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> CommandLine:
    return CommandLine(capsys, make_places(tmp_path))


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    return write_password(tmp_path, PASSWORD)


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """The folder of a real vault; unlocking it stretches the password with the cheapest parameters allowed."""
    return TemporaryDesk(tmp_path).store.directory
