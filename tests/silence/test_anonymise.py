"""Anonymising is silent: no socket in any process of it, no HTTP client in its child, no word of a text beside it.

The texts ask for the network in every way that texts can. The recorder watches the command and the child it locks in.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.isolation.confine import interpreter_folders
from app.language.texts.library import libraries, locate
from tests.silence.recorder import need_strace, record
from tests.support.tiny_pipeline import write_tiny_pipeline

REPOSITORY = Path(__file__).resolve().parents[2]
CANARIES = ("Zephyrina", "kumquatosis")
ELSEWHERE = "http://203.0.113.7/x"
"""An address that is reserved for documentation."""
CLIENTS = (
    "requests",
    "urllib3",
    "httpx",
    "httpcore",
    "certifi",
    "weasel",
    "smart_open",
    "cloudpathlib",
    "typer",
    "http.client",
)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pipeline(tmp_path_factory.mktemp("pipeline") / "en")


def command(tmp_path: Path, pipeline: Path) -> list[str]:
    words = " ".join(CANARIES)
    texts = [f"{words} {ELSEWHERE}", f"<img src='{ELSEWHERE}'>", f"\\\\203.0.113.7\\share {words}", "jo@203.0.113.7"]
    records = [json.dumps({"id": number, "text": text}) for number, text in enumerate(texts)]
    (tmp_path / "in.jsonl").write_text("\n".join(records))
    files = ["--in", str(tmp_path / "in.jsonl"), "--out", str(tmp_path / "out.jsonl"), "--force"]
    return [sys.executable, "-m", "app", "anonymise", *files, "--pipeline", str(pipeline)]


def test_anonymising_opens_no_socket(tmp_path: Path, pipeline: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    assert record(command(tmp_path, pipeline), tmp_path, environment, 120) == []
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 4


def test_the_child_opens_nothing_but_code_and_the_pipeline(tmp_path: Path, pipeline: Path) -> None:
    trace = tmp_path / "opened.trace"
    watched = [need_strace(), "-f", "-qq", "-e", "trace=open,openat,creat", "-o", str(trace)]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    subprocess.run(
        [*watched, *command(tmp_path, pipeline)], env=environment, check=True, capture_output=True, timeout=120
    )
    lines = [line.split(maxsplit=1) for line in trace.read_text(errors="replace").splitlines()]
    confined = next(pid for pid, call in lines if f'"{pipeline}/config.cfg"' in call and " = -1" not in call)
    calls = [call for pid, call in lines if pid == confined and '"' in call and " = -1" not in call]
    first = next(number for number, call in enumerate(calls) if "/app/language/texts/" in call)
    opened = {call.split('"')[1] for call in calls[first:]}
    packages = (place for _, place in locate())
    allowed = (*interpreter_folders(), *libraries(), *packages, str(pipeline), "/etc/ld.so.cache")
    strange = [path for path in opened if not os.path.realpath(path).startswith(tuple(map(os.path.realpath, allowed)))]
    assert strange == []


def test_the_child_holds_no_client_of_the_network(pipeline: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from app.language.texts import worker; "
        "from app.language.texts.library import load_pipeline; load_pipeline(Path(sys.argv[1])); "
        f"print([name for name in {CLIENTS!r} if name in sys.modules], 'spacy' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(pipeline)], env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout.strip() == "[] True"


def test_the_packages_of_the_child_are_the_ones_it_loads(pipeline: Path) -> None:
    granted = {name for name, _ in locate()}
    assert "spacy" in granted
    assert not granted & set(CLIENTS)


@pytest.mark.parametrize(
    "module",
    [
        "app.services.anonymising.anonymiser",
        "app.services.anonymising.lines",
        "app.cli.main",
        "app.ui.shell.application",
    ],
)
def test_the_console_never_loads_spacy(module: str) -> None:
    script = f"import sys, {module}; print([name for name in ('spacy', 'thinc', 'numpy') if name in sys.modules])"
    ended = subprocess.run(
        [sys.executable, "-c", script], env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    loaded = ended.stdout.strip()
    assert "spacy" not in loaded
    assert "thinc" not in loaded


def test_no_word_of_a_text_is_left_behind(tmp_path: Path, pipeline: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    places = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("DATA", "CONFIG", "CACHE", "STATE")}
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(home), "HOME": str(home), **places}
    run = command(tmp_path, pipeline)
    with (tmp_path / "in.jsonl").open("a") as lines:
        lines.write(f'\n{{"id": 9, "text": "{CANARIES[0]}\n{{"id": "{CANARIES[1]}"}}\n["{CANARIES[0]}"]')
    ended = subprocess.run(run, env=environment, capture_output=True, check=False)
    assert ended.returncode == 3
    spoken = ended.stdout + ended.stderr + b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    for canary in CANARIES:
        assert canary.encode() not in spoken
