"""``vestibule retention``: read, signed, previewed, applied; each refusal with its exit code and words."""

import json
import tempfile
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.vaults import stretched_once

OLD_MS = 1_300_000_000_000


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "own-temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setattr("app.store.slots.stretch", stretched_once)


@pytest.fixture
def access(vault: Path, password_file: Path) -> tuple[object, ...]:
    return ("--vault", vault, "--password-file", password_file)


@pytest.fixture
def taken(line: CommandLine, access: tuple[object, ...], tmp_path: Path) -> None:
    """Two conversations of long ago and one of today."""
    lines = tmp_path / "in.jsonl"
    turns = [[{"who": "user", "text": f"question {n}", "written_ms": OLD_MS + n}] for n in range(2)]
    turns.append([{"who": "user", "text": "a new question"}])
    lines.write_text("".join(json.dumps({"id": str(n), "turns": one}) + "\n" for n, one in enumerate(turns)))
    assert line.run("conversations", "import", lines, *access).code == 0


@pytest.mark.usefixtures("taken")
def test_from_the_rules_to_a_certificate(line: CommandLine, access: tuple[object, ...], tmp_path: Path) -> None:
    edited = tmp_path / "rules.json"
    unsigned = line.run("retention", "rules", "--out", edited, *access)
    assert (unsigned.code, "nobody yet" in unsigned.out, "not legal advice" in unsigned.out) == (1, True, True)
    rules = json.loads(edited.read_text())
    rules["classes"][0]["keep"] = {"number": 3, "unit": "years"}
    edited.write_text(json.dumps(rules))
    seen = json.loads(line.run("retention", "preview", *access, "--json").out)
    assert (len(seen["due"]), seen["signed"], seen["needs_count"], seen["clock_doubt"]) == (2, False, True, None)
    assert line.run("retention", "apply", seen["digest"], "--count", 2, *access).code == 1
    signed = json.loads(line.run("retention", "sign", "--rules", edited, *access, "--json").out)
    assert signed["signed"]
    stale = line.run("retention", "apply", seen["digest"], "--count", 2, *access)
    assert (stale.code, "changed since" in stale.err) == (1, True)
    shown = line.run("retention", "preview", *access)
    digest = shown.out.split("retention apply ")[1].split()[0]
    assert "3 years after the last message" in shown.out
    flood = line.run("retention", "apply", digest, *access)
    assert (flood.code, "--count" in flood.err) == (1, True)
    saved = tmp_path / "certificate.json"
    done = line.run("retention", "apply", digest, "--count", 2, "--certificate", saved, *access, "--json")
    assert (done.code, json.loads(done.out)["erased"]) == (0, 2)
    assert line.run("erase", "--check", saved).code == 0
    after = line.run("retention", "preview", *access)
    assert "0 of 1 conversations are due" in after.out
    assert json.loads(line.run("vault", "verify", *access, "--json").out)["sound"]


def test_rules_that_are_not_right_are_refused_with_their_place(
    line: CommandLine, access: tuple[object, ...], tmp_path: Path
) -> None:
    wrong = tmp_path / "rules.json"
    wrong.write_text('{"format": 1}')
    ended = line.run("retention", "sign", "--rules", wrong, *access)
    assert (ended.code, "not right at top" in ended.err) == (3, True)
    assert line.run("retention", "apply", "0" * 16, "--today", "soon", *access).code == 2


@pytest.mark.usefixtures("taken")
def test_a_conversation_is_put_into_a_class(line: CommandLine, access: tuple[object, ...]) -> None:
    found = json.loads(line.run("conversations", "search", "new", *access, "--json").out)
    cid = found[0]["conversation"]
    ended = line.run("retention", "class", cid, "enquiry", *access)
    assert (ended.code, "12 months after the last message" in ended.out) == (0, True)
    assert json.loads(line.run("retention", "class", cid, "-", *access, "--json").out)["class"] == "record"
    assert line.run("retention", "class", cid, "bakery", *access).code == 1
