"""An import of documents is silent: no socket in any process of it, and no word of a document beside the vault.

The documents ask for the network in every way that their formats have: links, pictures, templates and actions from
elsewhere. The recorder watches the program and the reader that it locks in.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.silence.recorder import record
from tests.support.command_line import write_password
from tests.support.desks import TemporaryDesk
from tests.support.documents import lines, make_docx, make_pdf, par, run
from tests.support.vaults import PASSWORD

REPOSITORY = Path(__file__).resolve().parents[2]
CANARIES = ("Zephyrina", "kumquatosis")
ELSEWHERE = "http://203.0.113.7/x"
"""An address that is reserved for documentation."""


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    words = " ".join(CANARIES)
    link = f'<w:hyperlink xmlns:r="http://r" r:id="r9">{run(words)}</w:hyperlink>'
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r8" Type="http://x/attachedTemplate" Target="{ELSEWHERE}.dotm" TargetMode="External"/>'
        f'<Relationship Id="r9" Type="http://x/hyperlink" Target="{ELSEWHERE}" TargetMode="External"/></Relationships>'
    )
    docx = make_docx(par("Visits", "berschrift1") + par(runs=link), parts={"word/_rels/document.xml.rels": relations})
    (folder / "visits.docx").write_bytes(docx)
    catalog = (
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /URI /URI (%s) >> "
        b"/AA << /WC << /S /SubmitForm /F (%s) >> >> >>" % (ELSEWHERE.encode(), ELSEWHERE.encode())
    )
    (folder / "fees.pdf").write_bytes(make_pdf([lines(words)], extra={1: catalog}))
    (folder / "links.md").write_text(f"# Links\n\n![{words}]({ELSEWHERE}) [page]({ELSEWHERE})\n", encoding="utf-8")
    (folder / "broken.docx").write_bytes(docx[:400] + words.encode())
    return folder


def command(vault: Path, documents: Path, password: Path) -> list[str]:
    access = ["--vault", str(vault), "--password-file", str(password)]
    return [sys.executable, "-m", "app", "knowledge", "import", str(documents), "--skip-refused", *access]


def test_an_import_opens_no_socket(tmp_path: Path, documents: Path) -> None:
    (documents / "broken.docx").unlink()  # the recorder wants a command that ends well
    vault = TemporaryDesk(tmp_path).store.directory
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    watched = command(vault, documents, write_password(tmp_path, PASSWORD))
    assert record(watched, tmp_path, environment, 120) == []


def test_no_word_of_a_document_stands_beside_the_vault(tmp_path: Path, documents: Path) -> None:
    machine = tmp_path / "machine"
    machine.mkdir()
    vault = TemporaryDesk(machine).store.directory
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(machine), "TMPDIR": str(machine), "PYTHONPATH": str(REPOSITORY),
    }  # fmt: skip
    ended = subprocess.run(
        command(vault, documents, write_password(tmp_path, PASSWORD)),
        env=environment, cwd=machine, capture_output=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 3
    assert b"Answers: 3 added" in ended.stdout
    spoken = [ended.stdout, ended.stderr, *(path.read_bytes() for path in machine.rglob("*") if path.is_file())]
    assert not [canary for canary in CANARIES if any(canary.encode() in text for text in spoken)]
