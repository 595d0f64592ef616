"""``vestibule channel`` on the real program: a real vault, a real gateway, and a patient who comes in by the link.

Each command in detail: ``tests/unit/cli/test_channel.py``, in one process and without stretching a password.
"""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.channel.invitation import Invitation
from app.domain.channel import NoticeTexts
from app.domain.post import Ok, Put
from app.domain.post_sign_in import PatientSignIn
from app.services.vaults import VaultService
from tests.support.command_line import write_password
from tests.support.desks import TemporaryDesk
from tests.support.gateway_client import signed_in
from tests.support.gateways import ROOT, start_gateway_of
from tests.support.post import make_hello
from tests.support.vaults import PASSWORD

pytestmark = pytest.mark.loopback

_NOTICE = NoticeTexts(
    phone="+34 900 123 123",
    country="ES",
    emergency=("112",),
    keeps_days=90,
    who="The reception",
    withdraw="Call the reception.",
)
_PAGE = "https://practice.example"


class Office:
    """A vault whose office has keys, and the program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = TemporaryDesk(folder).store.directory
        self._password = write_password(folder, PASSWORD)
        with VaultService().unlock(self.vault, PASSWORD) as desk:
            desk.channel.confirm_office_keys(desk.channel.make_office_keys(), _NOTICE)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        access = ("--vault", self.vault, "--password-file", self._password)
        return subprocess.run(
            [sys.executable, "-m", "app", "channel", *map(str, (*arguments, *access))],
            cwd=ROOT,
            env={**os.environ, "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def json(self, *arguments: object) -> object:
        ended = self.run(*arguments, "--json")
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_an_office_is_put_on_the_wire_without_a_window(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "office.json"
    assert office.json("office-file", file)["bytes"] == file.stat().st_size
    gateway = start_gateway_of(tmp_path, file)
    try:
        on = office.json("on", "--gateway", f"127.0.0.1:{gateway.port}", "--page", _PAGE, "--plain")
        assert (on["on"], on["gateway"], on["tls"]) == (True, f"127.0.0.1:{gateway.port}", False)

        made = office.json("invite", "Ada Quill", "--language", "es")
        assert made["sent"] is True
        invitation = Invitation.parse(made["link"])
        assert made["link"].startswith(f"{_PAGE}/c#1.")
        patient = PatientSignIn(invitation.address, invitation.token, b"c" * 32)

        async def come_in() -> None:
            async with signed_in(*gateway.address, patient) as client:
                assert isinstance(await client.ask(Put(0, invitation.address, make_hello())), Ok)

        asyncio.run(come_in())
        held = office.json("holdings")
        assert len(held["mailboxes"]) == 1
        assert held["mailboxes"][0]["name"] in {"Ada Quill", None}

        assert office.json("off")["on"] is False
    finally:
        gateway.stop()


def test_a_gateway_that_is_not_there_is_told(office: Office) -> None:
    office.json("on", "--gateway", "127.0.0.1:9", "--page", _PAGE, "--plain")
    ended = office.run("holdings")
    assert (ended.returncode, ended.stdout) == (5, "")
    assert "not reached" in ended.stderr
