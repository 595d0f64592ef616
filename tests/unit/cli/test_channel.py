"""``channel`` in this process: a real vault that opens without stretching, and a gateway in memory."""

import json
from dataclasses import replace

import pytest

from app.channel.invitation import Invitation
from app.cli import main
from app.domain.channel import NoticeTexts
from app.services.vaults import VaultService
from tests.support.desks import TemporaryDesk
from tests.support.wire import Wire, WirePatient

NOTICE = NoticeTexts(
    phone="+34 900 123 123",
    country="ES",
    emergency=("112",),
    keeps_days=90,
    who="The reception",
    withdraw="Call the reception.",
)
PAGE = "https://practice.example"
ON = ("on", "--gateway", "127.0.0.1:8443", "--page", PAGE, "--plain")


class Office:
    """Runs ``channel`` commands over one vault."""

    def __init__(self, line, folder, password_file):
        self.files, self.wire, self._line = TemporaryDesk(folder), Wire(), line
        self._access = ("--vault", self.files.store.directory, "--password-file", password_file)
        with self.files.opened() as desk:
            desk.channel.confirm_office_keys(desk.channel.make_office_keys(), NOTICE)

    def run(self, *arguments):
        files = self.files

        class Unstretched(VaultService):
            def unlock(self, *_given, **_named):
                return files.open()

        toolbox = replace(self._line.toolbox(), vault_service=Unstretched, make_link=self.wire.factory)
        code = main(toolbox, [str(one) for one in ("channel", *arguments, *self._access)])
        captured = self._line.capsys.readouterr()
        return code, captured.out, captured.err

    def json(self, *arguments):
        code, out, err = self.run(*arguments, "--json")
        assert code == 0, err
        return json.loads(out)


@pytest.fixture
def office(line, tmp_path, password_file):
    return Office(line, tmp_path, password_file)


def test_the_whole_way_for_programs(office, tmp_path):
    assert office.json("status")["on"] is False
    file = tmp_path / "office.json"
    assert office.json("office-file", file)["bytes"] == file.stat().st_size
    on = office.json(*ON)
    assert (on["on"], on["gateway"], on["tls"]) == (True, "127.0.0.1:8443", False)
    made = office.json("invite", "Ada Quill", "--language", "es")
    assert made["sent"] is True
    assert Invitation.parse(made["link"]).address in office.wire.mailboxes
    WirePatient.with_link(office.wire, made["link"], office.files.clock).hello("Good morning")
    rows = office.json("invitations")
    assert [(row["name"], row["language"], row["invitation"]) for row in rows] == [
        ("Ada Quill", "es", made["invitation"])
    ]
    held = office.json("holdings")
    assert held["mailboxes"][0]["name"] in {"Ada Quill", None}
    second = office.json("invite", "Bo Fell")
    assert office.json("revoke", second["invitation"])["sent"] is True
    assert Invitation.parse(second["link"]).address in office.wire.closed
    assert office.json("wipe", "--yes")["mailboxes"] == 1
    assert office.json("off")["on"] is False


def test_the_whole_way_for_people(office, tmp_path):
    file = tmp_path / "office.json"
    assert office.run("office-file", file)[1] == "Written. Copy it to the gateway's machine.\n"
    assert "to nothing else" in office.run(*ON)[1]
    code, out, err = office.run("invite", "Ada Quill")
    assert (code, out.count("\n")) == (0, 1)
    assert Invitation.parse(out.strip())
    assert "until" in err
    shown = office.run("status")[1]
    assert "127.0.0.1:8443 (without TLS)" in shown
    assert "Ada" in office.run("invitations")[1]
    assert "Mailboxes" in office.run("holdings")[1]
    assert "Wiped" in office.run("wipe", "--yes")[1]
    assert "The channel is off" in office.run("off")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("on", "--gateway", "nowhere", "--page", PAGE), 2, "HOST:PORT"),
        (("on", "--gateway", "gateway.example:80", "--page", PAGE, "--plain"), 1, "this machine"),
        (("on", "--gateway", "gateway.example:443", "--page", "practice"), 1, "page"),
        (("invite", "Ada"), 1, "off"),
        (("holdings",), 1, "off"),
        (("revoke", "nothing"), 1, "invitation"),
        (("wipe",), 2, "--yes"),
    ],
)
def test_what_cannot_be_done_says_why(office, arguments, code, words):
    ended, out, err = office.run(*arguments)
    assert (ended, out) == (code, "")
    assert words in err


def test_a_file_that_is_there_already_stays(office, tmp_path):
    file = tmp_path / "office.json"
    file.write_text("mine")
    assert office.run("office-file", file)[0] == 1
    assert file.read_text() == "mine"


def test_what_the_gateway_does_not_answer_is_told(office):
    office.run(*ON)
    office.wire.is_up = False
    code, out, err = office.run("holdings")
    assert (code, out) == (5, "")
    assert "not reached" in err
    assert office.json("invite", "Ada Quill")["sent"] is False
