"""The anonymiser as it is shipped: the real pipeline, the real child, the real command."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.anonymise.replacing.profiles import Profile
from app.services.anonymising.anonymiser import Anonymiser, pipeline_folder
from app.services.ports import AnonymisingJob

REPOSITORY = Path(__file__).resolve().parents[2]
SHIPPED = pipeline_folder(REPOSITORY / "models")
SECRET = b"a secret of tests"
MAX_CHILD_BYTES = 300 * 1000 * 1000
MAX_SHIPPED_BYTES = 40 * 1000 * 1000

CHATS = (
    ("hi this is jorge alvarez, my number is 860-555-0123", ("jorge", "alvarez", "860-555-0123")),
    ("Can Dr. Whitfield see my daughter Rosa on 14 March 2026?", ("Whitfield", "Rosa", "14 March")),
    ("please mail it to mei.lin@example.org or 12 High Street, Springfield", ("mei.lin", "High Street")),
    ("my ssn is 219-09-9999 and the card 4111 1111 1111 1111", ("219-09-9999", "4111 1111")),
    ("i spoke with Priya Raman from Larch Hill Legal about case 24-cv-00318", ("Priya", "Raman", "24-cv-00318")),
)


def test_the_shipped_pipeline_proves_itself_and_is_small() -> None:
    manifest = json.loads((SHIPPED / "manifest.json").read_bytes())
    shipped = {str(file.relative_to(SHIPPED)) for file in SHIPPED.rglob("*") if file.is_file()}
    assert shipped == {*manifest["files"], "manifest.json", "MODEL_CARD.md"}
    assert sum((SHIPPED / name).stat().st_size for name in shipped) < MAX_SHIPPED_BYTES


@pytest.mark.parametrize("profile", list(Profile))
def test_nobody_can_be_recognised_in_what_would_leave(profile: Profile) -> None:
    with Anonymiser(SHIPPED) as anonymiser:
        texts = tuple(text for text, _ in CHATS)
        thread = anonymiser.anonymise(AnonymisingJob(texts, profile, SECRET, 2026))
        for anonymised, (_, said) in zip(thread.texts, CHATS, strict=True):
            assert [word for word in said if word in anonymised.text] == []
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{anonymiser.pid}/status").read_text(encoding="ascii"))
        assert peak is not None
        assert int(peak[1]) * 1024 < MAX_CHILD_BYTES


def test_the_command_anonymises_a_file(tmp_path: Path) -> None:
    lines = [json.dumps({"id": f"chat-{place}", "text": text}) for place, (text, _) in enumerate(CHATS)]
    (tmp_path / "in.jsonl").write_text("\n".join([*lines, "{broken"]) + "\n")
    ended = subprocess.run(
        [sys.executable, "-m", "app", "anonymise", "--in", "in.jsonl", "--out", "out.jsonl"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(REPOSITORY)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (3, "vestibule: Line 6 was not anonymised (not_json).\n")
    out = (tmp_path / "out.jsonl").read_text()
    for line, (text, said) in zip(map(json.loads, out.splitlines()), CHATS, strict=True):
        assert [word for word in said if word in line["text"]] == []
        for span in line["spans"]:
            assert 0 <= span["start"] < span["end"] <= len(text)
            assert set(span) == {"start", "end", "label", "replacement", "score", "why"}


def test_a_command_that_is_told_to_end_leaves_no_half_a_file(tmp_path: Path) -> None:
    line = json.dumps({"id": "chat", "text": CHATS[1][0]}) + "\n"
    (tmp_path / "in.jsonl").write_text(line * 200_000)
    running = subprocess.Popen(
        [sys.executable, "-m", "app", "anonymise", "--in", "in.jsonl", "--out", "out.jsonl"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    while not any(file.stat().st_size for file in tmp_path.glob(".anonymise-*")):
        assert running.poll() is None
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    assert running.wait(20) == 128 + signal.SIGTERM
    assert [file.name for file in tmp_path.iterdir()] == ["in.jsonl"]
